/** The table's header: what each column is, and by which of them the rows are sorted. */
import { html, type TemplateResult } from 'lit';
import { GRID_ORDER, type RunOrder, type SortColumn } from './run-order.js';

interface Column {
  column: SortColumn;
  cell: string;
  label: string;
  title?: string;
}

const COLUMNS: readonly Column[] = [
  { column: 'config', cell: 'label', label: 'dim × heads' },
  { column: 'hd', cell: 'hd', label: 'hd', title: 'head size = dim / heads' },
  { column: 'progress', cell: 'progress', label: 'progress' },
  { column: 'loss', cell: 'loss', label: 'loss' },
  { column: 'acc', cell: 'acc', label: 'acc', title: 'accuracy, %' },
  { column: 'act_emb', cell: 'cv', label: 'act_emb', title: 'CV of act_emb; a dot marks the band' },
];

/** Cells of a row, the actions' included. */
export const COLUMN_COUNT = COLUMNS.length + 1;

export function runTableHead(order: RunOrder, sort: (column: SortColumn) => void): TemplateResult {
  return html`<thead>
    <tr>
      ${COLUMNS.map(({ column, cell, label, title }) => {
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
