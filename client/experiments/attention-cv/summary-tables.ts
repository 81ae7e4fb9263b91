/** The summary's tables as what they show: columns, cells in words, marks and reasons, in the chosen order. */
import { configOf } from './config.js';
import { type Band, BEYOND_CHANCE, judge, type Judgement } from '../../charts/band.js';
import { columnsOf, type Quantity } from './quantity.js';
import { isSignificant } from '../../../shared/measurement.js';
import { type EpochReading, LOADING, type ReadValue } from '../../runs/epoch-reading.js';
import type { RunLine } from '../../runs/run-lines.js';
import type { CvReading } from '../../charts/metric.js';
import { departureOf } from '../../data/cv-null.js';
import { NO_VALUE, formatAccuracy, formatCv, formatNumber, formatSigned } from '../../ui/numbers.js';
import { csvTable, markdownTable } from '../../ui/table-text.js';

export interface SummaryRow {
  line: RunLine;
  reading: EpochReading;
}

export interface SummaryColumn {
  /** What the order is called by; one key is one order, in whichever table it is pressed. */
  key: string;
  title: string;
  /** What it is called in a CSV, where not as on the page. */
  file?: string;
  kind: 'size' | 'cv' | 'movement' | 'percent' | 'metric';
  cell: (row: SummaryRow) => ShownCell;
}

export interface ShownCell {
  text: string;
  /** What rows are ordered by. */
  value: number | null;
  /** Of CVs, how they stand to the band; of movements, whether they are more than their error explains. */
  mark?: Exclude<Judgement, 'out'> | 'moved' | 'still';
  standardError?: string;
  valid?: number;
  /** By how many standard deviations of its null a CV departs from it. */
  departure?: string;
  reason?: string;
}

export interface SummaryTable {
  id: 'weights' | 'activations' | 'heads' | 'activations-moved' | 'weights-moved';
  title: string;
  note: string;
  columns: readonly SummaryColumn[];
}

const DECIMALS = 4;
const DEPARTURE_DECIMALS = 1;
const MOVED_DEPARTURE_DECIMALS = 2;
const WEIGHTS = ['emb', 'Q_full', 'K_full', 'V_full', 'out_proj', 'cls_head'];

/**
 * @param head which one stands for all in the activations.
 * @param family whose every head has a column in the table of heads.
 */
export function summaryTables(
  head: number,
  family: Quantity['family'],
  maxHeads: number,
  band: Band,
  reading: CvReading = 'value',
): SummaryTable[] {
  const departs = reading === 'departure';
  const cv = departs ? 'departure from chance (sd)' : 'CV';
  const since = departs ? 'departure less that of epoch 0 (sd)' : 'CV less that of epoch 0';
  const ofHead = ['act_Q', 'act_K', 'act_V', 'act_post'].map((name) => `${name}_h${head}`);
  const activations = ['act_emb', ...ofHead, 'act_post_full'];
  const cvs = (names: readonly string[]): SummaryColumn[] =>
    names.map((name) => (departs ? departureColumn(name) : cvColumn(name, band)));
  const heads = columnsOf({ family, head: null }, maxHeads);
  const moved = (names: readonly string[]): SummaryColumn[] => names.map((name) => movementColumn(name, departs));
  const table = (id: SummaryTable['id'], title: string, note: string, columns: SummaryColumn[]): SummaryTable => ({
    id,
    title,
    note,
    columns: [HEAD_DIM, EPOCH, ...columns],
  });
  return [
    table('weights', 'Weights', `${cv} of whole matrices`, [...cvs(WEIGHTS), ACCURACY]),
    table('activations', 'Activations', `${cv} of what head ${head} and the whole model compute`, [
      ...cvs(activations),
      ACCURACY,
    ]),
    family.metric === 'cv'
      ? table('heads', 'Heads', `${cv} of every head’s ${family.id}`, cvs(heads))
      : table('heads', 'Heads', `${family.group} of every head’s ${family.matrix}`, heads.map(metricColumn)),
    table('activations-moved', 'Movement of activations', since, moved(activations)),
    table('weights-moved', 'Movement of weights', since, moved(WEIGHTS)),
  ];
}

/** A column's key, after a `-` from large to small. Rows without a value stand last either way; equal ones as they were. */
export function ordered(rows: readonly SummaryRow[], sort: string, tables: readonly SummaryTable[]): SummaryRow[] {
  const key = sort.replace(/^-/, '');
  const column = tables.flatMap(({ columns }) => columns).find((each) => each.key === key);
  if (column === undefined) return [...rows];
  const sign = sort.startsWith('-') ? -1 : 1;
  return rows
    .map((row) => ({ row, value: column.cell(row).value }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return sign * (a.value - b.value);
    })
    .map(({ row }) => row);
}

/** The reasons why values are missing, each once, in the order of the cells. */
export function reasonsIn(cells: readonly (readonly ShownCell[])[]): string[] {
  return [...new Set(cells.flat().flatMap(({ reason }) => (reason === undefined ? [] : [reason])))];
}

const HEAD_DIM: SummaryColumn = {
  key: 'hd',
  title: 'hd',
  kind: 'size',
  cell: ({ line }) => ({ text: String(configOf(line.run).headDim), value: configOf(line.run).headDim }),
};

const EPOCH: SummaryColumn = {
  key: 'epoch',
  title: 'epoch',
  kind: 'size',
  cell: ({ reading: { epoch } }) => ({ text: epoch === null ? NO_VALUE : String(epoch), value: epoch }),
};

const ACCURACY: SummaryColumn = {
  key: 'acc',
  title: 'acc, %',
  kind: 'percent',
  cell: ({ reading: { accuracy } }) => ({
    text: formatAccuracy(accuracy),
    value: Number.isNaN(accuracy) ? null : accuracy,
  }),
};

function cvColumn(series: string, band: Band): SummaryColumn {
  return { key: series, title: series, kind: 'cv', cell: ({ reading }) => cvCell(reading.value(series), band) };
}

/** Of a metric that is held against nothing. */
function metricColumn(series: string): SummaryColumn {
  const cell = ({ reading }: SummaryRow): ShownCell => {
    const { cv: value, reason } = reading.value(series);
    return value === null ? withoutValue(reason) : { text: formatNumber(value), value };
  };
  return { key: series, title: series, kind: 'metric', cell };
}

/** Those beyond two are marked, unless their standard error leaves that open. */
function departureColumn(series: string): SummaryColumn {
  const cell = ({ reading }: SummaryRow): ShownCell => departureCell(reading.value(series));
  return { key: `departure.${series}`, title: series, file: `${series}:departure`, kind: 'cv', cell };
}

/** Why a CV has no departure; undefined where it has one. */
function noDeparture(read: ReadValue): string | undefined {
  if (!('chance' in read)) return 'departures are told of the fixed sample';
  if (read.chance === undefined) return LOADING;
  if (read.chance === null) return 'measured before nulls were told';
  return read.chance.sd > 0 ? undefined : 'chance has no spread';
}

function departureCell(read: ReadValue): ShownCell {
  const { cv, se = null, valid, reason, error, chance } = read;
  if (cv === null) return withoutValue(reason);
  const without = noDeparture(read);
  if (without !== undefined || chance == null) return withoutValue(without);
  const departure = departureOf(cv, chance);
  const judgement = judge(departure, error == null ? error : { value: error.value / chance.sd }, BEYOND_CHANCE);
  return {
    text: formatSigned(departure, DEPARTURE_DECIMALS),
    value: departure,
    ...(judgement === undefined || judgement === 'out' ? {} : { mark: judgement }),
    ...(se === null ? {} : { standardError: (se / chance.sd).toFixed(DEPARTURE_DECIMALS) }),
    ...(valid === null ? {} : { valid }),
  };
}

function cvCell({ cv, se = null, valid, reason, error, chance }: ReadValue, band: Band): ShownCell {
  if (cv === null) return withoutValue(reason);
  const judgement = judge(cv, error, band);
  return {
    text: formatCv(cv, DECIMALS),
    value: cv,
    ...(judgement === undefined || judgement === 'out' ? {} : { mark: judgement }),
    ...(se === null ? {} : { standardError: se.toFixed(DECIMALS) }),
    ...(valid === null ? {} : { valid }),
    ...(chance == null ? {} : { departure: formatSigned(departureOf(cv, chance), DEPARTURE_DECIMALS) }),
  };
}

function movementColumn(series: string, departs: boolean): SummaryColumn {
  const cell = ({ reading }: SummaryRow): ShownCell => movementCell(reading.value(series), departs);
  return {
    ...{ key: `moved.${series}`, title: series, kind: 'movement', cell },
    ...(departs && { file: `${series}:departure` }),
  };
}

/** @param departs whether it is told in the null's standard deviations, which changes neither sign nor significance */
function movementCell(read: ReadValue, departs: boolean): ShownCell {
  const { movement = null, movementSe = null, reason } = read;
  if (movement === null) return withoutValue(reason ?? 'no value at epoch 0');
  const without = departs ? noDeparture(read) : undefined;
  if (without !== undefined) return withoutValue(without);
  const unit = departs ? read.chance!.sd : 1;
  const decimals = departs ? MOVED_DEPARTURE_DECIMALS : DECIMALS;
  const error = movementSe === null ? null : (movementSe / unit).toFixed(decimals);
  return {
    text: formatSigned(movement / unit, decimals),
    value: movement / unit,
    ...(movementSe === null || error === null
      ? {}
      : { mark: isSignificant(movement, movementSe) ? 'moved' : 'still', standardError: error }),
  };
}

function withoutValue(reason = 'not measured'): ShownCell {
  return { text: NO_VALUE, value: null, reason };
}

/** A table of the summary as text to take along: the rows, order and digits that are seen. */
const MARKS: Record<NonNullable<ShownCell['mark']>, string> = { in: ' ●', undecided: ' ○', moved: ' *', still: '' };

/** @param detail whether standard errors and valid samples of CVs are seen; movements always show their errors. */
export function toMarkdown(table: SummaryTable, rows: readonly SummaryRow[], detail: boolean): string {
  const header = ['dim × heads', ...table.columns.map(({ title }) => title)];
  const body = rows.map((row) => [
    nameOf(row.line),
    ...table.columns.map((column) => markdownCell(column, column.cell(row), detail)),
  ]);
  return markdownTable(header, body);
}

/** A run's parameters have columns of their own, and so have errors and counts. */
export function toCsv(table: SummaryTable, rows: readonly SummaryRow[], detail: boolean): string {
  const parts = table.columns.map((column) => ({ column, extras: extrasOf(column, detail) }));
  const header = [
    ...IDENTITY,
    ...parts.flatMap(({ column, extras }) => [
      plain(column.file ?? column.title),
      ...extras.map((extra) => `${column.file ?? column.title} ${extra}`),
    ]),
  ];
  const body = rows.map((row) => [
    ...IDENTITY.map((name) => String(row.line.run.config[name])),
    ...parts.flatMap(({ column, extras }) => {
      const cell = column.cell(row);
      const values = {
        se: cell.standardError ?? '',
        valid: String(cell.valid ?? ''),
        departure: plain(cell.departure ?? ''),
      };
      return [plain(cell.text), ...extras.map((extra) => values[extra])];
    }),
  ]);
  return csvTable([header, ...body]);
}

const IDENTITY = ['dim', 'heads', 'seed', 'lr'] as const;

function extrasOf({ kind, file }: SummaryColumn, detail: boolean): readonly ('se' | 'valid' | 'departure')[] {
  if (kind === 'movement') return ['se'];
  if (kind !== 'cv' || !detail) return [];
  return file === undefined ? ['se', 'valid', 'departure'] : ['se', 'valid'];
}

function markdownCell({ kind }: SummaryColumn, cell: ShownCell, detail: boolean): string {
  const mark = cell.mark === undefined ? '' : MARKS[cell.mark];
  const shows = kind === 'movement' || detail;
  const error = shows && cell.standardError !== undefined ? ` ± ${cell.standardError}` : '';
  const valid = shows && cell.valid !== undefined ? ` (${cell.valid})` : '';
  const departure = detail && cell.departure !== undefined ? ` [${cell.departure} sd]` : '';
  return `${cell.text}${error}${valid}${departure}${mark}`;
}

/** Numbers that programs read. */
function plain(text: string): string {
  return text === NO_VALUE ? '' : text.replace('−', '-').replace(',', '');
}

function nameOf({ label: { main, more } }: RunLine): string {
  return more === '' ? main : `${main} · ${more}`;
}
