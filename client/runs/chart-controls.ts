/** The choices of charts that are made most, wherever charts are shown: y axis, smoothing, and how much of x. */
import { css, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Run } from '../../shared/run.js';
import { type Range, WALL_TIME } from '../charts/chart-settings.js';
import { formatClock } from '../charts/clock-ticks.js';
import { stepWord } from '../charts/drawn-line.js';
import type { CvReading } from '../charts/metric.js';
import type { ChartChoices } from '../charts/chart-choices.js';
import type { Observatory } from './observatory.js';
import type { ShownRuns } from './shown-runs.js';
import { icon } from '../ui/icon.js';

const Y_SCALES = [
  { y: 'auto', title: 'as it suits each series' },
  { y: 'linear', title: 'linear, all' },
  { y: 'log', title: 'logarithmic, all' },
] as const;

const CV_READINGS: readonly { cv: CvReading; title: string }[] = [
  { cv: 'value', title: 'as measured' },
  { cv: 'departure', title: 'as departures from chance, in its standard deviations' },
];

/** Beside the segments of the views of one epoch and the styles of forms. */
export const chartControlStyles = css`
  label {
    display: inline-flex;
    gap: 7px;
    align-items: center;
    color: var(--muted);
  }
  .segments button {
    padding: 0 9px;
  }
  .smooth input {
    width: 76px;
    height: var(--target);
  }
  output {
    min-width: 2.2em;
    color: var(--text);
  }
  .whole[aria-pressed='true'] {
    font-weight: 650;
    background: var(--row-highlighted);
  }
`;

/** One of a few, side by side. @param title what a choice means, for who rests on it */
function segments<Choice extends string>(
  label: string,
  choices: readonly { choice: Choice; title: string }[],
  chosen: { value: Choice; set: (choice: Choice) => void },
): unknown {
  return html`<div class="segments" role="group" aria-label=${label}>
    ${choices.map(
      ({ choice, title }) =>
        html`<button
          title=${title}
          aria-pressed=${choice === chosen.value ? 'true' : 'false'}
          @click=${() => chosen.set(choice)}
        >
          ${choice}
        </button>`,
    )}
  </div>`;
}

/** How CVs are read, in every view alike. */
export function cvReading({ cv }: ChartChoices): unknown {
  return segments(
    'CVs',
    CV_READINGS.map((each) => ({ choice: each.cv, title: `CVs ${each.title}` })),
    cv,
  );
}

/** What departures cannot be told of, and why; '' where there is none of that, or CVs are read as they are. */
export function withoutNullsWords(observatory: Observatory, runs: readonly Run[]): string {
  if (observatory.charts.cv.value !== 'departure') return '';
  const without = observatory.withoutNulls(runs);
  if (without === 0) return '';
  return `${without} ${without === 1 ? 'run was' : 'runs were'} measured before nulls were told`;
}

export function yScale({ y }: ChartChoices): unknown {
  return segments(
    'y axis',
    Y_SCALES.map((each) => ({ choice: each.y, title: `y axis: ${each.title}` })),
    y,
  );
}

export function smoothing({ smoothing }: ChartChoices): unknown {
  const words = smoothing.value === 0 ? '' : smoothing.value.toFixed(2);
  return html`<label class="smooth" title="smoothing; the values as measured stay in sight behind it"
    >smooth
    <input
      type="range"
      min="0"
      max="0.99"
      step="0.01"
      aria-label="smoothing"
      aria-valuetext=${words === '' ? 'none' : words}
      .value=${live(String(smoothing.value))}
      @input=${(event: Event) => smoothing.set(Number((event.target as HTMLInputElement).value))}
    />
    <output>${words === '' ? 'off' : words}</output></label
  >`;
}

/** Ways back from a zoom; and from what is trained to all that will be. @param name the one chart that is meant */
export function xExtent(charts: ChartChoices, shownRuns: ShownRuns, name?: string): unknown {
  const { x, range, shared } = charts.settings.value;
  const own = charts.independentZoom.all.value;
  const ownRange = name === undefined ? null : charts.independentZoom.of(name);
  const zoomedOut = (words: string, press: () => void): unknown =>
    html`<button title="show all of x again" @click=${press}>${icon('zoomOut')}${words}</button>`;
  if (shared && range !== null) return zoomedOut(rangeWords(x, range), () => charts.range.set(null));
  if (!shared && name !== undefined && ownRange !== null)
    return zoomedOut(rangeWords(x, ownRange), () => charts.independentZoom.set(name, null));
  return html`${!shared && name === undefined && own.size > 0 ? zoomedOut(`${own.size} zoomed`, () => charts.independentZoom.clear()) : nothing}
  ${wholeExtent(
    charts,
    shownRuns.shown.value.map(({ run }) => run),
    x,
  )}`;
}

/** Offered while there are epochs to come. */
export function wholeExtent(
  { whole }: ChartChoices,
  runs: readonly Pick<Run, 'step' | 'total' | 'stepName'>[],
  x = 'epoch',
): unknown {
  const epochs = Math.max(0, ...runs.map(({ total }) => total ?? Infinity));
  const isLater = runs.length > 0 && runs.every(({ step }) => step < epochs);
  if (x !== 'epoch' || epochs === Infinity || !(isLater || whole.value)) return nothing;
  const steps = `${stepWord(runs)}s`;
  return html`<button
    class="plain whole"
    title=${whole.value ? `the axis has room for all ${steps}; press to fit it to those there are` : `the axis fits the ${steps} there are; press for room for all`}
    aria-pressed=${whole.value ? 'true' : 'false'}
    @click=${() => whole.set(!whole.value)}
  >
    all ${epochs} ${steps}
  </button>`;
}

function rangeWords(x: string, [from, to]: Range): string {
  if (x === WALL_TIME) return `${formatClock(from)} – ${formatClock(to)}`;
  const short = (value: number): string => String(Number(value.toPrecision(3)));
  return `${short(from)} – ${short(to)}${x === 'seconds' ? ' s' : ''}`;
}
