/** What a line has to draw in the rows of its runs: values as they are, or CVs as departures from chance. */
import { departureOf } from '../data/cv-null.js';
import type { RunColumns } from '../data/run-columns.js';
import type { NullOf } from './chance.js';
import type { Metric } from './metric.js';
import { type JoinedValue, joinedIn } from './row-values.js';

type Columns = readonly (RunColumns | undefined)[];

export class LineValues {
  readonly #metric: Metric;
  readonly #runs: readonly { id: string }[];
  readonly #nullOf: NullOf;

  constructor(metric: Metric, runs: readonly { id: string }[], nullOf: NullOf) {
    this.#metric = metric;
    this.#runs = runs;
    this.#nullOf = nullOf;
  }

  /** @param rows of each run, one */
  joined(columns: Columns, rows: readonly number[]): JoinedValue {
    const { departs } = this.#metric;
    return joinedIn(columns, rows, this.#metric, (value, series, index) =>
      departs === true ? departureOf(value, this.#nullOf(this.#runs[index]!.id, series)) : value,
    );
  }

  /** Whether there are CVs there, and it is known that nothing was told of what chance gives. */
  lacksNull(columns: Columns, rows: readonly number[]): boolean {
    const { departs, name, ribbon = [name] } = this.#metric;
    if (departs !== true) return false;
    return ribbon.some((series) =>
      this.#runs.some(({ id }, index) => {
        const cv = columns[index]?.inRow(series, rows[index]!) ?? NaN;
        return !Number.isNaN(cv) && this.#nullOf(id, series) === null;
      }),
    );
  }
}
