/** Every metric over the epochs, all shown runs overlaid, in groups that can be folded. */
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { BAND } from '../../shared/series.js';
import { type MetricGroup, metricGroups } from '../charts/metric.js';
import type { ChartLine } from '../charts/metric-chart.js';
import type { Observatory } from '../state/observatory.js';
import { WatchController } from '../state/watch-controller.js';
import './chart-group.js';

@customElement('trajectories-view')
export class TrajectoriesView extends LitElement {
  @property({ attribute: false }) observatory!: Observatory;
  #lines: readonly ChartLine[] = [];
  #linesKey = '';
  #groups: readonly MetricGroup[] = [];
  #groupsKey = '';

  static override readonly styles = css`
    :host {
      position: relative;
      display: block;
    }
    .measured {
      position: absolute;
      top: 1px;
      right: 2px;
      margin: 0;
      color: var(--faint);
      font-size: 12px;
    }
    @media (max-width: 760px) {
      .measured {
        position: static;
        margin: 0 2px 10px;
      }
    }
  `;

  constructor() {
    super();
    new WatchController(this, () => [this.observatory.shownRuns.shown, this.observatory.themes.theme]);
  }

  override render(): unknown {
    const { shownRuns, themes, trajectories, pointing } = this.observatory;
    const theme = themes.theme.value;
    const all = shownRuns.lines.value;
    const shown = shownRuns.shown.value;
    const epochs = Math.max(1, ...shown.map(({ run }) => run.epochs));
    // Runs change many times a second; their lines do not, and a new array would rebuild every chart.
    const key = JSON.stringify([
      theme,
      shown.map(({ run, label, style }) => [run.id, run.epochs, run.config.every, label, style]),
    ]);
    if (key !== this.#linesKey) {
      this.#linesKey = key;
      this.#lines = shown.map(({ run, label, style }) => ({
        id: run.id,
        label: [label.main, label.more].filter((part) => part !== '').join(' · '),
        style,
        config: { epochs: run.epochs, every: run.config.every },
      }));
    }
    const { vocab = 0, classes = 0 } = all[0]?.run.config ?? {};
    const maxHeads = Math.max(1, ...all.map(({ run }) => run.config.heads));
    const groupsKey = [maxHeads, vocab, classes].join();
    if (groupsKey !== this.#groupsKey) {
      this.#groupsKey = groupsKey;
      this.#groups = metricGroups(maxHeads, { vocab, classes });
    }
    return html`<p class="measured">fixed sample · band ${BAND.low.toFixed(2)} – ${BAND.high.toFixed(2)}</p>
      ${repeat(
        this.#groups,
        ({ id }) => id,
        (group) =>
          html`<chart-group
            .group=${group}
            .lines=${this.#lines}
            .epochs=${epochs}
            .theme=${theme}
            .trajectories=${trajectories}
            .pointing=${pointing}
          ></chart-group>`,
      )}`;
  }
}
