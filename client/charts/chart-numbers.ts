/** What a chart shows as numbers: as CSV, and as a table of so many epochs as can be read. */
import { csvRow } from '../../shared/csv.js';
import type { CvNull } from '../../shared/measurement.js';
import type { ChartData } from './chart-data.js';
import type { Range } from './chart-settings.js';
import { type DrawnLine, stepWord } from './drawn-line.js';
import type { LinePoint } from './line-points.js';

/**
 * A row per line and epoch that has a value, as measured, beside it the smoothed value, the spread, and what chance
 * gives, where there are some. RFC 4180 with line feeds, line by line: all of them may be longer than a string can be.
 * @param range of x that is shown; null = all there is
 */
export function* chartCsv(
  { lines, nulls }: ChartData,
  name: string,
  x: string,
  range: Range | null,
): Generator<string> {
  const smoothed = lines.some(({ smooth }) => smooth !== undefined);
  const spread = lines.some(({ lows }) => lows !== undefined);
  yield csvLine([
    'run',
    'id',
    stepWord(lines.flatMap(({ runs }) => runs)),
    ...(x === 'epoch' ? [] : [x]),
    name,
    ...(smoothed ? ['smoothed'] : []),
    ...(spread ? ['low', 'high'] : []),
    ...(nulls.length > 0 ? ['chance', 'chance sd'] : []),
  ]);
  for (const line of lines) {
    const ids = line.runs.map(({ id }) => id).join(' ');
    const chance = nullOfLine(line, nulls);
    for (const point of pointsOf(line, range)) {
      yield csvLine([
        line.label,
        ids,
        point.epoch,
        ...(x === 'epoch' ? [] : [point.x]),
        point.value,
        ...(smoothed ? [point.smoothed] : []),
        ...(spread ? [point.low, point.high] : []),
        ...(nulls.length > 0 ? [chance?.cv ?? NaN, chance?.sd ?? NaN] : []),
      ]);
    }
  }
}

/** What chance gives for all that is drawn as this line; undefined where that is not one null. */
function nullOfLine({ runs }: DrawnLine, nulls: ChartData['nulls']): CvNull | undefined {
  const own = nulls.filter(({ runIds }) => runs.some(({ id }) => runIds.has(id)));
  return own.length === 1 && runs.every(({ id }) => own[0]!.runIds.has(id)) ? own[0] : undefined;
}

export interface NumberTable {
  labels: string[];
  /** What chance gives for each line; of none where nothing is known or drawn. */
  nulls: (CvNull | undefined)[];
  rows: { epoch: number; values: (LinePoint | undefined)[] }[];
  /** How many epochs have values in all. */
  epochs: number;
}

/** Of what is shown of x, evenly thinned to about `most` epochs, first and last kept. */
export function numberTable(
  { lines, nulls }: Pick<ChartData, 'lines' | 'nulls'>,
  most: number,
  range: Range | null,
): NumberTable {
  const byLine = lines.map((line) => new Map([...pointsOf(line, range)].map((point) => [point.epoch, point])));
  const epochs = [...new Set(byLine.flatMap((points) => [...points.keys()]))].sort((a, b) => a - b);
  const stride = Math.max(1, Math.ceil((epochs.length - 1) / (most - 1)));
  const shown = epochs.filter((_, index) => index % stride === 0 || index === epochs.length - 1);
  return {
    labels: lines.map(({ label }) => label),
    nulls: nulls.length === 0 ? [] : lines.map((line) => nullOfLine(line, nulls)),
    rows: shown.map((epoch) => ({ epoch, values: byLine.map((points) => points.get(epoch)) })),
    epochs: epochs.length,
  };
}

function* pointsOf(line: DrawnLine, range: Range | null): Generator<LinePoint> {
  const [from, to] = range ?? [-Infinity, Infinity];
  for (const index of line.epochs.keys()) {
    const point = line.point(index);
    if (!Number.isNaN(point.value) && point.x >= from && point.x <= to) yield point;
  }
}

/** float32 numbers with as many digits as tell them apart; nothing for no number. */
function csvLine(cells: readonly (string | number)[]): string {
  return csvRow(
    cells.map((cell) => {
      if (typeof cell === 'string') return cell;
      return Number.isNaN(cell) ? null : Number(cell.toPrecision(9));
    }),
  );
}

/** `pentachoron-act_Q_h0-by-loss.csv`, `pentachoron-loss-epoch-10-to-40.csv` where that is all that is in it. */
export function chartFileName(name: string, x: string, range: Range | null, ending: string): string {
  const by = x === 'epoch' ? '' : `-by-${x === 'seconds' ? 'time' : x}`;
  return `pentachoron-${name}${by}${range === null ? '' : `-${rangeName(x, range)}`}.${ending}`;
}

/** Epochs are whole: those within. */
function rangeName(x: string, [from, to]: Range): string {
  if (x === 'epoch') return `epoch-${Math.ceil(from)}-to-${Math.floor(to)}`;
  return `${x}-${Number(from.toPrecision(4))}-to-${Number(to.toPrecision(4))}`;
}
