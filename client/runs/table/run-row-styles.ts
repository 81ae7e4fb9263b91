/** How a run's own row in the table looks: its line's name, its state in colour, what can be done to it. */
import { css } from 'lit';

export const runRowStyles = css`
  .controls-menu {
    display: none;
  }
  tr.run {
    cursor: pointer;
    /* A double tap chooses and does not zoom. */
    touch-action: manipulation;
  }
  tr.about {
    cursor: pointer;
  }
  tr:is(.run, .about).highlighted,
  tr.run:hover,
  tr.about:hover {
    background: var(--row-highlighted);
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
  /* A program may call its run anything. */
  .program .main {
    display: -webkit-box;
    overflow: hidden;
    line-height: 1.25;
    white-space: normal;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
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
  .run:has(+ .about) > * {
    border-bottom-color: transparent;
  }
  .about td {
    height: auto;
    padding: 0 16px 3px 43px;
    text-align: left;
    white-space: normal;
  }
  .about div {
    display: flex;
    flex-wrap: wrap;
    gap: 0 4px;
    align-items: center;
    margin-top: -2px;
  }
  .given {
    min-width: 0;
    margin-right: 4px;
    color: var(--muted);
    font-size: 12px;
    line-height: 1.3;
    overflow-wrap: anywhere;
  }
  button.tag {
    max-width: 100%;
    min-height: 24px;
    padding: 0;
    border: 0;
  }
  .tag span {
    overflow: hidden;
    padding: 0 7px;
    color: var(--muted);
    font-size: 11px;
    font-weight: 500;
    line-height: 16px;
    text-overflow: ellipsis;
    background: var(--sunken);
    border: 1px solid var(--border);
    border-radius: 9px;
  }
  .tag:hover span {
    color: var(--text);
    border-color: var(--border-strong);
  }
  .tag[aria-pressed='true'] span {
    color: var(--accent);
    border-color: var(--accent);
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
  /* Quiet: its frames may still come. */
  .silent {
    --bar: var(--border-strong);
  }
  .silent .word.word {
    color: var(--muted);
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
  tr:has(+ .reason) > * {
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
  .cv.in {
    color: var(--good);
    font-weight: 650;
  }
  .cv:is(.in, .undecided)::before {
    display: inline-block;
    width: 6px;
    height: 6px;
    margin-right: 4px;
    vertical-align: 1px;
    content: '';
    background: currentColor;
    border-radius: 50%;
  }
  .cv.undecided::before {
    box-sizing: border-box;
    background: none;
    border: 1.5px solid var(--good);
  }
  .controls {
    position: absolute;
    top: 50%;
    right: 26px;
    display: flex;
    gap: 3px;
    padding-left: 12px;
    background: linear-gradient(to right, transparent, var(--row-highlighted) 10px);
    opacity: 0;
    translate: 0 -50%;
  }
  .controls button {
    width: 24px;
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
  /* Beside the word that tells the state, not upon it. */
  .run:is(:hover, :has(.controls:focus-within)):has(.controls) .cell {
    display: flex;
    gap: 5px;
    justify-content: end;
  }
  .run:is(:hover, :has(.controls:focus-within)):has(.controls) :is(.track, .epoch) {
    display: none;
  }
  .run:is(:hover, :focus-within) .controls:is(.run:hover *, :focus-within) {
    position: static;
    padding: 0;
    background: none;
    translate: none;
  }
  @media (hover: none), (max-width: 760px) {
    .hd-inline {
      display: block;
    }
    .name {
      min-height: var(--target);
    }
    .words {
      line-height: 1.3;
    }
    .about td {
      padding-left: 39px;
    }
    button.tag {
      min-height: var(--target);
    }
    .controls-menu {
      display: inline-flex;
      width: 40px;
      color: var(--faint);
      vertical-align: middle;
    }
    .cv:is(.in, .undecided)::before {
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
    /* Before the first time left is known its line is there: the bar must not jump when it comes. */
    .running .word:empty {
      display: block;
    }
    .running .word:empty::before {
      content: '\\200b';
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
  }
`;
