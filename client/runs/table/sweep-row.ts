/** A sweep's own row above its runs: shown or not, folded or not, how far it is. */
import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { Run } from '../../../shared/run.js';
import { currentRuns } from '../../data/attempts.js';
import { isOwn } from '../../data/run-list.js';
import type { RunGroup } from './run-groups.js';
import { progressWords, sweepEnd, sweepProgress, sweepsLeft } from '../sweep-progress.js';
import { formatShortDuration } from '../../ui/numbers.js';
import { icon } from '../../ui/icon.js';
import { sweepBar } from '../progress-bar.js';
import { COLUMN_COUNT } from './run-table-head.js';

export interface SweepRowActions {
  alone: (sweepId: string) => void;
  toggle: (sweepId: string) => void;
  fold: (sweepId: string) => void;
}

/**
 * @param only whether it is the only one shown: one stays.
 * @param online whether the server is there: if not, nobody knows how long it will take.
 */
export function sweepRow(
  { sweep, shown, folded }: RunGroup,
  runs: readonly Run[],
  only: boolean,
  online: boolean,
  actions: SweepRowActions,
): TemplateResult {
  const current = currentRuns(runs);
  const left = online ? sweepsLeft([sweep]) : undefined;
  const done = current.filter(({ status }) => status === 'completed').length;
  const words = left === undefined ? `${done} of ${current.length}` : `${formatShortDuration(left)} left`;
  const created = isOwn(sweep.id) ? '' : `, ${new Date(sweep.createdAt).toLocaleString()}`;
  return html`<tr class=${classMap({ sweep: true, shown })} data-sweep=${sweep.id}>
    <th scope="rowgroup" colspan=${COLUMN_COUNT}>
      <div class="sweep-line">
        <input
          type="checkbox"
          aria-label="show ${sweep.name}"
          title=${only ? 'one sweep stays shown' : shown ? 'show it no longer' : 'show it beside the others'}
          .checked=${shown}
          ?disabled=${only}
          @change=${(event: Event) => {
            actions.toggle(sweep.id);
            // The box follows the state, also where the state did not change.
            (event.target as HTMLInputElement).checked = !shown;
          }}
        />
        <button
          class="plain sweep-name"
          title="${sweep.name}${created}: show it alone"
          @click=${() => actions.alone(sweep.id)}
        >
          <span>${sweep.name}</span>
        </button>
        <span class="sweep-bar ${sweepEnd(current) === undefined ? '' : 'completed'}" title=${progressWords(current)}
          >${sweepBar(sweepProgress(current))}</span
        >
        <span class="sweep-left">${words}</span>
        ${
          shown
            ? html`<button
                class="plain square fold"
                aria-expanded=${folded ? 'false' : 'true'}
                aria-label="runs of ${sweep.name}"
                title=${folded ? 'list its runs' : 'fold its runs'}
                @click=${() => actions.fold(sweep.id)}
              >
                ${icon('unfold')}
              </button>`
            : nothing
        }
      </div>
    </th>
  </tr>`;
}
