/** How the table lists runs: filter, status, order, folded sweeps, in the page's address; and which runs that leaves. */
import { RUN_STATUSES, type RunStatus } from '../../../shared/run.js';
import { experimentOf } from '../../experiments/experiments.js';
import { newestAccuracy, newestLoss } from '../../experiments/headline.js';
import type { RunColumns } from '../../data/run-columns.js';
import type { Filterable } from './filter-fields.js';
import { type RunFilter, runFilter } from './run-filter.js';
import { featureState, type Observatory } from '../observatory.js';
import type { RunLine } from '../run-lines.js';
import { type AddressField, list, oneOf, type PageAddress, text } from '../../data/page-address.js';
import { inOrder, orderCodec, type RunOrder, type SortColumn } from './run-order.js';
import { fullLabel } from '../run-words.js';

export type StatusFilter = 'any' | 'active' | RunStatus;

/** `active`: whatever a trainer holds or will hold. */
export const STATUS_FILTERS: readonly StatusFilter[] = ['any', 'active', ...RUN_STATUSES];

type ColumnsOf = (runId: string) => RunColumns | undefined;

/** How a page's table lists runs. */
export const tableChoice = featureState(({ address }) => new TableChoice(address));

/** What a command to several runs means: those that are shown and that the table lists. */
export function targetRuns(observatory: Observatory): RunLine[] {
  const { shownRuns, trajectories } = observatory;
  return tableChoice(observatory).listed(shownRuns.shown.value, (id) => trajectories.columns(id));
}

export class TableChoice {
  readonly filter: AddressField<string>;
  readonly status: AddressField<StatusFilter>;
  readonly order: AddressField<RunOrder>;
  /** Sweeps whose rows are out of sight. */
  readonly folded: AddressField<readonly string[]>;

  constructor(address: PageAddress) {
    this.filter = address.field('runs-filter', text());
    this.status = address.field('runs-status', oneOf(STATUS_FILTERS, 'any'));
    this.order = address.field('runs-order', orderCodec);
    this.folded = address.field('runs-folded', list());
  }

  get isFiltering(): boolean {
    return this.filter.value.trim() !== '' || this.status.value !== 'any';
  }

  clear(): void {
    this.filter.set('');
    this.status.set('any');
  }

  fold(sweepId: string): void {
    const folded = new Set(this.folded.value);
    if (!folded.delete(sweepId)) folded.add(sweepId);
    this.folded.set([...folded]);
  }

  /** Those of the lines that pass the filter, in the grid's order. */
  listed(lines: readonly RunLine[], columnsOf: ColumnsOf): RunLine[] {
    if (!this.isFiltering) return [...lines];
    const { matches } = this.#filter(lines);
    return lines.filter((line) => matches(filterable(line, columnsOf)));
  }

  /** What the filter does not understand of these lines, or does not find among them. */
  hints(lines: readonly RunLine[], columnsOf: ColumnsOf): string[] {
    return this.isFiltering ? this.#filter(lines).hints(lines.map((line) => filterable(line, columnsOf))) : [];
  }

  #filter(lines: readonly RunLine[]): RunFilter {
    const status = this.status.value;
    return runFilter(
      [this.filter.value, status === 'any' ? '' : `status=${status}`],
      lines.map(({ run }) => run),
    );
  }

  sorted(lines: readonly RunLine[], columnsOf: ColumnsOf): RunLine[] {
    return inOrder(lines, this.order.value, ({ run }, column) => sortValue(run, columnsOf(run.id), column));
  }
}

function filterable({ run, label }: RunLine, columnsOf: ColumnsOf): Filterable {
  return { run, label: fullLabel(label), last: (name) => columnsOf(run.id)?.last(name) ?? NaN };
}

function sortValue(run: RunLine['run'], columns: RunColumns | undefined, column: SortColumn): number {
  const { step, total } = run;
  const experiment = experimentOf(run);
  if (column === experiment.table.size?.field) return Number(experiment.field(run, column) ?? NaN);
  if (column === 'progress') return total === null ? NaN : Math.max(step, columns?.lastStep ?? 0) / Math.max(1, total);
  const last = (name: string): number => columns?.last(name) ?? NaN;
  if (column === 'loss') return newestLoss(run, last);
  return column === 'acc' ? newestAccuracy(run, last) : last(column);
}
