/** How the table of runs looks: dense rows on a desk, two lines and big targets on a phone. */
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
  td.more-actions {
    position: relative;
  }
  .more-actions .visually-hidden {
    right: 0;
  }
  .controls-menu {
    display: none;
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
  tr.run {
    cursor: pointer;
    /* A double tap chooses and does not zoom. */
    touch-action: manipulation;
  }
  tr.run.lit,
  tr.run:hover {
    background: var(--row-lit);
  }
  tr.hidden {
    color: var(--faint);
  }
  tr.hidden :is(.swatch, .track) {
    opacity: 0.3;
  }
  tr.hidden .cv {
    color: inherit;
  }
  tr:is(.hidden, .replaced) .main {
    font-weight: 400;
  }
  tr.replaced {
    color: var(--muted);
  }
  tr.replaced .track {
    opacity: 0.5;
  }
  .name {
    gap: 8px;
    justify-content: start;
    width: 100%;
    min-height: 24px;
    padding: 0;
    color: inherit;
    text-align: left;
  }
  .name.name:hover {
    background: none;
    border-color: transparent;
  }
  .main {
    font-weight: 650;
  }
  small {
    color: var(--faint);
    font-size: 11px;
    font-weight: 400;
  }
  small.more {
    display: block;
    margin-bottom: 3px;
    line-height: 1.1;
    white-space: normal;
  }
  .words {
    min-width: 0;
  }
  small.given {
    display: block;
    overflow: hidden;
    margin-bottom: 3px;
    line-height: 1.2;
    text-overflow: ellipsis;
  }
  .hd-inline {
    display: none;
  }
  .cell {
    position: relative;
  }
  .state {
    display: flex;
    gap: 6px;
    align-items: center;
    justify-content: end;
  }
  .word {
    flex: none;
    color: var(--faint);
    font-size: 12px;
  }
  .track {
    /* Gives way to the words. */
    flex: 0 1 36px;
    min-width: 0;
    height: 4px;
    overflow: hidden;
    background: var(--track);
    border-radius: 2px;
  }
  .track rect {
    fill: var(--bar, var(--muted));
  }
  .epoch {
    flex: none;
    min-width: 20px;
    color: var(--muted);
  }
  .running,
  .stopping {
    --bar: var(--accent);
  }
  .completed {
    --bar: var(--bar-good);
  }
  .pausing,
  .paused {
    --bar: var(--bar-warn);
  }
  .pausing .word,
  .paused .word {
    color: var(--warn);
  }
  .failed,
  .diverged {
    --bar: var(--bad);
  }
  .failed .word,
  .diverged .word,
  .reason td {
    color: var(--bad);
  }
  .run:has(+ .reason) > * {
    border-bottom-color: transparent;
  }
  .reason td {
    height: auto;
    padding: 0 16px 8px 43px;
    font-size: 12px;
    line-height: 1.4;
    text-align: left;
    white-space: normal;
    overflow-wrap: anywhere;
  }
  .cv.band {
    color: var(--good);
    font-weight: 650;
  }
  .cv.band::before {
    display: inline-block;
    width: 6px;
    height: 6px;
    margin-right: 4px;
    vertical-align: 1px;
    content: '';
    background: currentColor;
    border-radius: 50%;
  }
  .controls {
    position: absolute;
    top: 50%;
    right: 26px;
    display: flex;
    gap: 3px;
    padding-left: 12px;
    background: linear-gradient(to right, transparent, var(--row-lit) 10px);
    opacity: 0;
    translate: 0 -50%;
  }
  .controls button {
    width: 26px;
    min-height: 24px;
  }
  .controls .icon svg {
    width: 12px;
    height: 12px;
  }
  .controls .icon.more svg {
    width: 16px;
    height: 16px;
  }
  .run:hover .controls,
  .controls:focus-within {
    opacity: 1;
  }
  .run:hover:has(.controls) :is(.word, .track),
  .run:has(.controls:focus-within) :is(.word, .track) {
    visibility: hidden;
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
    .hd-inline {
      display: block;
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
    .name,
    .sort {
      min-height: var(--target);
    }
    .words {
      line-height: 1.3;
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
    .controls-menu {
      display: inline-flex;
      width: 40px;
      color: var(--faint);
      vertical-align: middle;
    }
    .cv.band::before {
      width: 5px;
      height: 5px;
      margin-right: 3px;
    }
    .cell {
      display: flex;
      gap: 6px;
      align-items: center;
      justify-content: end;
    }
    .state {
      display: grid;
      grid-template-columns: 1fr auto;
      flex: 1;
      gap: 0 5px;
      min-width: 0;
    }
    .word {
      grid-column: 1 / -1;
      font-size: 11px;
      line-height: 1.3;
    }
    .word:empty {
      display: none;
    }
    .track {
      width: 100%;
    }
    .epoch {
      min-width: 20px;
    }
    .controls {
      display: none;
    }
    .run:hover:has(.controls) :is(.word, .track),
    .run:has(.controls:focus-within) :is(.word, .track) {
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
