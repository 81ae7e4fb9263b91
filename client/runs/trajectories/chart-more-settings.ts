/** The choices of the charts that are made now and then. */
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { xWords } from '../../charts/x-axis.js';
import { longestTotal } from '../run-lines.js';
import type { Observatory } from '../observatory.js';
import type { AddressField } from '../../data/page-address.js';
import { SignalElement } from '../../ui/signal-element.js';
import { formatBand } from '../../charts/band.js';
import { experiments } from '../../experiments/experiments.js';
import { commonStyles } from '../../ui/common-styles.js';
import { formStyles } from '../../ui/form-styles.js';
import '../../ui/number-range.js';

@customElement('chart-more-settings')
export class ChartMoreSettings extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @property({ type: Boolean }) seedReplicates = false;

  static override readonly styles = [
    commonStyles,
    formStyles,
    css`
      h3 {
        margin: 14px 0 6px;
        color: var(--muted);
        font-size: 12px;
        font-weight: 400;
      }
      h3:first-child {
        margin-top: 0;
      }
      label {
        display: grid;
        grid-template-columns: 16px 1fr;
        gap: 0 9px;
        align-items: center;
        min-height: var(--target);
        margin-top: 6px;
      }
      label input {
        width: 16px;
        height: 16px;
      }
      label small {
        grid-column: 2;
        color: var(--faint);
        font-size: 11px;
      }
      label.off {
        color: var(--faint);
      }
      footer {
        margin-top: 12px;
      }
    `,
  ];

  override render(): unknown {
    const { charts, band, standardBand, shownRuns } = this.observatory;
    const { x, range, shared } = charts.settings.value;
    const epochs = longestTotal(shownRuns.shown.value.map(({ run }) => run));
    const ribbonOf = experiments().find((each) => each.ribbonOf !== undefined)?.ribbonOf;
    return html`<h3>x axis, ${xWords(x)}</h3>
      ${
        shared
          ? html`<number-range
              label="x"
              .low=${range?.[0]}
              .high=${range?.[1]}
              lowHint=${x === 'epoch' ? '0' : ''}
              highHint=${x === 'epoch' && Number.isFinite(epochs) ? epochs : ''}
              @range-chosen=${(event: CustomEvent<readonly [number, number] | null>) => charts.range.set(event.detail)}
            ></number-range>`
          : nothing
      }
      ${this.#check(charts.independent, 'each chart its own range', 'else dragging over one zooms all')}
      ${this.#check(charts.xLog, 'logarithmic x')}
      <h3>y axis</h3>
      ${this.#check(charts.clip, 'leave outliers out', 'far beyond 5 – 95 % of the values; marked at the edge')}
      <h3>band and chance</h3>
      <number-range
        label="band"
        .low=${band.value.low}
        .high=${band.value.high}
        lowHint=${standardBand.low}
        highHint=${standardBand.high}
        .least=${0}
        @range-chosen=${(event: CustomEvent<readonly [number, number] | null>) => {
          const [low, high] = event.detail ?? [standardBand.low, standardBand.high];
          band.set({ low, high });
        }}
      >
        <button
          ?disabled=${band.value.low === standardBand.low && band.value.high === standardBand.high}
          @click=${() => band.set(standardBand)}
        >
          ${formatBand(standardBand)}
        </button>
      </number-range>
      ${this.#check(charts.chance, 'what chance gives', 'the Gaussian null and ± one standard deviation; of departures 0 and ± 2')}
      <h3>together</h3>
      ${ribbonOf === undefined ? nothing : this.#check(charts.ribbon, `${ribbonOf} as a ribbon`, 'median, and from smallest to largest')}
      ${this.#check(
        charts.mean,
        'seeds as mean and spread',
        this.seedReplicates
          ? 'mean ± standard deviation of runs that differ in the seed alone'
          : 'no shown runs differ in the seed alone',
        !this.seedReplicates && !charts.mean.value,
      )}
      <footer><button @click=${() => charts.reset()}>as usual</button></footer>`;
  }

  #check(field: AddressField<boolean>, label: string, note = '', off = false): unknown {
    return html`<label class=${off ? 'off' : ''}
      ><input
        type="checkbox"
        ?disabled=${off}
        .checked=${live(field.value)}
        @change=${(event: Event) => field.set((event.target as HTMLInputElement).checked)}
      />${label}${note === '' ? nothing : html`<small>${note}</small>`}</label
    >`;
  }
}
