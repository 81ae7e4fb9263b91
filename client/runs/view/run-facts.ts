/** Of one run: its newest numbers, what decides them, and the files that it can be taken away in. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Run } from '../../../shared/run.js';
import { JUDGEMENT_WORDS } from '../../charts/band.js';
import { experimentOf } from '../../experiments/experiments.js';
import { headlineOf } from '../../experiments/headline.js';
import { formatAccuracy, formatCv, formatLoss, formatNumber } from '../../ui/numbers.js';
import type { Observatory } from '../observatory.js';
import { runFacts } from '../run-words.js';
import { configCard } from './run-program.js';

/** Of a run of another program so many series are told. */
const MOST_NEWEST = 8;

const FRAMES = [
  { title: 'frames CSV', call: 'frames?format=csv', file: '.csv' },
  { title: 'frames JSON', call: 'frames?format=json', file: '.json' },
];
const DOWNLOADS: Record<Run['source'], readonly { title: string; call: string; file: string }[]> = {
  local: [
    ...FRAMES,
    { title: 'measurements JSON', call: 'measurements', file: '-measurements.json' },
    { title: 'log JSON', call: 'log', file: '-log.json' },
  ],
  external: [
    ...FRAMES,
    { title: 'output JSON', call: 'output', file: '-output.json' },
    { title: 'log JSON', call: 'log', file: '-log.json' },
  ],
};

export function facts(run: Run): TemplateResult {
  if (run.source === 'external') return configCard(run);
  return html`<section class="card" aria-labelledby="parameters">
    <header><h2 id="parameters">Parameters</h2></header>
    <dl class="facts">
      ${runFacts(run).map(
        ({ name, value }) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

export function downloads({ id, source }: Run): TemplateResult {
  return html`<section class="card downloads" aria-labelledby="downloads">
    <header><h2 id="downloads">Download</h2></header>
    <p>
      ${DOWNLOADS[source].map(
        ({ title, call, file }) => html`<a href="./api/runs/${id}/${call}" download="run-${id}${file}">${title}</a>`,
      )}
    </p>
  </section>`;
}

export function newestNumbers(observatory: Observatory, run: Run): TemplateResult {
  const columns = observatory.trajectories.columns(run.id);
  if (run.source === 'external') {
    const { loss, accuracy } = headlineOf(run);
    const first = [loss, accuracy].filter((name) => run.series.includes(name));
    const names = [...new Set([...first, ...run.series])].slice(0, MOST_NEWEST);
    const newest = (name: string): string =>
      columns?.endsInNaN(name) === true ? 'NaN' : formatNumber(columns?.last(name) ?? NaN);
    return html`<dl class="newest">
      ${names.map(
        (name) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${newest(name)}</dd>
          </div>`,
      )}
    </dl>`;
  }
  const last = (name: string): number => columns?.last(name) ?? NaN;
  const { newest } = experimentOf(run).table;
  const { cv = NaN, judgement = 'out' } = observatory.newestCv(run) ?? {};
  return html`<dl class="newest">
    <div>
      <dt>loss</dt>
      <dd>${formatLoss(last('loss'))}</dd>
    </div>
    <div>
      <dt>accuracy, %</dt>
      <dd>${formatAccuracy(last('accuracy'))}</dd>
    </div>
    ${
      newest === undefined
        ? nothing
        : html`<div>
            <dt>${newest.name}</dt>
            <dd class=${judgement}>
              ${judgement === 'out' ? nothing : html`<span class="mark"></span>`}${formatCv(cv)}${
                judgement === 'undecided'
                  ? html` <small>undecided</small>`
                  : judgement === 'in'
                    ? html`<span class="visually-hidden">, ${JUDGEMENT_WORDS[judgement]}</span>`
                    : nothing
              }
            </dd>
          </div>`
    }
  </dl>`;
}
