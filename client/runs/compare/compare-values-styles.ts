/** How the table of compared values looks. */
import { css } from 'lit';

export const compareValuesStyles = css`
  .tools [aria-pressed='true'] {
    color: var(--text);
    background: var(--row-highlighted);
  }
  .scrub {
    display: flex;
    max-width: 620px;
    padding: 0 12px 6px;
  }
  .about {
    margin: 0;
    padding: 0 12px 8px;
    font-size: 12px;
  }
  p.none {
    margin: 0;
    padding: 2px 12px 10px;
    color: var(--muted);
  }
  /* Sixteen heads have 120 series: the names of the runs stay in sight. */
  .scroller {
    max-height: 76vh;
    overflow: auto;
  }
  thead {
    position: sticky;
    top: 0;
    z-index: 2;
  }
  thead tr > * {
    background: var(--panel);
  }
  /* Two runs are read side by side: no wider than they need. */
  table {
    min-width: 0;
  }
  tr > :first-child {
    padding-right: 22px;
  }
  .edge {
    padding-left: 22px;
    border-left: 1px solid var(--hairline);
  }
  .name {
    display: inline-flex;
    gap: 7px;
    align-items: center;
    min-width: 76px;
    max-width: 210px;
    color: var(--text);
    font-weight: 650;
    white-space: normal;
  }
  @media (max-width: 760px) {
    .edge {
      padding-left: 10px;
    }
    .name {
      flex-direction: column;
      gap: 2px;
      align-items: flex-end;
      min-width: 48px;
    }
    tr > :first-child {
      padding-right: 6px;
    }
  }
  .value {
    color: var(--muted);
  }
  small {
    color: var(--faint);
    font-size: 11px;
    font-weight: 400;
  }
  .clear {
    font-weight: 650;
  }
  .unclear,
  td.none {
    color: var(--faint);
  }
  tbody + tbody > tr:first-child > * {
    border-top: 1px solid var(--border);
  }
`;
