/** What the original script computed of the reference runs, epoch by epoch, as frames and full measurements of runs. */
import type { FrameBlock } from '../../shared/frames.js';
import { isMeasuredEpoch } from '../../shared/experiments/attention-cv/measuring.js';
import type { Measurement } from '../../shared/measurement.js';
import { LOCAL_COLUMNS } from '../../shared/run.js';
import { golden } from './golden.js';
import { replayMeasurements } from './replay-measurements.js';

interface GoldenTrajectory {
  config: { epochs: number };
  /** [e − 1] = loss of epoch e. */
  losses: number[];
  acc: number[];
  cv: Record<string, (number | null)[]>;
}

/** Which run is replayed, and how often it is measured. */
export interface ReplayedConfig {
  dim: number;
  heads: number;
  epochs: number;
  every: number;
}

/** They are parsed once in a process. */
const cache = new Map<string, Trajectory>();

export class Trajectory {
  readonly #values: GoldenTrajectory;
  readonly #dim: number;
  readonly #measurements: readonly Measurement[];

  private constructor(dim: number, heads: number) {
    this.#values = golden<GoldenTrajectory>(`trajectory_d${dim}_h${heads}`);
    this.#dim = dim;
    this.#measurements = replayMeasurements(dim, heads, this.#values.config.epochs);
  }

  static of(dim: number, heads: number): Trajectory {
    const key = `${dim} ${heads}`;
    const found = cache.get(key) ?? new Trajectory(dim, heads);
    cache.set(key, found);
    return found;
  }

  /** The frames of the epochs [from, to), with no value beyond what was computed. @param series of the run */
  frames(runId: string, series: readonly string[], from: number, to: number, config: ReplayedConfig): FrameBlock {
    const steps = Float64Array.from({ length: to - from }, (_, row) => from + row);
    const columns = [...LOCAL_COLUMNS, ...series];
    const values = [...steps].flatMap((epoch) => columns.map((column) => this.#value(column, epoch, config)));
    const times = steps.map(() => Date.now());
    return { runId, fromSeq: from, rows: steps.length, steps, times, values: new Float32Array(values) };
  }

  #value(column: string, epoch: number, config: ReplayedConfig): number {
    const { losses, acc, cv } = this.#values;
    if (column === 'seconds') return this.secondsAt(epoch);
    if (column === 'loss') return losses[epoch - 1] ?? NaN;
    if (column === 'accuracy') return acc[epoch] ?? NaN;
    return isMeasuredEpoch(epoch, config) ? (cv[column]?.[epoch] ?? NaN) : NaN;
  }

  /** Of training up to the end of an epoch; larger models take longer. */
  secondsAt(epoch: number): number {
    return (epoch * this.#dim) / 1500;
  }

  /** The full ones of the epochs [from, to). */
  measurements(from: number, to: number): Measurement[] {
    return this.#measurements.filter(({ epoch }) => epoch >= from && epoch < to);
  }
}
