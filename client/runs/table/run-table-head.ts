/** The table's header: what each column is, and by which of them the rows are sorted. */
import { html, type TemplateResult } from 'lit';
import type { TableColumns } from '../../experiments/experiment.js';
import { GRID_ORDER, type RunOrder, type SortColumn } from './run-order.js';

interface Column {
  /** Undefined where no run has anything there. */
  column: SortColumn | undefined;
  cell: string;
  label: string;
  title?: string;
}

function columnsOf({ label, size, newest }: TableColumns): readonly Column[] {
  return [
    { column: 'config', cell: 'label', label },
    { column: size?.field, cell: 'hd', label: size?.label ?? '', ...(size !== undefined && { title: size.title }) },
    { column: 'progress', cell: 'progress', label: 'progress' },
    { column: 'loss', cell: 'loss', label: 'loss' },
    { column: 'acc', cell: 'acc', label: 'acc', title: 'accuracy, %' },
    {
      ...{ column: newest?.series, cell: 'cv', label: newest?.series ?? '' },
      ...(newest !== undefined && { title: newest.title }),
    },
  ];
}

/** Cells of a row, the actions' included. */
export const COLUMN_COUNT = 7;

/** @param table what the columns are for the listed runs */
export function runTableHead(order: RunOrder, table: TableColumns, sort: (column: SortColumn) => void): TemplateResult {
  return html`<thead>
    <tr>
      ${columnsOf(table).map(({ column, cell, label, title }) => {
        if (column === undefined) return html`<td class=${cell}></td>`;
        const sorted = order.column === column && order !== GRID_ORDER;
        const direction = order.descending ? 'descending' : 'ascending';
        return html`<th scope="col" class=${cell} aria-sort=${sorted ? direction : 'none'}>
          <button
            class="plain sort"
            title=${title === undefined ? 'sort' : `${title}; sort`}
            @click=${() => sort(column)}
          >
            ${label}
          </button>
        </th>`;
      })}
      <th scope="col" class="more-actions"><span class="visually-hidden">actions</span></th>
    </tr>
  </thead>`;
}
