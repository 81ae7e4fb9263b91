/** Runs that "train" by replaying what the original script computed, one epoch at a time, at a chosen pace. */
import type { FramesText } from '../../shared/protocol.js';
import type { Measurement } from '../../shared/measurement.js';
import { columnsOf, type Run, type RunAction, type RunStatus } from '../../shared/run.js';
import { ok, type Result } from '../../shared/errors.js';
import { changeOf } from '../../server/runs/run-commands.js';
import { seriesNames } from '../../shared/experiments/attention-cv/series.js';
import { framesText } from './test-frames.js';
import { golden } from './golden.js';
import { replayMeasurements } from './replay-measurements.js';

interface Trajectory {
  config: {
    dim: number;
    n_heads: number;
    head_dim: number;
    vocab: number;
    seq_len: number;
    n_classes: number;
    epochs: number;
    lr: number;
    seed: number;
    samples_per_class: number;
  };
  /** [e − 1] = loss of epoch e. */
  losses: number[];
  acc: number[];
  cv: Record<string, (number | null)[]>;
}

export class ReplayRun {
  readonly #trajectory: Trajectory;
  readonly #measurements: readonly Measurement[];
  readonly run: Run;
  #hasGrown = false;
  /** Frames held so far, seq 0 included once it has begun. */
  rows = 0;

  constructor(id: string, sweepId: string, dim: number, heads: number) {
    this.#trajectory = golden<Trajectory>(`trajectory_d${dim}_h${heads}`);
    const { config } = this.#trajectory;
    this.#measurements = replayMeasurements(dim, heads, config.epochs);
    this.run = {
      id,
      source: 'local',
      experiment: 'attention-cv',
      sweepId,
      name: `${dim} × ${heads}`,
      notes: '',
      tags: [],
      config: {
        dim,
        heads,
        headDim: config.head_dim,
        seed: config.seed,
        lr: config.lr,
        epochs: config.epochs,
        vocab: config.vocab,
        seqLen: config.seq_len,
        classes: config.n_classes,
        samplesPerClass: config.samples_per_class,
        every: 1,
        samples: 300,
        sampleSeed: 0,
      },
      status: 'queued',
      step: 0,
      total: config.epochs,
      stepName: 'epoch',
      attempt: 1,
      series: seriesNames(heads),
      engine: null,
      createdAt: new Date().toISOString(),
      seconds: 0,
    };
  }

  get columns(): string[] {
    return columnsOf(this.run);
  }

  /** The rows [from, to) in the wire's form. */
  frames(from: number, to: number): FramesText {
    const epochs = Array.from({ length: to - from }, (_, index) => from + index);
    const values = epochs.flatMap((epoch) => this.columns.map((name) => this.#value(name, epoch)));
    return framesText(
      from,
      epochs.map((epoch) => epoch * this.#stride),
      new Float32Array(values),
    );
  }

  #value(name: string, epoch: number): number {
    const { losses, acc, cv } = this.#trajectory;
    if (name === 'seconds') return epoch * this.#secondsPerEpoch();
    if (name === 'loss') return losses[epoch - 1] ?? NaN;
    return (name === 'accuracy' ? acc : cv[name])?.[epoch] ?? NaN;
  }

  /** Turns it into a run of another program, which has neither a sweep nor an end, before it has begun. */
  makeExternal(name: string, series: string[], config: object): void {
    Object.assign(this.run, { source: 'external', experiment: '', sweepId: null, total: null, stepName: 'step' });
    Object.assign(this.run, { name, series, config });
  }

  /** Turns it into one that counts ticks, of which the page knows nothing, before it has begun. */
  makeUnknown(series: string[]): void {
    Object.assign(this.run, { experiment: 'counter', total: null, stepName: 'tick', name: 'count by 0.5', series });
    this.run.config = { start: 5, rate: 0.5 };
  }

  /** Has one series more from the next frame on. */
  grow(name: string): void {
    this.run.series = [...this.run.series, name];
    this.#hasGrown = true;
  }

  /** What a frame has to say of the columns. */
  get newColumns(): { columns?: string[] } {
    return this.#hasGrown ? { columns: this.columns } : {};
  }

  /** Those of the epochs [from, to), as far as they are trained. */
  measurements(from = 0, to = this.rows): Measurement[] {
    return this.#measurements.filter(({ epoch }) => epoch >= from && epoch < to);
  }

  /** One more epoch; takes a pause or stop that was asked for at its end. Returns whether the status changed. */
  advance(): boolean {
    const { run } = this;
    const before = run.status;
    if (run.status === 'queued') {
      run.status = 'running';
      run.engine = 'wasm';
      run.startedAt ??= new Date().toISOString();
    }
    if (this.rows <= this.#total) this.rows++;
    run.step = (this.rows - 1) * this.#stride;
    run.seconds = (this.rows - 1) * this.#secondsPerEpoch();
    if (run.total !== null) run.etaSeconds = this.secondsLeft();
    if (run.status === 'pausing') run.status = 'paused';
    else if (run.status === 'stopping') run.status = 'stopped';
    else if (run.step === run.total) run.status = 'completed';
    return run.status !== before;
  }

  /** What a command makes of it, or why it is refused, as the server has it; a restart is another run's beginning. */
  command(action: RunAction, total?: number): Result<Run> {
    const change = changeOf(this.run, action, total, new Date().toISOString());
    if (!change.ok) return change;
    if (change.data !== null) {
      const { run } = change.data;
      // What the status no longer has.
      delete this.run.etaSeconds;
      delete this.run.error;
      delete this.run.endedAt;
      Object.assign(this.run, run);
    }
    return ok(this.run);
  }

  end(status: Extract<RunStatus, 'failed' | 'diverged'>, message: string): void {
    this.run.status = status;
    this.run.error = { code: status === 'failed' ? 'trainer_failed' : 'diverged', message };
  }

  /** Of training. */
  secondsLeft(): number {
    return (this.#total - this.run.step) * this.#secondsPerEpoch();
  }

  get #total(): number {
    return this.run.total ?? Infinity;
  }

  /** Steps from frame to frame: another program logs every tenth of its steps. */
  get #stride(): number {
    return this.run.source === 'local' ? 1 : 10;
  }

  #secondsPerEpoch(): number {
    return this.#trajectory.config.dim / 1500;
  }
}
