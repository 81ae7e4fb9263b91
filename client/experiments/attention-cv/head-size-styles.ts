/** The look of the head-size view. */
import { css } from 'lit';

export const headSizeStyles = css`
  .answers {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(330px, 100%), 1fr));
    gap: 8px 36px;
    margin: 0 2px 16px;
  }
  .answers h2 {
    margin-bottom: 5px;
  }
  dl {
    display: grid;
    grid-template-columns: fit-content(60%) minmax(0, 1fr);
    gap: 3px 16px;
    margin: 0;
  }
  dt {
    font-weight: 650;
  }
  dt.in {
    color: var(--good);
  }
  dt.open {
    font-weight: 400;
  }
  dd,
  dt.open {
    color: var(--muted);
  }
  dd {
    margin: 0;
  }
  .large {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr) 264px;
    gap: 8px;
  }
  .large head-size-figure {
    margin: 2px 0 6px 4px;
  }
  .nothing {
    position: absolute;
    top: 130px;
    left: 0;
    width: calc(100% - 272px);
    margin: 0;
    color: var(--faint);
    text-align: center;
  }
  .aside {
    padding: 6px 14px 10px 10px;
  }
  .aside h3 {
    margin: 0 0 8px;
    color: var(--faint);
    font-size: 12px;
    font-weight: 400;
  }
  .aside p {
    margin: 10px 0 0;
  }
  .share {
    display: grid;
    grid-template-columns: 64px minmax(0, 1fr) 46px;
    white-space: nowrap;
    gap: 8px;
    align-items: center;
    height: 22px;
    color: var(--muted);
  }
  .share b {
    font-weight: 400;
    text-align: right;
  }
  .share.decides,
  .share.decides b {
    color: var(--text);
    font-weight: 650;
  }
  .track {
    display: block;
    width: 100%;
    height: 6px;
    overflow: hidden;
    background: var(--track);
    border-radius: 3px;
  }
  .track rect {
    fill: var(--border-strong);
  }
  .share.decides .track rect {
    fill: var(--accent);
  }
  details {
    border-top: 1px solid var(--hairline);
  }
  summary {
    min-height: var(--target);
    padding: 4px 12px;
    color: var(--muted);
    font-size: 12px;
    line-height: calc(var(--target) - 8px);
    cursor: pointer;
  }
  h2.apart {
    margin: 20px 2px 8px;
    color: var(--muted);
  }
  h2 .note {
    margin-left: 6px;
    font-weight: 400;
  }
  .small {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(170px, 100%), 1fr));
    gap: var(--gap);
    margin-bottom: 18px;
  }
  .small button {
    display: block;
    min-width: 0;
    padding: 7px 4px 2px;
    text-align: left;
    background: var(--panel);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
  }
  .small [aria-pressed='true'] {
    border-color: var(--accent);
  }
  .small .name {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
    align-items: baseline;
    justify-content: space-between;
    padding: 0 5px 3px;
    font-weight: 650;
  }
  .small .note {
    font-weight: 400;
  }
  .small .note.decides {
    color: var(--muted);
  }
  thead tr:first-child > * {
    height: 22px;
    border-bottom: 0;
  }
  .sizes-table .edge {
    padding-left: 16px;
    border-left: 1px solid var(--hairline);
  }
  td.decides {
    font-weight: 650;
  }
  td.none {
    color: var(--faint);
  }
  .some .mark {
    background: linear-gradient(90deg, var(--good) 50%, transparent 50%);
    border-width: 1px;
  }
  @media (max-width: 760px) {
    .large {
      grid-template-columns: minmax(0, 1fr);
    }
    .nothing {
      width: 100%;
    }
    .aside {
      padding: 0 14px 12px;
    }
    .small {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    /* What explains the differences stands at each figure above. */
    .sizes-table :is(.explained, small) {
      display: none;
    }
    .sizes-table :is(th, td) {
      height: 36px;
      padding: 0 6px 0 0;
    }
    .sizes-table tr > :first-child {
      padding-left: 12px;
    }
    .sizes-table .mark {
      margin-right: 3px;
    }
    head-size-figure:not([small]) {
      height: 280px;
    }
  }
  @media (max-width: 374px) {
    dl {
      grid-template-columns: minmax(0, 1fr);
    }
    dd {
      margin-bottom: 4px;
    }
  }
`;
