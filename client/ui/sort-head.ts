/** A column's head that orders its table. */
import { css, html, nothing, type TemplateResult } from 'lit';

export interface SortHead {
  /** What the order is called by; after a `-` from large to small. '' = the table's own order. */
  key: string;
  words: string;
  /** The order as it is now. */
  sort: string;
  choose: (sort: string) => void;
  title?: string;
  /** What the button is called where its words do not say enough. */
  label?: string;
  kind?: string;
  /** Which way is first: names are read from a to z. */
  first?: Direction;
}

export const sortHeadStyles = css`
  th button {
    position: relative;
    min-height: calc(var(--row) - 2px);
    margin-right: -6px;
    padding: 0 6px;
    color: inherit;
    font-weight: inherit;
  }
  th:first-child button {
    margin-left: -6px;
  }
  th[aria-sort] {
    color: var(--text);
  }
  /* Beside the words and not among them: nothing moves. */
  .way {
    position: absolute;
    right: calc(100% - 5px);
    font-size: 11px;
  }
  th:first-child .way {
    right: auto;
    left: calc(100% - 5px);
  }
`;

export function sortHead(head: SortHead): TemplateResult {
  const { key, words, sort, choose, title = `order by ${words}`, label, kind = '', first } = head;
  const now = directionOf(sort, key);
  return html`<th scope="col" class=${kind} aria-sort=${now ?? nothing} data-column=${key}>
    <button
      class="plain"
      title=${title}
      aria-label=${label ?? nothing}
      @click=${() => choose(nextSort(sort, key, first))}
    >
      ${words}${now === undefined ? nothing : html`<span class="way" aria-hidden="true">${now === 'ascending' ? '↑' : '↓'}</span>`}
    </button>
  </th>`;
}

/** The order of a table as one word: a column's key, after a `-` from large to small; '' = the table's own. */
export type Direction = 'ascending' | 'descending';

export function directionOf(sort: string, key: string): Direction | undefined {
  if (key === '') return undefined;
  return sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : undefined;
}

/** What a press on the column's head asks for: largest first, then smallest first, then the table's own order. */
export function nextSort(sort: string, key: string, first: Direction = 'descending'): string {
  const orders = first === 'descending' ? [`-${key}`, key] : [key, `-${key}`];
  return key === '' ? '' : (orders[orders.indexOf(sort) + 1] ?? '');
}
