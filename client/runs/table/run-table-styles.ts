/** How the table of runs is laid out: dense columns on a desk, fewer of them and big targets on a phone. */
import { css } from 'lit';

export const runTableStyles = css`
  :host {
    display: block;
  }
  table {
    width: 100%;
    table-layout: fixed;
    border-collapse: collapse;
  }
  th,
  td {
    height: var(--row);
    padding: 0 0 0 6px;
    font-weight: 400;
    text-align: right;
    white-space: nowrap;
    border-bottom: 1px solid var(--hairline);
  }
  thead th {
    position: sticky;
    top: var(--sticky-top, 0);
    z-index: 2;
    height: 28px;
    color: var(--faint);
    font-size: 12px;
    background: var(--panel);
  }
  .sort {
    position: relative;
    gap: 0;
    min-height: 24px;
    padding: 0;
    color: inherit;
    font-weight: 400;
  }
  .sort.sort:hover {
    color: var(--text);
    background: none;
    border-color: transparent;
  }
  [aria-sort='ascending'] .sort,
  [aria-sort='descending'] .sort {
    color: var(--text);
    font-weight: 650;
  }
  /* Beside the words and not among them: nothing moves. */
  [aria-sort='ascending'] .sort::before,
  [aria-sort='descending'] .sort::before {
    position: absolute;
    right: calc(100% + 2px);
    font-size: 8px;
    content: '▲';
  }
  [aria-sort='descending'] .sort::before {
    content: '▼';
  }
  .space td {
    border: 0;
  }
  /* As wide as its words: the progress takes what the window leaves. */
  .label {
    width: 103px;
    padding-left: 16px;
    text-align: left;
  }
  .wide-labels .label {
    width: 122px;
  }
  .long-labels .label {
    width: 156px;
  }
  .hd {
    width: 32px;
  }
  /* Not display: none, or cells that span all columns would make another. */
  .more-actions,
  .long-labels .hd {
    width: 0;
    padding: 0;
    overflow: hidden;
    visibility: hidden;
  }
  .plain .hd,
  .plain .cv {
    width: 0;
    padding: 0;
    overflow: hidden;
    visibility: hidden;
  }
  .plain .label {
    width: 196px;
  }
  .plain .acc {
    width: 62px;
    padding-right: 16px;
  }
  td.more-actions {
    position: relative;
  }
  .more-actions .visually-hidden {
    right: 0;
  }
  .loss {
    width: 56px;
  }
  .acc {
    width: 46px;
  }
  .cv {
    width: 73px;
    padding-right: 16px;
  }
  .hint {
    margin: 8px 16px 16px;
    color: var(--faint);
    font-size: 12px;
  }
  .link {
    min-height: 24px;
    padding: 0 4px;
    color: var(--accent);
  }
  @media (max-width: 1100px) {
    .hd {
      width: 0;
      padding: 0;
      overflow: hidden;
      visibility: hidden;
    }
  }
  @media (hover: none), (max-width: 760px) {
    .hd {
      width: 0;
      padding: 0;
      overflow: hidden;
      visibility: hidden;
    }
    .label {
      width: 96px;
      padding-left: 12px;
    }
    .wide-labels .label {
      width: 114px;
    }
    .long-labels .label {
      width: 120px;
    }
    .plain .label {
      width: 158px;
    }
    .plain .acc {
      width: 43px;
      padding-right: 0;
    }
    .sort {
      min-height: var(--target);
    }
    .loss {
      width: 53px;
    }
    .acc {
      width: 43px;
    }
    .cv {
      width: 58px;
      padding-right: 0;
    }
    th,
    td {
      padding-left: 4px;
    }
    .more-actions {
      width: 40px;
      padding: 0;
      line-height: 0;
      visibility: visible;
    }
    .link {
      min-height: var(--target);
    }
  }
  @media (max-width: 360px) {
    .acc {
      width: 0;
      padding: 0;
      overflow: hidden;
      visibility: hidden;
    }
  }
`;
