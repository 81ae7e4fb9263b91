/** The look of the heatmap. */
import { css } from 'lit';

export const heatmapStyles = css`
  .grid {
    width: calc(100% - 18px);
    min-width: 0;
    margin: 0 9px 9px;
    border-spacing: 3px;
  }
  .grid th,
  .grid td {
    height: auto;
    padding: 0;
    text-align: center;
    border: 0;
  }
  .grid thead th {
    height: 24px;
  }
  .grid tr > :first-child {
    width: 1%;
    padding: 0 10px 0 3px;
    text-align: right;
  }
  .grid tbody th small {
    display: block;
  }
  .corner {
    color: var(--faint);
    font-size: 12px;
    font-weight: 400;
  }
  .cell {
    position: relative;
    display: grid;
    align-content: center;
    justify-items: center;
    width: 100%;
    min-width: 104px;
    height: 62px;
    padding: 0 8px;
    color: inherit;
    font-weight: 650;
    line-height: 17px;
    text-decoration: none;
    background: none;
    border: 0;
    border-radius: 5px;
  }
  .cell small {
    font-size: 11px;
    font-weight: 400;
  }
  .grid td {
    border-radius: 5px;
  }
  .band .cell {
    box-shadow: inset 0 0 0 2px currentColor;
  }
  /* Broken and hollow where the band is: undecided is seen without its colour. */
  .undecided .cell::before {
    position: absolute;
    inset: 0;
    content: '';
    border: 2px dashed currentColor;
    border-radius: 5px;
  }
  .dot {
    display: inline-block;
    width: 6px;
    height: 6px;
    margin-right: 5px;
    vertical-align: 2px;
    background: currentColor;
    border-radius: 50%;
  }
  .undecided .dot {
    box-sizing: border-box;
    background: none;
    border: 1.5px solid currentColor;
  }
  td.highlighted .cell {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }
  td.none {
    color: var(--faint);
    background: var(--sunken);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 20px;
    align-items: center;
    padding: 2px 12px 12px;
    color: var(--muted);
    font-size: 12px;
  }
  .ring {
    display: inline-block;
    width: 13px;
    height: 13px;
    margin-right: 6px;
    vertical-align: -2px;
    border: 2px solid currentColor;
    border-radius: 4px;
  }
  .ring.open {
    border-style: dashed;
  }
  .legend text {
    fill: var(--faint);
    font-size: 11px;
  }
  .legend .in-band {
    fill: none;
    stroke: var(--good);
    stroke-width: 2;
  }
  .runs {
    margin: 0 12px 12px;
    color: var(--muted);
  }
  .runs a {
    margin-left: 12px;
    color: var(--accent);
  }
  @media (max-width: 760px) {
    .grid tr > :first-child {
      padding-right: 6px;
    }
    .corner {
      line-height: 1.2;
      white-space: normal;
    }
    .cell {
      min-width: 66px;
      padding: 0 3px;
      white-space: normal;
    }
  }
`;
