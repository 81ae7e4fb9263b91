/** One run's frames as columns: what charts and table read their numbers from. */
import { type Dtype, type FrameValues, makeValues } from '../../shared/frames.js';

/** Frames are stored in pages of so many, so that a run with thousands of series grows without copying what it has. */
const PAGE_ROWS = 64;

/** Consecutive frames: their steps (rows) and values (rows, columns), row-major; NaN = no value. */
export interface FrameRows {
  steps: ArrayLike<number>;
  values: FrameValues;
  /** When each came, in ms since 1970; NaN where that was not kept. */
  times?: ArrayLike<number>;
  /** Values that were logged as NaN. */
  nan?: readonly (readonly [row: number, column: number])[];
}

/** As wide as the columns were when its last row came: columns that were added later have no value in it. */
interface Page {
  width: number;
  /** (PAGE_ROWS, width). */
  values: FrameValues;
}

export class RunColumns {
  readonly dtype: Dtype;
  #names: readonly string[] = [];
  #indexOf: ReadonlyMap<string, number> = new Map();
  readonly #pages: Page[] = [];
  readonly #steps: number[] = [];
  readonly #times: number[] = [];
  /** By column, the rows in which NaN was logged. */
  readonly #nan = new Map<number, Set<number>>();
  /** By column, the last of them. */
  readonly #lastNaN = new Map<number, number>();
  /** Whether every row's step is its number, as in runs that train here. */
  #isDense = true;
  /** Whether no step is less than the one before; else they are found by an index, which is made when it is needed. */
  #isAscending = true;
  #highestStep = -1;
  #index: StepIndex | undefined;

  constructor(names: readonly string[], dtype: Dtype = 'f32') {
    this.dtype = dtype;
    this.grow(names);
  }

  /** In the order of the wire: seconds, what is told of every step, then the series. More may come, at the end. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** How many frames are loaded: row r is seq r. */
  get rows(): number {
    return this.#steps.length;
  }

  /** Of the newest frame; −1 before the first. */
  get lastStep(): number {
    return this.#steps.at(-1) ?? -1;
  }

  /** Of all frames; −1 before the first. */
  get highestStep(): number {
    return this.#highestStep;
  }

  /** @param names all of them: those that are known, then new ones, which rows of before have no values of */
  grow(names: readonly string[]): void {
    if (names.length <= this.#names.length) return;
    this.#names = names;
    this.#indexOf = new Map(names.map((name, index) => [name, index]));
  }

  /**
   * Appends the frames from `skipRows` on. Narrower ones lack the last columns.
   * @throws RangeError when they are not whole rows, or wider than the columns that are known.
   */
  append({ steps, values, times, nan = [] }: FrameRows, skipRows = 0): void {
    const width = values.length / Math.max(1, steps.length);
    if (!Number.isInteger(width) || width > this.#names.length)
      throw new RangeError(
        `${steps.length} frames of ${this.#names.length} columns cannot hold ${values.length} numbers`,
      );
    const before = this.rows - skipRows;
    for (const [row, column] of nan) if (row >= skipRows) this.#noteNaN(column, before + row);
    for (let row = skipRows; row < steps.length; row++) {
      const page = this.#roomForRow();
      const start = (this.rows % PAGE_ROWS) * page.width;
      page.values.set(values.subarray(row * width, (row + 1) * width), start);
      page.values.fill(NaN, start + width, start + page.width);
      this.#addStep(steps[row]!);
      this.#times.push(times?.[row] ?? NaN);
    }
  }

  has(name: string): boolean {
    return this.#indexOf.has(name);
  }

  /** The step of a row that is loaded. */
  step(row: number): number {
    return this.#steps[row]!;
  }

  /** When a row came, in ms since 1970; NaN where that was not kept. */
  time(row: number): number {
    return this.#times[row] ?? NaN;
  }

  /** Whether a row was told that the series is NaN there, and not merely nothing of it. */
  isLoggedNaN(name: string, row: number): boolean {
    if (this.#nan.size === 0) return false;
    return this.#nan.get(this.#indexOf.get(name) ?? -1)?.has(row) ?? false;
  }

  /** Whether NaN is the newest that was told of a series. */
  endsInNaN(name: string): boolean {
    const row = this.#lastNaN.get(this.#indexOf.get(name) ?? -1);
    return row !== undefined && row > this.lastRow(name);
  }

  /** The newest row of this very step; −1 if there is none. */
  rowOf(step: number): number {
    if (!this.#isDense && !this.#isAscending) return this.#stepIndex.newest(step);
    const row = this.rowUpTo(step);
    return this.#steps[row] === step ? row : -1;
  }

  /** The newest row whose step is not beyond `step`; −1 if there is none. */
  rowUpTo(step: number): number {
    if (this.#isDense) return Math.max(-1, Math.min(Math.floor(step), this.rows - 1));
    if (!this.#isAscending) return this.#steps.findLastIndex((each) => each <= step);
    let [low, high] = [0, this.rows];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#steps[middle]! <= step) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The newest value of a series at a step, of which there may be several frames; NaN if it has none there. */
  at(name: string, step: number): number {
    let row = this.rowOf(step);
    while (row >= 0 && Number.isNaN(this.inRow(name, row)) && !this.isLoggedNaN(name, row)) row = this.#before(row);
    return this.inRow(name, row);
  }

  /** The value of a series in a row; NaN if it has none there. */
  inRow(name: string, row: number): number {
    const index = this.#indexOf.get(name);
    return index === undefined || !(row >= 0 && row < this.rows) ? NaN : this.#value(row, index);
  }

  /** The newest value of a series that is a number; NaN before the first. */
  last(name: string): number {
    return this.inRow(name, this.lastRow(name));
  }

  /** Where that stands; −1 before the first. */
  lastRow(name: string): number {
    const index = this.#indexOf.get(name);
    if (index === undefined) return -1;
    let row = this.rows - 1;
    while (row >= 0 && Number.isNaN(this.#value(row, index))) row--;
    return row;
  }

  get #stepIndex(): StepIndex {
    this.#index ??= new StepIndex();
    this.#index.read(this.#steps);
    return this.#index;
  }

  /** The row of the same step that came before this one; −1 if there is none. */
  #before(row: number): number {
    if (this.#isDense) return -1;
    if (!this.#isAscending) return this.#stepIndex.before(row);
    return row > 0 && this.#steps[row - 1] === this.#steps[row] ? row - 1 : -1;
  }

  #noteNaN(column: number, row: number): void {
    this.#lastNaN.set(column, row);
    const rows = this.#nan.get(column);
    if (rows === undefined) this.#nan.set(column, new Set([row]));
    else rows.add(row);
  }

  #addStep(step: number): void {
    if (step !== this.rows) this.#isDense = false;
    if (this.rows > 0 && step < this.lastStep) this.#isAscending = false;
    if (step > this.#highestStep || this.rows === 0) this.#highestStep = step;
    this.#steps.push(step);
  }

  /** The page that the next row belongs to, as wide as the columns are now. */
  #roomForRow(): Page {
    const width = this.#names.length;
    const filled = this.rows % PAGE_ROWS;
    const last = this.#pages.at(-1);
    if (filled > 0 && last!.width === width) return last!;
    const page = { width, values: makeValues(this.dtype, PAGE_ROWS * width) };
    if (filled === 0) {
      this.#pages.push(page);
      return page;
    }
    page.values.fill(NaN, 0, filled * width);
    for (let row = 0; row < filled; row++)
      page.values.set(last!.values.subarray(row * last!.width, (row + 1) * last!.width), row * width);
    this.#pages[this.#pages.length - 1] = page;
    return page;
  }

  #value(row: number, index: number): number {
    const { width, values } = this.#pages[Math.floor(row / PAGE_ROWS)]!;
    return index < width ? values[(row % PAGE_ROWS) * width + index]! : NaN;
  }
}

/** Finds the rows of a step where steps repeat and go back, as those of a program do that began again. */
class StepIndex {
  readonly #newest = new Map<number, number>();
  /** Of each row, the one before it that has the same step; −1 where there is none. */
  readonly #before: number[] = [];

  /** @param steps of all rows; those that are known are passed over */
  read(steps: readonly number[]): void {
    for (let row = this.#before.length; row < steps.length; row++) {
      const step = steps[row]!;
      this.#before.push(this.newest(step));
      this.#newest.set(step, row);
    }
  }

  /** −1 if there is none. */
  newest(step: number): number {
    return this.#newest.get(step) ?? -1;
  }

  before(row: number): number {
    return this.#before[row] ?? -1;
  }
}
