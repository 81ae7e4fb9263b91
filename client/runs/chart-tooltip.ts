/** The values at the pointed place, beside the cursor's line: one tooltip for all charts. */
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { CvNull, MeasuredValue } from '../../shared/measurement.js';
import { formatNull } from '../charts/chance.js';
import { differenceOf } from '../charts/differences.js';
import { judge, JUDGEMENT_WORDS } from '../charts/band.js';
import { experimentOf } from '../experiments/experiments.js';
import { type ErrorIfKnown, meanError } from '../data/standard-error.js';
import { stepWord } from '../charts/drawn-line.js';
import { formatValue } from '../charts/metric.js';
import type { PointedPlace, PointedRow, Pointing } from '../charts/pointing.js';
import type { Observatory } from './observatory.js';
import type { RunLine } from './run-lines.js';
import { absences, LOADING, whyNoValue } from './epoch-reading.js';
import { SignalElement } from '../ui/signal-element.js';
import { formatCv } from '../ui/numbers.js';
import { fullLabel } from './run-words.js';
import { commonStyles } from '../ui/common-styles.js';
import { lineSwatch } from '../charts/line-swatch.js';

@customElement('chart-tooltip')
export class ChartTooltip extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @property({ attribute: false }) pointing!: Pointing;

  static override readonly styles = [
    commonStyles,
    css`
      /* A popover, to stand above dialogs too. */
      :host {
        position: fixed;
        inset: 0 auto auto 0;
        max-width: min(420px, calc(100vw - 16px));
        margin: 0;
        padding: 8px 11px 9px;
        overflow: visible;
        color: var(--text);
        font-size: 12px;
        pointer-events: none;
        background: var(--raised);
        border: 1px solid var(--border);
        border-radius: var(--radius);
        box-shadow: var(--shadow-float);
      }
      p {
        margin: 0 0 5px;
        color: var(--muted);
      }
      p.below {
        margin: 5px 0 0;
      }
      .row {
        display: grid;
        grid-template-columns: 18px minmax(64px, 1fr) auto;
        gap: 0 9px;
        align-items: center;
        line-height: 18px;
      }
      .more,
      .row small {
        color: var(--faint);
      }
      .row small {
        grid-column: 2 / 4;
        margin-top: -3px;
        font-size: 11px;
        text-align: right;
        font-weight: 400;
      }
      .highlighted {
        font-weight: 650;
      }
      .value {
        text-align: right;
      }
      .in {
        color: var(--good);
        font-weight: 650;
      }
      .value:is(.in, .undecided)::before {
        display: inline-block;
        width: 6px;
        height: 6px;
        margin-right: 5px;
        vertical-align: 1px;
        content: '';
        background: currentColor;
        border-radius: 50%;
      }
      .value.undecided::before {
        box-sizing: border-box;
        background: none;
        border: 1.5px solid var(--good);
      }
    `,
  ];

  /** It stands still in the window: when the page moves, its place is elsewhere. */
  readonly #scrolled = ({ target }: Event): void => {
    if (target === document) this.#leave();
  };
  /** A finger does not hover: what it touches next is what it is about. */
  readonly #touched = ({ pointerType }: PointerEvent): void => {
    if (pointerType === 'touch') this.#leave();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.popover = 'manual';
    addEventListener('scroll', this.#scrolled, { capture: true, passive: true });
    addEventListener('pointerdown', this.#touched, { capture: true, passive: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('scroll', this.#scrolled, true);
    removeEventListener('pointerdown', this.#touched, true);
  }

  #leave(): void {
    if (this.pointing.place.value !== null) this.pointing.leave();
  }

  override render(): unknown {
    const place = this.pointing.place.value;
    if (place === null) return nothing;
    return html`<p>${place.at} · ${place.metric.name}</p>
      ${place.rows.map((row) => this.#row(place, row))}
      ${place.more === 0 ? nothing : html`<p class="below">+${place.more} more, further off</p>`}
      ${place.events.map((event) => html`<p class="below">${event}</p>`)} ${this.#without(place)}`;
  }

  #row({ metric, epoch }: PointedPlace, { line, point }: PointedRow): unknown {
    const { main, more } = line.parts;
    const { departs } = metric;
    // Of the line that is pointed at alone: a tooltip of twelve runs would be twice as high.
    const isPointedAt = line.id === this.pointing.highlighted.value && line.runs.length === 1;
    const known = isPointedAt ? this.#chance(line.id, metric.name) : undefined;
    const cv = this.observatory.trajectories.columns(line.id)?.at(metric.name, point.epoch) ?? NaN;
    const full = this.#measured(line.runs.length === 1 ? line.id : undefined, metric.name, point.epoch);
    const write = (value: number): string => formatValue(metric, value);
    const judgement = metric.banded
      ? judge(point.value, this.#error(metric.name, line, point.epoch), this.observatory.band.value)
      : 'out';
    const notes = [
      ...(epoch === point.epoch ? [] : [`${stepWord(line.runs)} ${point.epoch}`]),
      ...(Number.isNaN(point.smoothed) ? [] : [`smoothed ${write(point.smoothed)}`]),
      ...(Number.isNaN(point.low) ? [] : [`${write(point.low)} – ${write(point.high)}`]),
      ...(departs === true && known !== undefined ? [`CV ${formatCv(cv, 4)}`] : []),
      ...(full?.se == null ? [] : [`± ${formatCv(full.se, 4)}`]),
      ...(known === undefined || !(metric.banded || departs === true) ? [] : [`chance ${formatNull(known)}`]),
      ...(judgement === 'undecided' ? [JUDGEMENT_WORDS.undecided] : []),
      ...(full?.valid == null ? [] : [`${full.valid} valid samples`]),
    ];
    return html`<div class="row ${line.id === this.pointing.highlighted.value ? 'highlighted' : ''}">
      ${lineSwatch(line.style)}<span>${main} <span class="more">${more}</span></span>
      <span class="value ${judgement ?? ''}">${write(point.value)}</span>
      ${notes.length === 0 ? nothing : html`<small>${notes.join(' · ')}</small>`}
    </div>`;
  }

  #chance(runId: string, series: string): CvNull | undefined {
    const { charts, shownRuns } = this.observatory;
    const isShown = shownRuns.lines.value.some(({ run }) => run.id === runId);
    if (!isShown || !(charts.chance.value || charts.cv.value === 'departure')) return undefined;
    return this.observatory.nullOf(runId, series) ?? undefined;
  }

  /** Runs without a value there, and why: where they all share one epoch. */
  #without({ metric, epoch, without }: PointedPlace): unknown {
    if (epoch === undefined) return nothing;
    const { shownRuns, trajectories, measurements, compare } = this.observatory;
    const [lines, shown] = [shownRuns.lines.value, shownRuns.shown.value];
    const difference = differenceOf(metric.name);
    const series = difference ?? metric.ribbon?.[0] ?? metric.name;
    const base = difference === undefined ? undefined : compare.compared(lines, shown)?.base;
    const why = ({ run }: RunLine): string => {
      const isMeasured = !Number.isNaN(trajectories.columns(run.id)?.at(series, epoch) ?? NaN);
      if (metric.departs === true && isMeasured)
        return measurements.of(run.id) === undefined ? LOADING : 'measured before nulls were told';
      return whyNoValue(run, trajectories.columns(run.id), () => measurements.of(run.id), series, epoch);
    };
    const runs = without.flatMap((runId) => {
      const line = lines.find(({ run }) => run.id === runId);
      if (line === undefined) return [];
      const isBase = base !== undefined && !Number.isNaN(trajectories.columns(runId)?.at(series, epoch) ?? NaN);
      return [{ label: fullLabel(line.label), reason: isBase ? `base ${why(base)}` : why(line) }];
    });
    return absences(runs).map(
      ({ reason, labels, more }) =>
        html`<p class="below">${reason}: ${labels.join(', ')}${more > 0 ? ` and ${more} more` : ''}</p>`,
    );
  }

  /** Of a line's value: of several runs, that of their mean. */
  #error(series: string, { runs }: PointedRow['line'], epoch: number): ErrorIfKnown {
    const { shownRuns } = this.observatory;
    const lines = shownRuns.lines.value.filter(({ run }) => runs.some(({ id }) => id === run.id));
    return meanError(lines.map(({ run }) => this.observatory.errorOf(run, series, epoch)));
  }

  /** What a full measurement of a run says, if there is one of that epoch. */
  #measured(runId: string | undefined, series: string, epoch: number): MeasuredValue | undefined {
    const line = this.observatory.shownRuns.lines.value.find(({ run }) => run.id === runId);
    if (line?.run.total == null || experimentOf(line.run).measured(line.run)?.full.includes(epoch) !== true)
      return undefined;
    const measurements = this.observatory.measurements.of(line.run.id);
    return measurements?.find((each) => each.sample === 'fixed' && each.epoch === epoch)?.values[series];
  }

  protected override updated(): void {
    const place = this.pointing.place.value;
    if (place === null) return this.hidePopover();
    // Shown anew it stands above a dialog that has opened since.
    if (!this.matches(':popover-open')) this.showPopover();
    const { left, top } = tooltipPlace(
      place,
      { width: this.offsetWidth, height: this.offsetHeight },
      { width: document.documentElement.clientWidth, height: innerHeight },
    );
    this.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}

/** Where the tooltip stands: beside the cursor's line, never on it, and inside the window. */
export interface Size {
  width: number;
  height: number;
}

const APART_PX = 16;
const EDGE_PX = 8;

/** @returns the tooltip's left and top in the coordinates of `pointer`, which are the window's. */
export function tooltipPlace(
  pointer: { x: number; y: number },
  tooltip: Size,
  window: Size,
): { left: number; top: number } {
  const right = pointer.x + APART_PX;
  const left = pointer.x - APART_PX - tooltip.width;
  const fitsRight = right + tooltip.width <= window.width - EDGE_PX;
  const top = Math.min(Math.max(pointer.y - tooltip.height / 2, EDGE_PX), window.height - EDGE_PX - tooltip.height);
  if (fitsRight) return { left: right, top };
  if (left >= EDGE_PX) return { left, top };
  // Too narrow for either side, as on a phone: above or below the finger instead.
  const above = pointer.y - APART_PX * 2 - tooltip.height;
  const centred = Math.min(Math.max(pointer.x - tooltip.width / 2, EDGE_PX), window.width - EDGE_PX - tooltip.width);
  return { left: centred, top: above >= EDGE_PX ? above : pointer.y + APART_PX * 2 };
}
