/** The summary's tables as what they show: columns, cells in words, marks and reasons, in the chosen order. */
import { configOf } from './config.js';
import { type Band, judge, type Judgement } from '../../charts/band.js';
import { columnsOf, type Quantity } from './quantity.js';
import { isSignificant, type MeasuredValue } from '../../../shared/measurement.js';
import type { EpochReading, ReadValue } from '../../runs/epoch-reading.js';
import type { RunLine } from '../../runs/run-lines.js';
import { formatAccuracy, formatCv, NO_VALUE } from '../../ui/numbers.js';
import { csvTable, markdownTable } from '../../ui/table-text.js';

export interface SummaryRow {
  line: RunLine;
  reading: EpochReading;
}

export interface SummaryColumn {
  /** What the order is called by; one key is one order, in whichever table it is pressed. */
  key: string;
  title: string;
  kind: 'size' | 'cv' | 'movement' | 'percent';
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
  reason?: string;
}

export interface SummaryTable {
  id: 'weights' | 'activations' | 'heads' | 'activations-moved' | 'weights-moved';
  title: string;
  note: string;
  columns: readonly SummaryColumn[];
}

const DECIMALS = 4;
const WEIGHTS = ['emb', 'Q_full', 'K_full', 'V_full', 'out_proj', 'cls_head'];

/**
 * @param head which one stands for all in the activations.
 * @param family whose every head has a column in the table of heads.
 */
export function summaryTables(head: number, family: Quantity['family'], maxHeads: number, band: Band): SummaryTable[] {
  const ofHead = ['act_Q', 'act_K', 'act_V', 'act_post'].map((name) => `${name}_h${head}`);
  const activations = ['act_emb', ...ofHead, 'act_post_full'];
  const cvs = (names: readonly string[]): SummaryColumn[] => names.map((name) => cvColumn(name, band));
  const moved = (names: readonly string[]): SummaryColumn[] => names.map(movementColumn);
  const table = (id: SummaryTable['id'], title: string, note: string, columns: SummaryColumn[]): SummaryTable => ({
    id,
    title,
    note,
    columns: [HEAD_DIM, EPOCH, ...columns],
  });
  return [
    table('weights', 'Weights', 'CV of whole matrices', [...cvs(WEIGHTS), ACCURACY]),
    table('activations', 'Activations', `CV of what head ${head} and the whole model compute`, [
      ...cvs(activations),
      ACCURACY,
    ]),
    table('heads', 'Heads', `CV of every head’s ${family.id}`, cvs(columnsOf({ family, head: null }, maxHeads))),
    table('activations-moved', 'Movement of activations', 'CV less that of epoch 0', moved(activations)),
    table('weights-moved', 'Movement of weights', 'CV less that of epoch 0', moved(WEIGHTS)),
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

function cvCell({ cv, se = null, valid, reason, error }: ReadValue, band: Band): ShownCell {
  if (cv === null) return withoutValue(reason);
  const judgement = judge(cv, error, band);
  return {
    text: formatCv(cv, DECIMALS),
    value: cv,
    ...(judgement === undefined || judgement === 'out' ? {} : { mark: judgement }),
    ...(se === null ? {} : { standardError: se.toFixed(DECIMALS) }),
    ...(valid === null ? {} : { valid }),
  };
}

function movementColumn(series: string): SummaryColumn {
  const cell = ({ reading }: SummaryRow): ShownCell => movementCell(reading.value(series));
  return { key: `moved.${series}`, title: series, kind: 'movement', cell };
}

function movementCell({ movement = null, movementSe = null, reason }: MeasuredValue): ShownCell {
  if (movement === null) return withoutValue(reason ?? 'no value at epoch 0');
  return {
    text: formatSigned(movement),
    value: movement,
    ...(movementSe === null
      ? {}
      : { mark: isSignificant(movement, movementSe) ? 'moved' : 'still', standardError: movementSe.toFixed(DECIMALS) }),
  };
}

function withoutValue(reason = 'not measured'): ShownCell {
  return { text: NO_VALUE, value: null, reason };
}

/** `+0.0958`; what rounds to nothing has no sign that means anything, and keeps its place. */
function formatSigned(value: number): string {
  const digits = Math.abs(value).toFixed(DECIMALS);
  return `${value < 0 && Number(digits) !== 0 ? '−' : '+'}${digits}`;
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
    ...parts.flatMap(({ column, extras }) => [plain(column.title), ...extras.map((e) => `${column.title} ${e}`)]),
  ];
  const body = rows.map((row) => [
    ...IDENTITY.map((name) => String(row.line.run.config[name])),
    ...parts.flatMap(({ column, extras }) => {
      const cell = column.cell(row);
      const values = { se: cell.standardError ?? '', valid: String(cell.valid ?? '') };
      return [plain(cell.text), ...extras.map((extra) => values[extra])];
    }),
  ]);
  return csvTable([header, ...body]);
}

const IDENTITY = ['dim', 'heads', 'seed', 'lr'] as const;

function extrasOf({ kind }: SummaryColumn, detail: boolean): readonly ('se' | 'valid')[] {
  if (kind === 'movement') return ['se'];
  return kind === 'cv' && detail ? ['se', 'valid'] : [];
}

function markdownCell({ kind }: SummaryColumn, cell: ShownCell, detail: boolean): string {
  const mark = cell.mark === undefined ? '' : MARKS[cell.mark];
  const shows = kind === 'movement' || detail;
  const error = shows && cell.standardError !== undefined ? ` ± ${cell.standardError}` : '';
  const valid = shows && cell.valid !== undefined ? ` (${cell.valid})` : '';
  return `${cell.text}${error}${valid}${mark}`;
}

/** Numbers that programs read. */
function plain(text: string): string {
  return text === NO_VALUE ? '' : text.replace('−', '-').replace(',', '');
}

function nameOf({ label: { main, more } }: RunLine): string {
  return more === '' ? main : `${main} · ${more}`;
}
