/**
 * One line of a chart as points in the order of training: of one run, of a family of its series (median, min – max) or of runs
 * that differ in their seed alone (mean ± deviation). It grows with the frames of its runs.
 */
import { spreadOf, Smoother } from '../data/statistics.js';
import { isMeasuredStep } from '../../shared/experiment.js';
import type { Seam } from '../../shared/run.js';
import type { RunColumns } from '../data/run-columns.js';
import { type ChartSettings, isAscending, isCvColumn } from './chart-settings.js';
import type { LineStyle } from './line-style.js';
import type { Metric } from './metric.js';
import { Pyramid } from './pyramid.js';

/** What a chart knows of a run that it draws. */
export interface ChartLine {
  id: string;
  label: string;
  style: LineStyle;
  /** What its label begins with: dim × heads. */
  main?: string;
  /** Null: nobody knows how long it will be; nobody knows when it has values. @see MeasuredSteps */
  config: { epochs: number | null; every: number | null; full?: readonly number[] };
  /** What a step is called, where not an epoch. */
  stepName?: string;
  /** Shared by runs that differ in their seed alone, and what they are called together. */
  seedReplicates?: { key: string; label: string };
  /** Where it went on otherwise than before. */
  seams?: readonly Seam[];
}

export type ColumnsOf = (runId: string) => RunColumns | undefined;

export interface LinePoint {
  epoch: number;
  x: number;
  /** As measured: the value, or the middle of the values that are drawn together. */
  value: number;
  /** NaN while nothing is smoothed. */
  smoothed: number;
  /** How far the values that are drawn together reach; NaN for a single one. */
  low: number;
  high: number;
}

/** Values ≤ 0 that a log axis cannot show. */
export interface LeftOut {
  y: number;
  x: number;
}

/** Between the parts of a label. */
const SEPARATOR = ' · ';

export class DrawnLine {
  /** The first run's id: what is highlighted and pointed at. */
  readonly id: string;
  readonly label: string;
  /** What the label begins with, and what stands behind that. */
  readonly parts: { main: string; more: string };
  readonly style: LineStyle;
  readonly runs: readonly ChartLine[];
  /** Of the points; equal lengths. A gap has no y. */
  epochs: number[] = [];
  xs: number[] = [];
  ys = new Pyramid();
  /** Undefined while nothing is smoothed. */
  smooth: Pyramid | undefined;
  /** Undefined where every point is one value. */
  lows: Pyramid | undefined;
  highs: Pyramid | undefined;
  leftOut: LeftOut = { y: 0, x: 0 };
  /** Raised by every change: who has drawn this version need not draw again. */
  version = 0;
  /** Whether there is a point to draw: a run that waits or has too few heads has none. */
  empty = true;
  #smoother: Smoother | undefined;
  /** Rows of each run that were read, and the last step of each. */
  #rowsRead: number[];
  #reached: number[];
  #newest = -1;
  /** Whether x has only grown so far: steps may go back. */
  #isOrdered = true;
  readonly #metric: Metric;
  readonly #settings: ChartSettings;
  readonly #yLog: boolean;

  /** @param runs one, or those that are drawn together. */
  constructor(metric: Metric, runs: readonly ChartLine[], settings: ChartSettings, yLog: boolean) {
    const [first] = runs;
    this.id = first!.id;
    this.label = joinedLabel(runs);
    const main = first!.main ?? this.label;
    this.parts = { main, more: this.label.slice(main.length + SEPARATOR.length) };
    this.style = first!.style;
    this.runs = runs;
    this.#metric = metric;
    this.#settings = settings;
    this.#yLog = yLog;
    this.#rowsRead = runs.map(() => 0);
    this.#reached = runs.map(() => -1);
    this.#reset();
  }

  get ascending(): boolean {
    return this.#isOrdered && isAscending(this.#settings.x);
  }

  /** Whether it is known beforehand at which epochs it has values: then it has none between them. */
  get isScheduled(): boolean {
    return this.runs.every(({ config }) => config.every !== null);
  }

  /** What the eye follows: the smoothed values where there are some. */
  get shown(): Pyramid {
    return this.smooth ?? this.ys;
  }

  /** The last epoch that any of its runs has; −1 before the first. */
  get newest(): number {
    return this.#newest;
  }

  /** Whether its runs have all the epochs that they will have. */
  get complete(): boolean {
    return this.runs.every(({ config }, index) => config.epochs !== null && this.#reached[index]! >= config.epochs);
  }

  /** Reads what the runs' columns have beyond the last call; returns whether that is anything. */
  update(columnsOf: ColumnsOf): boolean {
    const columns = this.runs.map(({ id }) => columnsOf(id));
    const rows = columns.map((each) => each?.rows ?? 0);
    if (rows.every((count, index) => count === this.#rowsRead[index])) return false;
    this.#reached = columns.map((each) => each?.lastStep ?? -1);
    const [first] = columns;
    if (this.runs.length === 1) {
      for (let row = this.#rowsRead[0]!; row < rows[0]!; row++) this.#take(columns, [row], first!.step(row));
    } else {
      // A late run changes the means of epochs that the others are past: those lines are few, and made anew.
      this.#reset();
      for (let epoch = 0; epoch <= Math.max(...this.#reached); epoch++)
        this.#take(
          columns,
          columns.map((each) => each?.rowOf(epoch) ?? -1),
          epoch,
        );
    }
    this.#rowsRead = rows;
    this.version++;
    return true;
  }

  point(index: number): LinePoint {
    return {
      epoch: this.epochs[index]!,
      x: this.xs[index]!,
      value: this.ys.values[index]!,
      smoothed: this.smooth?.values[index] ?? NaN,
      low: this.lows?.values[index] ?? NaN,
      high: this.highs?.values[index] ?? NaN,
    };
  }

  #reset(): void {
    const { smoothing } = this.#settings;
    const together = this.runs.length > 1 || this.#metric.ribbon !== undefined;
    this.epochs = [];
    this.xs = [];
    this.ys = new Pyramid();
    this.smooth = smoothing > 0 ? new Pyramid() : undefined;
    this.#smoother = smoothing > 0 ? new Smoother(smoothing) : undefined;
    this.lows = together ? new Pyramid() : undefined;
    this.highs = together ? new Pyramid() : undefined;
    this.leftOut = { y: 0, x: 0 };
    this.empty = true;
    this.#isOrdered = true;
  }

  /** @param rows of each run, the one that is of this epoch; −1 where it has none */
  #take(columns: readonly (RunColumns | undefined)[], rows: readonly number[], epoch: number): void {
    const { x: xName, xLog } = this.#settings;
    this.#newest = Math.max(this.#newest, epoch);
    const x = xName === 'epoch' ? epoch : meanOf(valuesIn(columns, rows, xName));
    const joined = this.#joined(columns, rows);
    const known = !Number.isNaN(joined.value) && !Number.isNaN(x);
    // What was not to be measured is joined over; what is missing is a gap.
    if (!known && !this.#expected(epoch)) return;
    const tooSmallX = xLog && x <= 0;
    const tooSmallY = this.#yLog && joined.value <= 0;
    if (known && tooSmallX) this.leftOut.x++;
    if (known && tooSmallY) this.leftOut.y++;
    const drawn = known && !tooSmallX && !tooSmallY;
    const value = drawn ? joined.value : NaN;
    this.epochs.push(epoch);
    // A gap stands where the line is, so that x stays in order.
    const before = this.xs.at(-1) ?? NaN;
    const place = Number.isNaN(x) || tooSmallX ? before : x;
    if (place < before) this.#isOrdered = false;
    this.xs.push(place);
    this.ys.push(value);
    this.smooth?.push(this.#smoother!.next(value));
    this.lows?.push(drawn && !(this.#yLog && joined.low <= 0) ? joined.low : NaN);
    this.highs?.push(drawn ? joined.high : NaN);
    if (drawn) this.empty = false;
  }

  #joined(
    columns: readonly (RunColumns | undefined)[],
    rows: readonly number[],
  ): { value: number; low: number; high: number } {
    const { name, ribbon } = this.#metric;
    if (ribbon !== undefined) return middleOf(columns.flatMap((each, index) => familyIn(each, ribbon, rows[index]!)));
    const values = valuesIn(columns, rows, name);
    if (columns.length === 1) return { value: values[0]!, low: NaN, high: NaN };
    const spread = spreadOf(values.filter((value) => !Number.isNaN(value)));
    if (spread === undefined) return { value: NaN, low: NaN, high: NaN };
    const deviation = spread.deviation ?? NaN;
    return { value: spread.mean, low: spread.mean - deviation, high: spread.mean + deviation };
  }

  #expected(epoch: number): boolean {
    const { banded, sparse = banded } = this.#metric;
    const everyEpoch = !sparse && !isCvColumn(this.#settings.x);
    return this.runs.some(({ config: { every, full = [] } }) => {
      if (every === null) return false;
      return everyEpoch || isMeasuredStep(epoch, { every, full });
    });
  }
}

/** What the lines call a step: what all of them do, `step` where they differ. */
export function stepWord(lines: readonly Pick<ChartLine, 'stepName'>[]): string {
  const [word = 'epoch', ...others] = new Set(lines.map(({ stepName = 'epoch' }) => stepName));
  return others.length === 0 ? word : 'step';
}

/** @param runs one, or those that are drawn together */
export function joinedLabel(runs: readonly ChartLine[]): string {
  const [first] = runs;
  return runs.length === 1 ? first!.label : `${first!.seedReplicates?.label ?? first!.label} · ${runs.length} seeds`;
}

/** The values that one run has of a family of series. */
function familyIn(columns: RunColumns | undefined, family: readonly string[], row: number): number[] {
  if (columns === undefined) return [];
  return family.map((name) => columns.inRow(name, row)).filter((value) => !Number.isNaN(value));
}

function valuesIn(columns: readonly (RunColumns | undefined)[], rows: readonly number[], name: string): number[] {
  return columns.map((each, index) => each?.inRow(name, rows[index]!) ?? NaN);
}

function meanOf(values: readonly number[]): number {
  return spreadOf(values.filter((value) => !Number.isNaN(value)))?.mean ?? NaN;
}

/** Median, smallest and largest. */
function middleOf(values: number[]): { value: number; low: number; high: number } {
  if (values.length === 0) return { value: NaN, low: NaN, high: NaN };
  values.sort((a, b) => a - b);
  const half = values.length / 2;
  const value = values.length % 2 === 1 ? values[Math.floor(half)]! : (values[half - 1]! + values[half]!) / 2;
  return { value, low: values[0]!, high: values.at(-1)! };
}
