/** Chooses the epoch that the views of one epoch show, and walks through training by itself. */
import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Observatory } from './observatory.js';
import { WatchController } from '../ui/watch-controller.js';
import { commonStyles } from '../ui/common-styles.js';
import { icon } from '../ui/icon.js';
import type { Run } from '../../shared/run.js';
import { experimentOf } from '../experiments/experiments.js';

@customElement('epoch-scrubber')
export class EpochScrubber extends LitElement {
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

  constructor() {
    super();
    new WatchController(this, () => [
      this.observatory.epoch,
      this.observatory.shownRuns.shown,
      this.observatory.trajectories,
    ]);
  }

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
    return Math.max(0, ...shownRuns.shown.value.map(({ run }) => trajectories.columns(run.id)?.lastStep ?? 0));
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

/** Epochs at which CVs of any of these runs are measured, up to the longest run's last. */
export function epochSteps(runs: readonly Run[]): number[] {
  const steps = new Set<number>(runs.length === 0 ? [] : [0]);
  const done = new Set<string>();
  for (const run of runs) {
    const epochs = run.total;
    const measured = experimentOf(run).measured(run);
    // When another program measures is not known beforehand.
    if (measured === null || epochs === null) continue;
    const { every, full } = measured;
    const key = `${epochs} ${every}`;
    if (done.has(key)) continue;
    done.add(key);
    for (let epoch = 0; epoch <= epochs; epoch += every) steps.add(epoch);
    for (const epoch of full) steps.add(epoch);
  }
  return [...steps].sort((a, b) => a - b);
}

/** The index of the last step up to `epoch`. */
export function stepOf(epoch: number, steps: readonly number[]): number {
  const after = steps.findIndex((step) => step > epoch);
  return Math.max(0, (after === -1 ? steps.length : after) - 1);
}

export interface Pace {
  /** Between two steps. */
  intervalMs: number;
  /** How many of the scrubber's steps one step of the walk takes. */
  stride: number;
}

const WALK_MS = 8000;
const SLOWEST_MS = 400;
const FASTEST_MS = 80;
/** Where less motion is asked for: few pictures, each long enough to be read. */
const STILLS = 6;
const STILL_MS = 1500;

/** A walk takes eight seconds, less if there is little to see; long trainings are walked through in longer strides. */
export function walkPace(steps: number, reducedMotion: boolean): Pace {
  if (reducedMotion) return { intervalMs: STILL_MS, stride: Math.max(1, Math.ceil((steps - 1) / (STILLS - 1))) };
  const stride = Math.max(1, Math.ceil((steps * FASTEST_MS) / WALK_MS));
  return { intervalMs: Math.min(SLOWEST_MS, WALK_MS / Math.max(1, Math.ceil(steps / stride))), stride };
}
