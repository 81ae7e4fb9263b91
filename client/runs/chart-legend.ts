/** Which line is whose, below a chart that stands alone: pointing lights a line, a press hides it or shows it again. */
import { css, html, nothing } from 'lit';
import { formatNull, namedNulls, sharedNulls } from '../charts/chance.js';
import { together } from '../charts/chart-data.js';
import { type ChartLine, joinedLabel } from '../charts/drawn-line.js';
import type { LineStyle } from '../charts/line-style.js';
import type { Metric } from '../charts/metric.js';
import type { Observatory } from './observatory.js';
import { fullLabel } from './run-words.js';
import { lineSwatch } from '../charts/line-swatch.js';

export const chartLegendStyles = css`
  .legend {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    gap: 2px 4px;
    max-height: min(26%, 148px);
    margin: 0;
    padding: 0;
    overflow: auto;
    list-style: none;
  }
  .legend :is(button, span) {
    display: inline-flex;
    gap: 7px;
    align-items: center;
    min-height: max(24px, var(--target));
    padding: 0 8px;
    font-size: 12px;
    font-weight: 400;
    white-space: nowrap;
    background: none;
  }
  .legend .highlighted.highlighted {
    background: var(--row-highlighted);
  }
  .legend [aria-pressed='false'] {
    color: var(--faint);
    text-decoration: line-through;
  }
  .legend [aria-pressed='false'] .swatch {
    opacity: 0.3;
  }
`;

/**
 * Of runs that are drawn together there is one entry, which hides nothing.
 * @param metric of the one chart that it belongs to
 */
export function chartLegend(observatory: Observatory, shown: readonly ChartLine[] = [], metric?: Metric): unknown {
  const { shownRuns, selection, pointing, charts } = observatory;
  const highlighted = pointing.highlighted.value;
  const light = (id: string | null) => () => (pointing.highlighted.value = id);
  if (charts.mean.value && shown.length > 0)
    return html`<ul class="legend" aria-label="lines">
      ${together(shown, true).map((runs) => {
        const { id, style } = runs[0]!;
        return html`<li>
          <span class=${id === highlighted ? 'highlighted' : ''} @pointerenter=${light(id)} @pointerleave=${light(null)}
            >${lineSwatch(style)}${joinedLabel(runs)}</span
          >
        </li>`;
      })}
      ${chance(observatory, metric, shown)}
    </ul>`;
  const hidden = new Set(selection.hidden.value);
  return html`<ul class="legend" aria-label="lines">
    ${shownRuns.lines.value.map(
      ({ run, label, style }) =>
        html`<li>
          <button
            class="plain ${run.id === highlighted ? 'highlighted' : ''}"
            aria-pressed=${hidden.has(run.id) ? 'false' : 'true'}
            title=${hidden.has(run.id) ? 'show its line' : 'hide its line'}
            @pointerenter=${light(run.id)}
            @pointerleave=${light(null)}
            @focus=${light(run.id)}
            @blur=${light(null)}
            @click=${() => selection.toggle(run.id)}
          >
            ${lineSwatch(style)}${fullLabel(label)}
          </button>
        </li>`,
    )}
    ${chance(observatory, metric, shown)}
  </ul>`;
}

/** What chance gives, as far as few lines have it in common; else the tooltip tells each line's own. */
function chance(observatory: Observatory, metric: Metric | undefined, shown: readonly ChartLine[]): unknown {
  if (metric === undefined || !observatory.charts.chance.value) return nothing;
  const nulls = sharedNulls(metric, shown, (runId, series) => observatory.nullOf(runId, series));
  return namedNulls(nulls).map(
    (each) => html`<li><span>${lineSwatch(CHANCE_STYLE)}chance ${formatNull(each)}</span></li>`,
  );
}

const CHANCE_STYLE: LineStyle = { color: 'var(--chance)', dash: [2, 3], widthPx: 1, opacity: 1 };
