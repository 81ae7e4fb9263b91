/** Chooses the epoch that the views of one epoch show, and walks through training by itself. */
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Observatory } from './observatory.js';
import { SignalElement } from '../ui/signal-element.js';
import { commonStyles } from '../ui/common-styles.js';
import { icon } from '../ui/icon.js';
import { epochSteps, stepOf, walkPace } from './epoch-reading.js';

@customElement('epoch-scrubber')
export class EpochScrubber extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @state() private timer: ReturnType<typeof setTimeout> | undefined;

  static override readonly styles = [
    commonStyles,
    css`
      :host {
        display: flex;
        flex: 1 1 300px;
        gap: 8px;
        align-items: center;
        min-width: 0;
      }
      input {
        flex: 1;
        min-width: 60px;
        height: var(--target);
        margin: 0;
        accent-color: var(--accent);
        cursor: pointer;
      }
      output {
        min-width: 6.2em;
        color: var(--muted);
        text-align: right;
        white-space: nowrap;
      }
      b {
        color: var(--text);
        font-weight: 650;
      }
      [aria-pressed='true'] {
        font-weight: 650;
        background: var(--row-highlighted);
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  override render(): unknown {
    const { epoch } = this.observatory;
    const steps = this.#steps();
    const newest = this.#newest();
    const shown = Math.min(epoch.value ?? newest, newest);
    const walking = this.timer !== undefined;
    return html`<button
        class="square"
        aria-label=${walking ? 'stop walking through training' : 'walk through training'}
        title=${walking ? 'stop' : 'walk through training'}
        ?disabled=${newest === 0}
        @click=${() => (walking ? this.#stop() : this.#walk())}
      >
        ${icon(walking ? 'pause' : 'resume')}
      </button>
      <input
        type="range"
        aria-label="epoch"
        aria-valuetext="epoch ${shown}${epoch.value === null ? ', newest' : ''}"
        min="0"
        max=${steps.length - 1}
        .value=${live(String(stepOf(shown, steps)))}
        @input=${(event: Event) => this.#slide(Number((event.target as HTMLInputElement).value))}
      />
      <output>epoch <b>${shown}</b> of ${steps.at(-1)}</output>
      <button
        aria-pressed=${epoch.value === null ? 'true' : 'false'}
        title="the newest epoch of each run"
        @click=${() => this.#choose(null)}
      >
        newest
      </button>`;
  }

  #steps(): number[] {
    return epochSteps(this.observatory.shownRuns.shown.value.map(({ run }) => run));
  }

  /** What the furthest of the shown runs has reached. */
  #newest(): number {
    const { shownRuns, trajectories } = this.observatory;
    return Math.max(0, ...shownRuns.shown.value.map(({ run }) => trajectories.columns(run.id)?.highestStep ?? 0));
  }

  #choose(epoch: number | null): void {
    this.#stop();
    this.observatory.epoch.set(epoch);
  }

  #slide(step: number): void {
    const epoch = this.#steps()[step] ?? 0;
    this.#choose(epoch >= this.#newest() ? null : epoch);
    // Beyond what is trained the thumb goes back, also if the chosen epoch is as it was.
    this.requestUpdate();
  }

  /** From where the thumb is, or from the start if that is the end; ends at the newest epoch and stays there. */
  #walk(): void {
    const { epoch } = this.observatory;
    const steps = this.#steps();
    const { intervalMs, stride } = walkPace(
      stepOf(this.#newest(), steps) + 1,
      matchMedia('(prefers-reduced-motion: reduce)').matches,
    );
    const go = (index: number): void => {
      const at = steps[index];
      if (at === undefined || at >= this.#newest()) return this.#choose(null);
      epoch.set(at);
      this.timer = setTimeout(() => go(index + stride), intervalMs);
    };
    go(epoch.value === null || epoch.value >= this.#newest() ? 0 : stepOf(epoch.value, steps));
  }

  #stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
