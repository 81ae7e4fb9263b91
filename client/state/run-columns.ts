/** One run's frames as columns: what charts and table read their numbers from. */
import { frameColumns } from '../../shared/frames.js';

/** Frames are held in pages of so many, so that a run with thousands of series grows without copying what it has. */
const PAGE_ROWS = 64;

export class RunColumns {
  /** Names in the order of the wire; [epoch, seconds, loss, accuracy, …CV series]. */
  readonly names: readonly string[];
  readonly #indexOf: ReadonlyMap<string, number>;
  /** Each (PAGE_ROWS, names.length). */
  readonly #pages: Float32Array[] = [];
  #rows = 0;

  constructor(names: readonly string[]) {
    this.names = names;
    this.#indexOf = new Map(names.map((name, index) => [name, index]));
  }

  static forHeads(heads: number): RunColumns {
    return new RunColumns(frameColumns(heads));
  }

  /** How many frames are held: row r is seq r and epoch r. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * Appends the rows of `values` (rows, names.length) from `skipRows` on.
   * @throws RangeError when `values` does not hold whole rows.
   */
  append(values: Float32Array, skipRows: number): void {
    const width = this.names.length;
    if (values.length % width !== 0)
      throw new RangeError(`frames of ${width} columns cannot hold ${values.length} numbers`);
    const rows = values.length / width;
    for (let row = skipRows; row < rows; row++) {
      const place = this.#rows % PAGE_ROWS;
      if (place === 0) this.#pages.push(new Float32Array(PAGE_ROWS * width));
      this.#pages.at(-1)!.set(values.subarray(row * width, (row + 1) * width), place * width);
      this.#rows++;
    }
  }

  has(name: string): boolean {
    return this.#indexOf.has(name);
  }

  /** The value of a series at an epoch; NaN if it has none there. */
  at(name: string, epoch: number): number {
    const index = this.#indexOf.get(name);
    return index === undefined || !(epoch >= 0 && epoch < this.#rows) ? NaN : this.#value(epoch, index);
  }

  /** The newest value of a series that is a number; NaN before the first. */
  last(name: string): number {
    return this.at(name, this.lastRow(name));
  }

  /** Where that stands; −1 before the first. */
  lastRow(name: string): number {
    const index = this.#indexOf.get(name);
    if (index === undefined) return -1;
    let row = this.#rows - 1;
    while (row >= 0 && Number.isNaN(this.#value(row, index))) row--;
    return row;
  }

  #value(row: number, index: number): number {
    return this.#pages[Math.floor(row / PAGE_ROWS)]![(row % PAGE_ROWS) * this.names.length + index]!;
  }
}
