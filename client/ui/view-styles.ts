/** What the views of one epoch look alike in: the bar with the scrubber, cards, data tables, marks of the band. */
import { css } from 'lit';

export const epochViewStyles = css`
  :host {
    display: block;
  }
  .bar {
    position: sticky;
    top: var(--top, var(--header));
    z-index: 2;
    display: flex;
    flex-wrap: wrap;
    gap: 8px 14px;
    align-items: center;
    margin: -16px -18px 10px;
    padding: 10px 18px;
    background: var(--page);
    border-bottom: 1px solid var(--border);
  }
  .about {
    max-width: 92ch;
    margin: 0 2px 12px;
    color: var(--muted);
  }
  /* What cannot be told of some runs. */
  .without {
    margin: 0 2px 10px;
    color: var(--warn);
    font-size: 12px;
  }
  .segments {
    display: inline-flex;
    flex: none;
  }
  .segments button {
    border-radius: 0;
  }
  .segments button + button {
    margin-left: -1px;
  }
  .segments button:first-child {
    border-radius: 6px 0 0 6px;
  }
  .segments button:last-child {
    border-radius: 0 6px 6px 0;
  }
  .segments [aria-pressed='true'] {
    font-weight: 650;
    background: var(--row-highlighted);
  }
  .card {
    min-width: 0;
    margin-bottom: 14px;
    background: var(--panel);
    border: 1px solid var(--border);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
  }
  .card > header {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    align-items: center;
    padding: 7px 8px 5px 12px;
  }
  h2 {
    margin: 0;
    font-size: 13px;
    font-weight: 650;
  }
  .note {
    color: var(--faint);
    font-size: 12px;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    align-items: center;
    margin-left: auto;
  }
  .files {
    display: flex;
    gap: 4px;
  }
  .tools button {
    padding: 0 8px;
    color: var(--muted);
    font-size: 12px;
  }
  /* A shadow at the edge where columns go on: what scrolls along covers it at the end. */
  .scroller {
    position: relative;
    overflow-x: auto;
    background:
      linear-gradient(to left, var(--panel) 50%, transparent) right / 32px 100% no-repeat local,
      linear-gradient(to left, var(--edge), transparent) right / 14px 100% no-repeat scroll;
  }
  table {
    min-width: 100%;
    border-collapse: separate;
    border-spacing: 0;
  }
  th,
  td {
    height: var(--row);
    padding: 0 8px;
    text-align: right;
    white-space: nowrap;
    border-bottom: 1px solid var(--hairline);
  }
  tbody tr:last-child > * {
    border-bottom: 0;
  }
  thead th {
    color: var(--faint);
    font-size: 12px;
    font-weight: 400;
    border-bottom-color: var(--border);
  }
  tr > :first-child {
    position: sticky;
    left: 0;
    z-index: 1;
    padding-left: 12px;
    text-align: left;
    background: var(--panel);
  }
  tbody th {
    font-weight: 650;
  }
  tbody th small {
    color: var(--faint);
    font-size: 11px;
    font-weight: 400;
  }
  tr.highlighted > * {
    background: var(--row-highlighted);
  }
  .mark {
    display: inline-block;
    flex: none;
    box-sizing: border-box;
    width: 6px;
    height: 6px;
    margin-right: 5px;
    vertical-align: 1px;
    border: 0 solid var(--good);
    border-radius: 50%;
  }
  td.in {
    color: var(--good);
    font-weight: 650;
  }
  .in .mark,
  .mark.in {
    background: var(--good);
  }
  .undecided .mark,
  .mark.undecided {
    border-width: 1.5px;
  }
  .footnotes {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    margin: 0;
    padding: 6px 12px 8px;
    color: var(--faint);
    font-size: 12px;
    border-top: 1px solid var(--hairline);
  }
  .skeleton {
    display: inline-block;
    width: 42px;
    height: 9px;
    background: var(--skeleton);
    border-radius: 4px;
  }
  .hint {
    margin: 24px 2px;
    color: var(--muted);
  }
  @media (max-width: 760px) {
    .bar {
      top: calc(var(--header) + 42px);
      margin: -14px -10px 10px;
      padding: 8px 10px;
    }
  }
`;
