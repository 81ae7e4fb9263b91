/** The log of a run as it is read: newest last, or why it cannot be. */
import { css, html, nothing, type TemplateResult } from 'lit';
import type { Run } from '../../shared/run.js';
import { logLines } from './log-words.js';
import { formatTime } from '../ui/numbers.js';
import type { RunLogState } from '../data/run-log.js';

export const logListStyles = css`
  ol {
    display: grid;
    grid-template-columns: auto 8px minmax(0, 1fr);
    column-gap: 10px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    grid-template-columns: subgrid;
    grid-column: 1 / -1;
    align-items: baseline;
    padding: 5px 0;
    border-bottom: 1px solid var(--hairline);
  }
  li:last-child {
    border-bottom: 0;
  }
  time {
    color: var(--faint);
    text-align: right;
    white-space: nowrap;
  }
  .dot {
    width: 7px;
    height: 7px;
    background: var(--tone, var(--border-strong));
    border-radius: 50%;
  }
  .good {
    --tone: var(--bar-good);
  }
  .waiting {
    --tone: var(--bar-warn);
  }
  .bad {
    --tone: var(--bad);
  }
  .bad b {
    color: var(--bad);
  }
  b {
    font-weight: 600;
  }
  .details {
    color: var(--muted);
    overflow-wrap: anywhere;
  }
  .quiet {
    margin: 8px 0;
    color: var(--muted);
  }
  .refusal {
    display: flex;
    gap: 12px;
    align-items: center;
    justify-content: space-between;
    margin: 8px 0;
  }
  .skeleton {
    height: 12px;
    margin: 12px 0;
    background: var(--skeleton);
    border-radius: 4px;
  }
  .skeleton:nth-child(2) {
    width: 82%;
  }
  .skeleton:nth-child(3) {
    width: 64%;
  }
  @media (max-width: 760px) {
    ol {
      grid-template-columns: 8px minmax(0, 1fr);
    }
    time {
      grid-column: 2;
      text-align: left;
      font-size: 11px;
    }
    .dot {
      grid-row: 1 / 3;
      grid-column: 1;
    }
  }
`;

/** @param reread upon the wish to try again */
export function logList(
  { runId, entries, trouble }: RunLogState,
  reread: () => void,
  source: Run['source'] = 'local',
): TemplateResult {
  return html`${runId === undefined ? nothing : list(entries, trouble, source)}
  ${
    trouble === ''
      ? nothing
      : html`<p class="refusal" role="alert"><span>${trouble}</span><button @click=${reread}>Try again</button></p>`
  }`;
}

function list(entries: RunLogState['entries'], trouble: string, source: Run['source']): unknown {
  if (entries === undefined) {
    if (trouble !== '') return nothing;
    return html`<div role="status" aria-busy="true" aria-label="loading">
      ${[1, 2, 3].map(() => html`<div class="skeleton"></div>`)}
    </div>`;
  }
  if (entries.length === 0) return html`<p class="quiet">nothing has happened to this run yet</p>`;
  return html`<ol>
    ${logLines(entries, source).map(
      ({ at, title, details, tone }) =>
        html`<li class=${tone}>
          <time datetime=${at} title=${at}>${formatTime(at)}</time><span class="dot"></span>
          <span><b>${title}</b>${details === '' ? nothing : html` <span class="details">${details}</span>`}</span>
        </li>`,
    )}
  </ol>`;
}
