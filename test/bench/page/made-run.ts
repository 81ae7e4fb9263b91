/** A run of any size and length whose curves are stretched from the reference runs': believable data at any pace. */
import type { FramesText } from '../../../shared/protocol.js';
import { LOCAL_COLUMNS, type Run } from '../../../shared/run.js';
import { seriesNames } from '../../../shared/experiments/attention-cv/series.js';
import { attentionConfig, type RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import { framesText } from '../../support/test-frames.js';
import { golden } from '../../support/golden.js';

interface Trajectory {
  losses: number[];
  acc: number[];
  cv: Record<string, (number | null)[]>;
}

const DIMS = [64, 128, 256];
const HEADS = [1, 2, 4, 8];

export class MadeRun {
  readonly run: Run;
  /** Frames held so far, seq 0 included. */
  rows = 0;
  readonly columns: string[];
  /** Of each column, the reference's values from epoch 0 on. */
  readonly #curves: readonly (readonly number[])[];

  constructor(id: string, sweepId: string, config: RunConfig) {
    const heads = nearest(HEADS, config.heads);
    const { losses, acc, cv } = golden<Trajectory>(`trajectory_d${nearest(DIMS, config.dim)}_h${heads}`);
    const likeness = (name: string): string => name.replace(/_h(\d+)$/, (_, head) => `_h${Number(head) % heads}`);
    // Seeds differ by a few percent.
    const factor = 1 + ((config.seed * 37) % 41) / 400;
    this.columns = [...LOCAL_COLUMNS, ...seriesNames(config.heads)];
    this.#curves = this.columns.map((name) => {
      if (name === 'loss') return [NaN, ...losses].map((loss) => loss * factor);
      if (name === 'accuracy') return acc;
      return (cv[likeness(name)] ?? []).map((value) => (value ?? NaN) * factor);
    });
    this.run = {
      ...{
        id,
        source: 'local',
        experiment: 'attention-cv',
        sweepId,
        name: `${config.dim} × ${config.heads}`,
        notes: '',
        tags: [],
        config,
        status: 'queued',
      },
      ...{
        step: 0,
        total: config.epochs,
        stepName: 'epoch',
        attempt: 1,
        series: seriesNames(config.heads),
        engine: 'wasm',
      },
      ...{ createdAt: new Date().toISOString(), seconds: 0 },
    };
  }

  get ended(): boolean {
    return this.run.status === 'completed';
  }

  /** So many epochs more, up to the last. */
  advance(epochs: number): void {
    const { run } = this;
    const total = attentionConfig(run).epochs;
    this.rows = Math.min(total + 1, this.rows + epochs);
    run.status = this.rows > total ? 'completed' : 'running';
    run.step = Math.max(0, this.rows - 1);
    run.seconds = run.step / 50;
    run.etaSeconds = (total - run.step) / 50;
  }

  /** The rows [from, to) in the wire's form. */
  frames(from: number, to: number): FramesText {
    const width = this.columns.length;
    const values = new Float32Array((to - from) * width);
    for (let row = from; row < to; row++)
      for (let column = 0; column < width; column++) values[(row - from) * width + column] = this.#at(column, row);
    const epochs = Array.from({ length: to - from }, (_, index) => from + index);
    return framesText(from, epochs, values);
  }

  #at(column: number, epoch: number): number {
    if (column === 0) return epoch / 50;
    const curve = this.#curves[column]!;
    const place = (epoch / Math.max(1, attentionConfig(this.run).epochs)) * (curve.length - 1);
    const before = curve[Math.floor(place)] ?? NaN;
    const after = curve[Math.ceil(place)] ?? NaN;
    return Number.isNaN(before) ? after : before + (after - before) * (place % 1);
  }
}

function nearest(offered: readonly number[], wanted: number): number {
  return offered.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0]!;
}
