/**
 * One line of a chart as points in the order of training: of one run, of a family of its series (median, min – max) or of runs
 * that differ in their seed alone (mean ± deviation). It grows with the frames of its runs.
 */
import { Smoother } from '../data/statistics.js';
import { isMeasuredStep } from '../../shared/experiment.js';
import type { Seam } from '../../shared/run.js';
import type { RunColumns } from '../data/run-columns.js';
import type { NullOf } from './chance.js';
import { branchesOf, inOrder, resumesWithin } from './branches.js';
import { type ChartSettings, isAscending, isCvColumn } from './chart-settings.js';
import { type LinePoint, LinePoints, type Shape } from './line-points.js';
import type { LineStyle } from './line-style.js';
import type { Metric } from './metric.js';
import { LineValues, meanOf, NO_NUMBERS, placeOf } from './row-values.js';

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

/** Values that cannot be shown: ≤ 0 on a log axis, NaN and infinite ones that were logged, departures from an unknown null. */
export interface LeftOut {
  y: number;
  x: number;
  notFinite: number;
  nulls: number;
}

/** Where a run's program began again from an earlier state. */
export interface Resume {
  x: number;
  /** Of the first frame from there on. */
  step: number;
  /** The last step before. */
  before: number;
}

/** Between the parts of a label. */
const SEPARATOR = ' · ';

/** A point before it is smoothed, and why it is a gap if it is one. */
type ReadPoint = Omit<LinePoint, 'smoothed'> & { left: keyof LeftOut | undefined };

const NOTHING_LEFT_OUT: LeftOut = { y: 0, x: 0, notFinite: 0, nulls: 0 };

export class DrawnLine extends LinePoints {
  /** The first run's id: what is highlighted and pointed at. */
  readonly id: string;
  readonly label: string;
  /** What the label begins with, and what stands behind that. */
  readonly parts: { main: string; more: string };
  readonly style: LineStyle;
  readonly runs: readonly ChartLine[];
  /** What the run's program went back behind; the line itself leads through what counts now. */
  former: LinePoints[] = [];
  resumes: readonly Resume[] = [];
  leftOut: LeftOut = { ...NOTHING_LEFT_OUT };
  /** Raised by every change: who has drawn this version need not draw again. */
  version = 0;
  /** Raised whenever points that were there already have moved. */
  order = 0;
  #smoother: Smoother | undefined;
  /** Rows of each run that were read, and the last step of each. */
  #rowsRead: number[];
  #reached: number[];
  #newest = -1;
  #oldest = Infinity;
  #hasWholeSteps = true;
  readonly #metric: Metric;
  readonly #settings: ChartSettings;
  readonly #yLog: boolean;
  readonly #values: LineValues;
  readonly #shape: Shape;

  /** @param runs one, or those that are drawn together. */
  constructor(
    metric: Metric,
    runs: readonly ChartLine[],
    settings: ChartSettings,
    yLog: boolean,
    nullOf: NullOf = () => undefined,
  ) {
    const shape = {
      smoothed: settings.smoothing > 0,
      spread: runs.length > 1 || metric.ribbon !== undefined,
      ascends: isAscending(settings.x),
    };
    super(shape);
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
    this.#values = new LineValues(metric, runs, nullOf);
    this.#shape = shape;
    this.#rowsRead = runs.map(() => 0);
    this.#reached = runs.map(() => -1);
    this.#reset();
  }

  /** Whether it is known beforehand at which epochs it has values: then it has none between them. */
  get isScheduled(): boolean {
    return this.runs.every(({ config }) => config.every !== null);
  }

  /** The line, and before it what was gone back behind. */
  get stretches(): readonly LinePoints[] {
    return [...this.former, this];
  }

  /** The last epoch that any of its runs has; −1 before the first. */
  get newest(): number {
    return this.#newest;
  }

  /** The least step that any of its runs has; Infinity before the first. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Whether every step so far is a whole number. */
  get hasWholeSteps(): boolean {
    return this.#hasWholeSteps;
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
      this.#follow(first!, this.#rowsRead[0]!, rows[0]!);
    } else {
      // A late run changes the means of epochs that the others are past: those lines are few, and made anew.
      this.#reset();
      for (let epoch = 0; epoch <= Math.max(...this.#reached); epoch++) {
        const at = columns.map((each) => each?.rowOf(epoch) ?? -1);
        this.#take(this, this.#read(columns, at, epoch), this.#smoother);
      }
    }
    this.#rowsRead = rows;
    this.version++;
    return true;
  }

  /** What has come of its only run goes on the line, unless it belongs before what is there. */
  #follow(columns: RunColumns, from: number, rows: number): void {
    const resumes = resumesWithin(this.runs[0]!.seams ?? [], rows);
    if (resumes.length > this.resumes.length) return this.#arrange(columns, rows);
    for (let row = from; row < rows; row++)
      this.#take(this, this.#read([columns], [row], columns.step(row)), this.#smoother);
    if (this.#shape.ascends && !this.ascending) this.#arrange(columns, rows);
  }

  #arrange(columns: RunColumns, rows: number): void {
    const { x } = this.#settings;
    this.#reset();
    this.order++;
    const resumes = resumesWithin(this.runs[0]!.seams ?? [], rows);
    this.resumes = resumes.map(({ seq, step: before }) => ({
      x: placeOf(columns, x, seq),
      step: columns.step(seq),
      before,
    }));
    const stepOf = (row: number): number => columns.step(row);
    const ordered = this.#shape.ascends ? (row: number) => placeOf(columns, x, row) : undefined;
    const branches = branchesOf(
      rows,
      resumes.map(({ seq }) => seq),
      stepOf,
      ordered,
    );
    const read = (row: number): ReadPoint | undefined => this.#read([columns], [row], stepOf(row));
    for (const { current, former } of branches) if (former.length > 0) this.#addFormer(current, former, read);
    // By step all of it is one line; by time there is a hole where another branch was.
    if (x === 'epoch') {
      const all = branches.flatMap(({ current }) => current);
      inOrder(all, stepOf);
      for (const row of all) this.#take(this, read(row), this.#smoother);
      return;
    }
    for (const { current, former } of branches) {
      for (const row of current) this.#take(this, read(row), this.#smoother);
      if (former.length > 0) this.addGap();
    }
  }

  /** It begins where the line leaves it, and is smoothed as if that had gone on. */
  #addFormer(
    current: readonly number[],
    former: readonly number[],
    read: (row: number) => ReadPoint | undefined,
  ): void {
    const stretch = new LinePoints(this.#shape);
    const smoother = this.#newSmoother();
    let lead: LinePoint | undefined;
    for (const row of current) {
      const point = read(row);
      if (point === undefined) continue;
      const smoothed = smoother?.next(point.value) ?? NaN;
      if (!Number.isNaN(point.value)) lead = { ...point, smoothed };
    }
    if (lead !== undefined) stretch.add(lead);
    for (const row of former) this.#take(stretch, read(row), smoother);
    if (!stretch.empty) this.former.push(stretch);
  }

  #newSmoother(): Smoother | undefined {
    const { smoothing } = this.#settings;
    return smoothing > 0 ? new Smoother(smoothing) : undefined;
  }

  #reset(): void {
    this.clear();
    this.#smoother = this.#newSmoother();
    this.leftOut = { ...NOTHING_LEFT_OUT };
    this.former = [];
    this.resumes = [];
  }

  #take(points: LinePoints, point: ReadPoint | undefined, smoother: Smoother | undefined): void {
    if (point === undefined) return;
    if (point.left !== undefined) this.leftOut[point.left]++;
    points.add({ ...point, smoothed: smoother?.next(point.value) ?? NaN });
  }

  /**
   * Undefined where nothing is to be drawn, and no gap either.
   * @param rows of each run, the one that is of this epoch; −1 where it has none
   */
  #read(columns: readonly (RunColumns | undefined)[], rows: readonly number[], epoch: number): ReadPoint | undefined {
    const { x: xName, xLog } = this.#settings;
    this.#newest = Math.max(this.#newest, epoch);
    this.#oldest = Math.min(this.#oldest, epoch);
    this.#hasWholeSteps &&= Number.isInteger(epoch);
    const x = xName === 'epoch' ? epoch : meanOf(columns.map((each, index) => placeOf(each, xName, rows[index]!)));
    const joined = this.#values.joined(columns, rows);
    const isLogged = !Number.isNaN(joined.value) || this.#isLoggedNaN(columns[0], rows[0]!);
    // What was not to be measured is joined over; what is missing is a gap.
    if ((!isLogged || Number.isNaN(x)) && !this.#expected(epoch)) return undefined;
    let left: keyof LeftOut | undefined;
    if (isLogged && !Number.isFinite(joined.value)) left = 'notFinite';
    else if (Number.isNaN(joined.value) && this.#values.lacksNull(columns, rows)) left = 'nulls';
    else if (isLogged && xLog && x <= 0) left = 'x';
    else if (isLogged && this.#yLog && joined.value <= 0) left = 'y';
    const isGap = left !== undefined || Number.isNaN(x);
    const { value, low, high } = isGap ? NO_NUMBERS : joined;
    const place = xLog && x <= 0 ? NaN : x;
    return { epoch, x: place, value, low: this.#yLog && low <= 0 ? NaN : low, high, left };
  }

  #isLoggedNaN(columns: RunColumns | undefined, row: number): boolean {
    return this.#metric.ribbon === undefined && (columns?.isLoggedNaN(this.#metric.name, row) ?? false);
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
