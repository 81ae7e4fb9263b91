/** One chart's data in uPlot's shape: x = epoch, one column per run, extended in place as frames arrive. */
import type { AlignedData } from 'uplot';
import { isMeasuredEpoch } from '../../shared/measurement.js';
import type { RunColumns } from '../state/run-columns.js';
import type { Metric } from './metric.js';

/** What a chart knows of a run that it draws. */
export interface ChartRun {
  id: string;
  config: { epochs: number; every: number };
}

/** null is a gap in the line; undefined (not measured at this epoch) is joined over. */
type Cell = number | null | undefined;

export class ChartData {
  readonly #metric: Metric;
  readonly #runs: readonly ChartRun[];
  readonly #epochs: number[] = [];
  readonly #cells: Cell[][];
  readonly #filled: number[];
  readonly #empty: boolean[];

  constructor(metric: Metric, runs: readonly ChartRun[]) {
    this.#metric = metric;
    this.#runs = runs;
    this.#cells = runs.map(() => []);
    this.#filled = runs.map(() => 0);
    this.#empty = runs.map(() => true);
  }

  /** Takes what the runs' columns hold beyond the last call; every column is as long as the longest. */
  update(columnsOf: (runId: string) => RunColumns | undefined): AlignedData {
    const columns = this.#runs.map((run) => columnsOf(run.id));
    const rows = Math.max(0, ...columns.map((each) => each?.rows ?? 0));
    while (this.#epochs.length < rows) this.#epochs.push(this.#epochs.length);
    for (const [index, each] of columns.entries()) {
      const cells = this.#cells[index]!;
      const held = each?.rows ?? 0;
      for (let epoch = this.#filled[index]!; epoch < held; epoch++) {
        cells[epoch] = this.#cell(index, each!, epoch);
        if (cells[epoch] != null) this.#empty[index] = false;
      }
      this.#filled[index] = held;
      while (cells.length < rows) cells.push(null);
    }
    return [this.#epochs, ...this.#cells];
  }

  /** Whether a run has nothing to draw: it waits, or has too few heads for this metric. */
  isEmpty(index: number): boolean {
    return this.#empty[index] ?? true;
  }

  #cell(index: number, columns: RunColumns, epoch: number): Cell {
    const value = columns.at(this.#metric.name, epoch);
    if (!Number.isNaN(value)) return value;
    const { banded, sparse = banded } = this.#metric;
    const expected = !sparse || isMeasuredEpoch(epoch, this.#runs[index]!.config);
    return expected ? null : undefined;
  }
}
