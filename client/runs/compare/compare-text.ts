/** What is compared as text to take along, and how its values are written. */
import { splitSeries } from '../../../shared/geometry/catalogue.js';
import type { Run } from '../../../shared/run.js';
import { experimentOf } from '../../experiments/experiments.js';
import type { RunColumns } from '../../data/run-columns.js';
import { formatAccuracy, formatCv, formatLoss, formatNumber, formatSigned, NO_VALUE } from '../../ui/numbers.js';
import type { DifferenceCell, DifferenceRow, ParameterRow } from './compare-rows.js';
import { csvLine, csvTable, markdownTable } from '../../ui/table-text.js';

const DECIMALS = 4;
const DEPARTURE_DECIMALS = 2;

export function valueText({ series, departs }: Pick<DifferenceRow, 'series' | 'departs'>, value: number): string {
  if (departs === true) return formatSigned(value, DEPARTURE_DECIMALS);
  if (series === 'loss') return formatLoss(value);
  if (splitSeries(series).metric !== 'cv') return formatNumber(value);
  return series === 'accuracy' ? formatAccuracy(value) : formatCv(value, DECIMALS);
}

/** `+0.0559`, and its error where that is known. */
export function differenceText(
  row: Pick<DifferenceRow, 'series' | 'departs'>,
  { difference, standardError }: DifferenceCell,
): { text: string; error: string } {
  if (Number.isNaN(difference)) return { text: NO_VALUE, error: '' };
  const text =
    row.departs === true
      ? valueText(row, difference)
      : `${difference < 0 ? '−' : '+'}${valueText(row, Math.abs(difference))}`;
  const decimals = row.departs === true ? DEPARTURE_DECIMALS : DECIMALS;
  return { text, error: standardError === null ? '' : `± ${formatCv(standardError, decimals)}` };
}

/** As files name a series: departures as the command line does. */
function columnOf({ series, departs }: DifferenceRow): string {
  return departs === true ? `${series}:departure` : series;
}

/** As they are seen; what is significant has an asterisk. @param names of the base and the others */
export function differencesMarkdown(names: readonly string[], rows: readonly DifferenceRow[]): string {
  const [base, ...others] = names;
  const header = ['series', `${base}, base`, ...others.flatMap((name) => [name, `Δ ${name}`])];
  const body = rows.map((row) => [
    columnOf(row),
    valueText(row, row.base),
    ...row.cells.flatMap((cell) => {
      const { text, error } = differenceText(row, cell);
      const words = [text, error, cell.significant === true ? '*' : ''].filter((part) => part !== '');
      return [valueText(row, cell.value), words.join(' ')];
    }),
  ]);
  return markdownTable(header, body);
}

/** What differs first. @param names of the base and the others */
export function parametersText(
  format: 'Markdown' | 'CSV',
  names: readonly string[],
  rows: readonly ParameterRow[],
): string {
  const header = ['parameter', ...names];
  const inOrder = [...rows.filter(({ differs }) => differs), ...rows.filter(({ differs }) => !differs)];
  const body = inOrder.map(({ name, values }) => [name, ...values]);
  return format === 'CSV' ? csvTable([header, ...body]) : markdownTable(header, body);
}

/** A row a series and run. */
export function differencesCsv(
  base: Run,
  others: readonly Run[],
  epoch: number,
  rows: readonly DifferenceRow[],
): string {
  const { names, values } = identities([base, ...others]);
  const header = ['series', 'epoch', ...names(''), ...names('base ')];
  const lines = rows.flatMap((row) =>
    row.cells.map(({ value, difference, standardError }, index) => [
      columnOf(row),
      epoch,
      ...values(others[index]!),
      ...values(base),
      ...[value, row.base, difference, standardError ?? NaN].map(written),
    ]),
  );
  return csvTable([[...header, 'value', 'base value', 'difference', 'se'], ...lines]);
}

/** The same over time, line by line: a row a run and epoch, a column a series; empty where one of both has no value. */
export function* trajectoriesCsv(
  base: Run,
  others: readonly { run: Run; differences: RunColumns | undefined }[],
  names: readonly string[],
): Generator<string> {
  const { names: columns, values } = identities([base, ...others.map(({ run }) => run)]);
  yield csvLine([...columns(''), ...columns('base '), 'epoch', ...names]);
  for (const { run, differences } of others) {
    if (differences === undefined) continue;
    const identity = [...values(run), ...values(base)];
    for (let row = 0; row < differences.rows; row += 1)
      yield csvLine([
        ...identity,
        differences.step(row),
        ...names.map((name) => written(differences.inRow(name, row))),
      ]);
  }
}

/** What tells runs apart, as columns: of all of them, empty where a run has no such thing. */
function identities(runs: readonly Run[]): {
  names: (prefix: string) => string[];
  values: (run: Run) => (string | number)[];
} {
  const keys = [...new Set(runs.flatMap((run) => Object.keys(experimentOf(run).identity(run))))];
  return {
    names: (prefix) => ['run', ...keys].map((name) => `${prefix}${name}`),
    values: (run) => {
      const own = experimentOf(run).identity(run);
      return [run.id, ...keys.map((key) => own[key] ?? '')];
    },
  };
}

/** As many digits as a float32 has. */
function written(value: number): string {
  return Number.isNaN(value) ? '' : String(Number(value.toPrecision(7)));
}
