/** A table of the summary as text to take along: the rows, order and digits that are seen. */
import type { RunLine } from '../../state/run-lines.js';
import { NO_VALUE } from '../../state/wording.js';
import type { ShownCell, SummaryColumn, SummaryRow, SummaryTable } from './summary-tables.js';
import { csvTable, markdownTable } from '../../views/table-text.js';

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
