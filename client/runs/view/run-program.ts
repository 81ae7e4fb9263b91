/** What another program tells of its run: where it trains, of which code, what came out. All of it is text, and stays so. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { plainText } from '../../../shared/plain-text.js';
import type { Run } from '../../../shared/run.js';
import { entriesOf, type Entry, written } from '../../experiments/documents.js';
import { errorLine } from '../program-words.js';
import { lifeFacts } from '../run-words.js';

/** More stand in the files alone. */
const MOST_ENTRIES = 500;

export const runProgramStyles = css`
  .documents {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr));
    gap: var(--gap);
    margin-bottom: 14px;
  }
  .documents .card {
    margin: 0;
  }
  .document {
    max-height: 280px;
    padding: 0 12px 10px;
    overflow: auto;
  }
  .document dl {
    display: grid;
    grid-template-columns: minmax(80px, max-content) minmax(0, 1fr);
    gap: 3px 14px;
    margin: 0;
  }
  .document :is(dt, dd) {
    overflow-wrap: anywhere;
  }
  .document dt {
    max-width: 220px;
  }
  .document p,
  .documents .more {
    margin: 6px 0 0;
    color: var(--muted);
  }
  .command,
  .trace {
    margin: 0 0 8px;
    padding: 6px 8px;
    overflow: auto;
    font:
      12px/1.5 ui-monospace,
      'SFMono-Regular',
      Menlo,
      Consolas,
      monospace;
    background: var(--sunken);
    border-radius: 6px;
  }
  .command {
    max-height: 96px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .trace {
    max-height: 240px;
    margin: 8px 0 0;
    white-space: pre;
    background: none;
    border-top: 1px solid var(--border);
    border-radius: 0;
  }
`;

/** Its config, of any shape. */
export function configCard({ config, total, stepName }: Run): TemplateResult {
  const all = entriesOf({ ...(total !== null && { [`${stepName}s`]: total }), ...config });
  return card('config', 'Config', all.length === 0 ? html`<p>it has told none</p>` : entries(all));
}

/** Where it trains and since when, and what came out. */
export function programCards(run: Run): TemplateResult {
  const { host = {}, git = {}, command, project, group, summary } = run;
  const about = [
    ...lifeFacts(run),
    ...entriesOf({
      ...(project !== undefined && { project }),
      ...(group !== undefined && { group }),
      ...(Object.keys(host).length > 0 && { host }),
      ...(Object.keys(git).length > 0 && { git }),
    }),
  ];
  const results = entriesOf(summary ?? {});
  const told =
    command === undefined
      ? nothing
      : html`<pre class="command" tabindex="0" role="region" aria-label="command">${plainText(command, true)}</pre>`;
  return html`<div class="documents">
    ${card('program', 'Program', html`${told}${entries(about)}`)}
    ${results.length === 0 ? nothing : card('summary', 'Summary', entries(results))}
  </div>`;
}

function card(id: string, title: string, content: TemplateResult): TemplateResult {
  return html`<section class="card" aria-labelledby=${id}>
    <header><h2 id=${id}>${title}</h2></header>
    <div class="document" tabindex="0" role="region" aria-label=${title.toLowerCase()}>${content}</div>
  </section>`;
}

function entries(all: readonly Entry[]): TemplateResult {
  return html`<dl>
      ${all.slice(0, MOST_ENTRIES).map(
        ({ name, value }) =>
          html`<dt>${name}</dt>
            <dd>${written(value)}</dd>`,
      )}
    </dl>
    ${all.length > MOST_ENTRIES ? html`<p>and ${all.length - MOST_ENTRIES} more</p>` : nothing}`;
}

/** Why a run has ended: a sentence, or a traceback below its last line. */
export function errorNotice({ status, error }: Run): unknown {
  if (error === undefined) return nothing;
  const message = plainText(error.message, true).trimEnd();
  const hasLines = message.includes('\n');
  return html`<div class="reason" role="alert">
    <b>${status}:</b> ${hasLines ? errorLine(message) : message}
    ${hasLines ? html`<pre class="trace" tabindex="0" role="region" aria-label="traceback">${message}</pre>` : nothing}
  </div>`;
}
