/** One run's frames as columns that grow by doubling: what charts and table read their numbers from. */
import { frameColumns } from '../../shared/frames.js';

const FIRST_CAPACITY = 64;

export class RunColumns {
  /** Names in the order of the wire; [epoch, seconds, loss, accuracy, …CV series]. */
  readonly names: readonly string[];
  readonly #indexOf: ReadonlyMap<string, number>;
  #columns: Float32Array[];
  #capacity = FIRST_CAPACITY;
  #rows = 0;

  constructor(names: readonly string[]) {
    this.names = names;
    this.#indexOf = new Map(names.map((name, index) => [name, index]));
    this.#columns = names.map(() => new Float32Array(FIRST_CAPACITY));
  }

  static forHeads(heads: number): RunColumns {
    return new RunColumns(frameColumns(heads));
  }

  /** How many frames are held: row r is seq r and epoch r. */
  get rows(): number {
    return this.#rows;
  }

  /** Appends the rows of `values` (rows, names.length) from `skipRows` on. */
  append(values: Float32Array, skipRows: number): void {
    const width = this.names.length;
    if (values.length % width !== 0)
      throw new RangeError(`frames of ${width} columns cannot hold ${values.length} numbers`);
    const added = values.length / width - skipRows;
    this.#reserve(this.#rows + added);
    for (const [index, column] of this.#columns.entries()) {
      for (let row = 0; row < added; row++) column[this.#rows + row] = values[(skipRows + row) * width + index]!;
    }
    this.#rows += added;
  }

  has(name: string): boolean {
    return this.#indexOf.has(name);
  }

  /** The value of a series at an epoch; NaN if it has none there. */
  at(name: string, epoch: number): number {
    const index = this.#indexOf.get(name);
    return index === undefined || epoch >= this.#rows ? NaN : this.#columns[index]![epoch]!;
  }

  /** The newest value of a series that is a number; NaN before the first. */
  last(name: string): number {
    const index = this.#indexOf.get(name);
    if (index === undefined) return NaN;
    const column = this.#columns[index]!;
    for (let row = this.#rows - 1; row >= 0; row--) if (!Number.isNaN(column[row]!)) return column[row]!;
    return NaN;
  }

  #reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    while (this.#capacity < rows) this.#capacity *= 2;
    this.#columns = this.#columns.map((column) => {
      const grown = new Float32Array(this.#capacity);
      grown.set(column);
      return grown;
    });
  }
}
