/** What one chart draws: its lines, extended in place as frames arrive, and the ranges that they need. */
import { axisRange, epochBound, firstStep, timeBound } from './axis-range.js';
import {
  DEPARTURE_GUIDES,
  type Guide,
  nullGuides,
  type NullOf,
  type SharedNull,
  sharedNulls,
  withPlaces,
} from './chance.js';
import { type ChartSettings, FRAME, type Range, WALL_TIME } from './chart-settings.js';
import { clippedRange } from './clipped-range.js';
import { type ChartLine, type ColumnsOf, DrawnLine, type LeftOut } from './drawn-line.js';
import { pointsWithin, visiblePoints } from './line-path.js';
import type { Metric } from './metric.js';
import { yAxis } from './y-axis.js';

export class ChartData {
  readonly lines: readonly DrawnLine[];
  readonly axis: Metric['axis'];
  readonly #departs: boolean;
  readonly #settings: ChartSettings;
  readonly #epochs: number;
  readonly #readNulls: () => readonly SharedNull[];
  #nulls: readonly SharedNull[] = [];

  /** @param epochs of the longest run, where the axis of epochs ends; Infinity where nobody knows. */
  constructor(
    metric: Metric,
    runs: readonly ChartLine[],
    settings: ChartSettings,
    epochs: number,
    nullOf: NullOf = () => undefined,
  ) {
    this.axis = yAxis(metric, settings.y);
    this.#settings = settings;
    this.#epochs = epochs;
    this.lines = together(runs, settings.mean).map(
      (each) => new DrawnLine(metric, each, settings, this.axis === 'log', nullOf),
    );
    this.#readNulls = () => (settings.chance ? sharedNulls(metric, runs, nullOf) : []);
    this.updateNulls();
    this.#departs = settings.chance && metric.departs === true;
  }

  /** Returns whether there was anything new. */
  update(columnsOf: ColumnsOf): boolean {
    return this.lines.filter((line) => line.update(columnsOf)).length > 0;
  }

  /** What chance gives for the lines; none where that is not drawn. */
  get nulls(): readonly SharedNull[] {
    return this.#nulls;
  }

  /** Reads what chance gives anew, which may be known by now; returns whether what is drawn of it is another. */
  updateNulls(): boolean {
    const before = this.#nulls;
    this.#nulls = this.#readNulls();
    return !isEqual(before, this.#nulls);
  }

  /** Programs may count in parts of an epoch: their axis is then one of numbers like any. */
  get hasWholeSteps(): boolean {
    return this.lines.every((line) => line.hasWholeSteps);
  }

  /** Which x is shown. It grows in few steps while lines grow in many. */
  xRange(zoom: Range | null): Range {
    if (zoom !== null) return zoom;
    const { x, xLog, whole } = this.#settings;
    if (x === 'epoch') {
      // Of every line, whether or not it has a value there: all charts of a view end alike.
      const newest = Math.max(-1, ...this.lines.map((line) => line.newest));
      const isKnown = Number.isFinite(this.#epochs);
      const { hasWholeSteps } = this;
      const bound = epochBound(newest, this.#epochs, hasWholeSteps);
      const end = isKnown && (whole || newest < 0) ? this.#epochs : bound;
      if (xLog) return hasWholeSteps ? [1, Math.max(2, end)] : axisRange('log', ...extentOf(this.lines));
      const first = firstStep(Math.min(...this.lines.map((line) => line.oldest)), newest);
      if (!hasWholeSteps && end > first) return [first, end];
      return [first, Math.max(first + 1, end)];
    }
    const [min, max] = extentOf(this.lines);
    if (x === FRAME && !xLog) return [0, Math.max(1, epochBound(max ?? 0, Infinity))];
    if (x === WALL_TIME && !xLog) return min === null || max === null ? [0, 1] : [min, Math.max(max, min + 1)];
    if (x !== 'seconds' || xLog) return axisRange(xLog ? 'log' : 'linear', min, max);
    if (max === null || max <= 0) return [0, 1];
    return [0, this.lines.every(({ complete }) => complete) ? max : timeBound(max)];
  }

  /** Which y is shown: what lies within the range of x, or else leads through it. */
  yRange(xRange: Range): Range {
    const all = this.#yExtent(xRange, pointsWithin) ?? this.#yExtent(xRange, visiblePoints);
    if (all === undefined) return axisRange(this.axis, null, null);
    const [low, high] = this.#settings.clip ? clippedRange(this.lines, xRange, this.axis === 'log', all) : all;
    return axisRange(this.axis, ...this.#withChance([low, high]));
  }

  /** What is drawn behind the lines. @param highlighted the line that stands out */
  guides(highlighted?: DrawnLine): readonly Guide[] {
    return this.#departs ? DEPARTURE_GUIDES : nullGuides(this.nulls, highlighted?.runs);
  }

  #withChance(range: Range): Range {
    const places = this.#departs ? [0] : this.nulls.map(({ cv }) => cv);
    return withPlaces(range, places, this.axis === 'log');
  }

  #yExtent(xRange: Range, pointsOf: typeof visiblePoints): Range | undefined {
    let [min, max] = [Infinity, -Infinity];
    for (const line of this.lines.flatMap(({ stretches }) => stretches)) {
      const [from, to] = pointsOf(line, xRange);
      // Smoothed values lag: where x begins later they may be beyond all that was measured there.
      for (const column of [line.ys, line.smooth, line.lows, line.highs]) {
        if (column === undefined) continue;
        const [low, high] = line.ascending ? column.range(from, to) : rangeWithin(line.xs, column.values, xRange);
        if (low < min) min = low;
        if (high > max) max = high;
      }
    }
    return min <= max ? [min, max] : undefined;
  }

  get leftOut(): LeftOut {
    const sum = { y: 0, x: 0, notFinite: 0, nulls: 0 };
    for (const { leftOut } of this.lines) {
      sum.y += leftOut.y;
      sum.x += leftOut.x;
      sum.notFinite += leftOut.notFinite;
      sum.nulls += leftOut.nulls;
    }
    return sum;
  }
}

function isEqual(a: readonly SharedNull[], b: readonly SharedNull[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ cv, sd, runIds }, index) => {
      const other = b[index]!;
      return cv === other.cv && sd === other.sd && runIds.size === other.runIds.size;
    })
  );
}

/** Of a line that turns back on itself, points within a range of x are anywhere. */
function rangeWithin(xs: readonly number[], values: readonly number[], [first, last]: Range): [number, number] {
  let [min, max] = [Infinity, -Infinity];
  for (const [at, x] of xs.entries()) {
    if (!(x >= first && x <= last)) continue;
    if (values[at]! < min) min = values[at]!;
    if (values[at]! > max) max = values[at]!;
  }
  return [min, max];
}

/** Runs that differ in their seed alone are one line where means are drawn. */
export function together(runs: readonly ChartLine[], mean: boolean): ChartLine[][] {
  if (!mean) return runs.map((run) => [run]);
  const groups = new Map<string, ChartLine[]>();
  for (const run of runs) {
    const key = run.seedReplicates?.key ?? run.id;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [run]);
    else group.push(run);
  }
  return [...groups.values()];
}

/** Of x; a line that only goes on ends with its largest. */
function extentOf(lines: readonly DrawnLine[]): [number | null, number | null] {
  let [min, max] = [Infinity, -Infinity];
  for (const { xs, ascending } of lines.flatMap(({ stretches }) => stretches)) {
    for (const value of ascending && xs.length > 1 ? [xs[0]!, xs.at(-1)!] : xs) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return min <= max ? [min, max] : [null, null];
}

/** @param beyond values past the clipped edges. */
export function chartNotes(data: Pick<ChartData, 'leftOut' | 'lines'>, beyond: number): string[] {
  const { x, y, notFinite, nulls } = data.leftOut;
  const drawn = data.lines.some((line) => !line.empty);
  const ended = data.lines.length > 0 && data.lines.every((line) => line.complete);
  return [
    ...(y > 0 ? [`${counted(y)} ≤ 0 left out`] : []),
    ...(x > 0 ? [`${counted(x)} at x ≤ 0 left out`] : []),
    ...(notFinite > 0 ? [`${counted(notFinite)} NaN or infinite`] : []),
    ...(nulls > 0 ? [`${counted(nulls)} without a null`] : []),
    ...(beyond > 0 ? [`${counted(beyond)} beyond the edge`] : []),
    ...(!drawn && x + y + notFinite + nulls === 0 ? [ended ? 'no values' : 'no values yet'] : []),
  ];
}

function counted(values: number): string {
  return `${values} ${values === 1 ? 'value' : 'values'}`;
}
