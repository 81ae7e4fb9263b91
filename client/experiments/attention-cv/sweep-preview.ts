/** What a sweep would train: how many runs, which, and how long that takes by the server's word. */
import { html, nothing, type TemplateResult } from 'lit';
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import type { SweepEstimate } from '../../../shared/protocol.js';
import { formatDuration, formatShortDuration } from '../../ui/numbers.js';

/** @param configs undefined while it is not known whether the values fit; none while they do not. */
export function sweepPreview(
  configs: readonly RunConfig[] | undefined,
  estimate: SweepEstimate | undefined,
): TemplateResult {
  const count = configs?.length ?? 0;
  const words = count > 0 ? timeLine(count, estimate) : configs === undefined ? '' : 'some values do not fit yet';
  return html`<section class="preview" aria-label="preview">
    <h3>${count > 0 ? runsWord(count) : 'Preview'}</h3>
    <p class="time" aria-live="polite">${words}</p>
    <div class="configs" tabindex="0" role="group" aria-label="configs, the table">
      ${configs === undefined || count === 0 ? nothing : table(configs, estimate)}
    </div>
  </section>`;
}

export function runsWord(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}

/** `about 2 min 10 s, 2 at a time, after the 3 runs before it`. */
export function timeLine(count: number, estimate: SweepEstimate | undefined): string {
  if (estimate === undefined) return '';
  const { before, etaSeconds, workers } = estimate;
  if (etaSeconds === undefined) return 'nothing was trained yet that would tell how long it takes';
  const atATime = Math.min(count, workers);
  const order = count === 1 ? '' : atATime === 1 ? ', one after the other' : `, ${atATime} at a time`;
  const queue = before === 0 ? '' : `, the ${before === 1 ? 'run' : `${before} runs`} before it included`;
  return `done in about ${formatDuration(etaSeconds)}${order}${queue}`;
}

function table(configs: readonly RunConfig[], estimate: SweepEstimate | undefined): TemplateResult {
  const varies = (name: 'seed' | 'lr'): boolean => new Set(configs.map((config) => config[name])).size > 1;
  const [seeds, lrs] = [varies('seed'), varies('lr')];
  // Of other configs than these for a moment, while the answer is on its way.
  const each = estimate?.each?.length === configs.length ? estimate.each : undefined;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">dim × heads</th>
        <th scope="col"><abbr title="head size = dim / heads">hd</abbr></th>
        ${seeds ? html`<th scope="col">seed</th>` : nothing} ${lrs ? html`<th scope="col">lr</th>` : nothing}
        <th scope="col">${each === undefined ? 'epochs' : 'time'}</th>
      </tr>
    </thead>
    <tbody>
      ${configs.map(
        ({ dim, heads, headDim, seed, lr, epochs }, index) =>
          html`<tr>
            <th scope="row">${dim} × ${heads}</th>
            <td>${headDim}</td>
            ${seeds ? html`<td>${seed}</td>` : nothing} ${lrs ? html`<td>${lr}</td>` : nothing}
            <td>${each === undefined ? epochs : shortTime(each[index] ?? 0)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function shortTime(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : formatShortDuration(seconds);
}
