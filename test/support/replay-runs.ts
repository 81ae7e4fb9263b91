/** Runs that "train" by replaying what the original script computed, one epoch at a time, at a chosen pace. */
import { frameColumns } from '../../shared/frames.js';
import type { Measurement } from '../../shared/measurement.js';
import { effectOf, type Run, type RunAction, type RunStatus } from '../../shared/run.js';
import { seriesNames } from '../../shared/series.js';
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
  /** Frames held so far, seq 0 included once it has begun. */
  rows = 0;

  constructor(id: string, sweepId: string, dim: number, heads: number) {
    this.#trajectory = golden<Trajectory>(`trajectory_d${dim}_h${heads}`);
    const { config } = this.#trajectory;
    this.#measurements = replayMeasurements(dim, heads, config.epochs);
    this.run = {
      id,
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
      epoch: 0,
      epochs: config.epochs,
      attempt: 1,
      series: seriesNames(heads),
      engine: null,
      createdAt: new Date().toISOString(),
      seconds: 0,
    };
  }

  get columns(): string[] {
    return frameColumns(this.run.config.heads);
  }

  /** The rows [from, to) in the wire's form. */
  data(from: number, to: number): string {
    const { losses, acc, cv } = this.#trajectory;
    const rows = Array.from({ length: to - from }, (_, index) => {
      const epoch = from + index;
      const series = this.run.series.map((name) => cv[name]?.[epoch] ?? NaN);
      return [epoch, epoch * this.#secondsPerEpoch(), losses[epoch - 1] ?? NaN, acc[epoch] ?? NaN, ...series];
    });
    const values = new Float32Array(rows.flat());
    return Buffer.from(values.buffer).toString('base64');
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
    if (this.rows <= run.epochs) this.rows++;
    run.epoch = this.rows - 1;
    run.seconds = run.epoch * this.#secondsPerEpoch();
    run.etaSeconds = this.secondsLeft();
    if (run.status === 'pausing') run.status = 'paused';
    else if (run.status === 'stopping') run.status = 'stopped';
    else if (run.epoch === run.epochs) run.status = 'completed';
    return run.status !== before;
  }

  /** The command's effect, or undefined if it is refused. */
  command(action: RunAction, epochs?: number): Run | undefined {
    const effect = effectOf(action, this.run.status);
    if (effect.kind === 'refused' || effect.kind === 'new-run') return undefined;
    if (action === 'extend') {
      if (epochs === undefined || epochs <= this.run.epochs) return undefined;
      this.run.epochs = epochs;
    }
    if (effect.kind === 'to') this.run.status = effect.status;
    if (effect.kind === 'withdraw') this.run.status = 'running';
    return this.run;
  }

  end(status: Extract<RunStatus, 'failed' | 'diverged'>, message: string): void {
    this.run.status = status;
    this.run.error = { code: status === 'failed' ? 'trainer_failed' : 'diverged', message };
  }

  /** Of training. */
  secondsLeft(): number {
    return (this.run.epochs - this.run.epoch) * this.#secondsPerEpoch();
  }

  #secondsPerEpoch(): number {
    return this.run.config.dim / 1500;
  }
}
