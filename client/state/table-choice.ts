/** How the table lists runs: filter, status, order, folded sweeps, in the page's address; and which runs that leaves. */
import { isActive, RUN_STATUSES, type RunStatus } from '../../shared/run.js';
import type { RunColumns } from './run-columns.js';
import { runFilter } from './run-filter.js';
import type { RunLine } from './run-lines.js';
import { type AddressField, list, oneOf, type PageAddress, text } from './page-address.js';
import { inOrder, orderCodec, type RunOrder, type SortColumn } from './run-order.js';

export type StatusFilter = 'any' | 'active' | RunStatus;

/** `active`: whatever a trainer holds or will hold. */
export const STATUS_FILTERS: readonly StatusFilter[] = ['any', 'active', ...RUN_STATUSES];

type ColumnsOf = (runId: string) => RunColumns | undefined;

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
    const { matches } = runFilter(this.filter.value);
    const status = this.status.value;
    return lines.filter((line) => {
      const { run, label } = line;
      if (status === 'active' ? !isActive(run.status) : status !== 'any' && run.status !== status) return false;
      const words = [
        label.main,
        label.main.replaceAll(' ', ''),
        label.more,
        run.name,
        run.notes,
        run.status,
        ...run.tags,
      ];
      return matches({ run, words: words.join(' '), last: (name) => columnsOf(run.id)?.last(name) ?? NaN });
    });
  }

  sorted(lines: readonly RunLine[], columnsOf: ColumnsOf): RunLine[] {
    return inOrder(lines, this.order.value, ({ run }, column) => sortValue(run, columnsOf(run.id), column));
  }
}

function sortValue(
  { config, epoch, epochs }: RunLine['run'],
  columns: RunColumns | undefined,
  column: SortColumn,
): number {
  if (column === 'hd') return config.headDim;
  if (column === 'progress') return Math.max(epoch, (columns?.rows ?? 0) - 1) / Math.max(1, epochs);
  return columns?.last(column === 'acc' ? 'accuracy' : column) ?? NaN;
}
