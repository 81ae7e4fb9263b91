/** The values at the pointed place, beside the cursor's line: one tooltip for all charts. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { inBand } from '../../shared/series.js';
import type { Metric } from '../charts/metric.js';
import type { Pointing } from '../charts/pointing.js';
import { tooltipPlace } from '../charts/tooltip-place.js';
import type { Observatory } from '../state/observatory.js';
import { WatchController } from '../state/watch-controller.js';
import { formatAccuracy, formatCv, formatLoss } from '../state/wording.js';
import { commonStyles } from './common-styles.js';
import { lineSwatch } from './line-swatch.js';

@customElement('chart-tooltip')
export class ChartTooltip extends LitElement {
  @property({ attribute: false }) observatory!: Observatory;
  @property({ attribute: false }) pointing!: Pointing;

  static override readonly styles = [
    commonStyles,
    css`
      :host {
        position: fixed;
        top: 0;
        left: 0;
        z-index: 5;
        padding: 8px 11px 9px;
        font-size: 12px;
        pointer-events: none;
        background: var(--raised);
        border: 1px solid var(--border);
        border-radius: var(--radius);
        box-shadow: var(--shadow-float);
      }
      :host([hidden]) {
        display: none;
      }
      p {
        margin: 0 0 5px;
        color: var(--muted);
      }
      .row {
        display: grid;
        grid-template-columns: 18px minmax(64px, auto) auto;
        gap: 9px;
        align-items: center;
        line-height: 18px;
      }
      .more {
        color: var(--faint);
      }
      .lit {
        font-weight: 650;
      }
      .value {
        text-align: right;
      }
      .band {
        color: var(--good);
        font-weight: 650;
      }
      .band::before {
        display: inline-block;
        width: 6px;
        height: 6px;
        margin-right: 5px;
        vertical-align: 1px;
        content: '';
        background: currentColor;
        border-radius: 50%;
      }
    `,
  ];

  constructor() {
    super();
    new WatchController(this, () => [this.pointing.place, this.pointing.lit]);
  }

  override render(): unknown {
    const place = this.pointing.place.value;
    this.hidden = place === null;
    if (place === null) return nothing;
    const lines = this.observatory.shownRuns.lines.value;
    const lit = this.pointing.lit.value;
    return html`<p>epoch ${place.epoch} · ${place.metric.name}</p>
      ${place.rows.map(({ runId, value }) => {
        const line = lines.find(({ run }) => run.id === runId);
        if (line === undefined) return nothing;
        const banded = place.metric.banded && inBand(value);
        return html`<div class="row ${runId === lit ? 'lit' : ''}">
          ${lineSwatch(line.style)}<span>${line.label.main} <span class="more">${line.label.more}</span></span>
          <span class="value ${banded ? 'band' : ''}">${formatValue(place.metric, value)}</span>
        </div>`;
      })}`;
  }

  protected override updated(): void {
    const place = this.pointing.place.value;
    if (place === null) return;
    const { left, top } = tooltipPlace(
      place,
      { width: this.offsetWidth, height: this.offsetHeight },
      { width: document.documentElement.clientWidth, height: innerHeight },
    );
    this.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}

function formatValue(metric: Metric, value: number): string {
  if (metric.axis === 'percent') return `${formatAccuracy(value)}%`;
  return metric.axis === 'log' ? formatLoss(value) : formatCv(value, 4);
}
