/** What a chart looks like: a panel with its name, its tools, the plot, and what is said of it. */
import { css } from 'lit';

export const chartStyles = css`
  :host {
    display: block;
    min-width: 0;
    padding: 10px 8px 6px;
    background: var(--panel);
    border: 1px solid var(--border);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
    contain: layout paint style;
  }
  /* In a frame of somebody else's, which it fills. */
  :host([plain]) {
    display: flex;
    flex-direction: column;
    padding: 0;
    background: none;
    border: 0;
    box-shadow: none;
  }
  :host([plain]) .head {
    display: none;
  }
  :host([plain]) .plot {
    flex: 1;
    height: auto;
    min-height: 0;
  }
  :host([dropping]) {
    border-color: var(--accent);
    box-shadow: inset 3px 0 var(--accent);
  }
  .head {
    position: relative;
    display: flex;
    gap: 8px;
    align-items: center;
    min-height: 24px;
    margin: -2px 0 2px 6px;
  }
  h3 {
    display: flex;
    flex: 1;
    gap: 8px;
    align-items: baseline;
    min-width: 0;
    margin: 0;
    font-size: 13px;
    font-weight: 650;
    white-space: nowrap;
  }
  [draggable='true'] h3 {
    cursor: grab;
  }
  h3 span {
    overflow: hidden;
    color: var(--faint);
    font-size: 12px;
    font-weight: 400;
    text-overflow: ellipsis;
  }
  /* Over the end of the note while they are wanted: they take no room from what can be read. */
  .tools {
    position: absolute;
    right: 0;
    display: flex;
    gap: 1px;
    padding-left: 6px;
    background: var(--panel);
    opacity: 0;
  }
  .tools:has(.pinned),
  :host(:hover) .tools,
  :host(:focus-within) .tools {
    opacity: 1;
  }
  .tools button {
    width: 24px;
    min-height: 24px;
    color: var(--faint);
    opacity: 0;
  }
  .tools .pinned,
  :host(:hover) .tools button,
  :host(:focus-within) .tools button {
    opacity: 1;
  }
  .tools button:hover {
    color: var(--text);
  }
  .tools .pinned {
    color: var(--accent);
  }
  .tools .icon svg {
    width: 14px;
    height: 14px;
  }
  .plot {
    position: relative;
    height: var(--plot-height, 150px);
  }
  .message {
    position: absolute;
    right: 14px;
    bottom: 30px;
    z-index: 1;
    margin: 0;
    padding: 0 5px;
    color: var(--muted);
    font-size: 11px;
    pointer-events: none;
    background: color-mix(in srgb, var(--panel) 82%, transparent);
    border-radius: 4px;
  }
  .uplot {
    position: absolute;
    font-family: inherit;
  }
  .u-over {
    cursor: crosshair;
  }
  .u-hz .u-cursor-x {
    border-right: 1px solid var(--cursor);
  }
  .u-select {
    background: color-mix(in srgb, var(--accent) 16%, transparent);
  }
  .marker {
    position: absolute;
    top: 0;
    left: 0;
    width: 10px;
    height: 10px;
    margin: -5px 0 0 -5px;
    border: 2px solid var(--panel);
    border-radius: 50%;
    pointer-events: none;
  }
  @media (hover: none), (max-width: 760px) {
    .head {
      min-height: var(--target);
      margin-right: -4px;
    }
    .tools {
      position: static;
      flex: none;
      opacity: 1;
    }
    /* Pin and enlarge are in the menu, too. */
    .tools button {
      display: none;
      width: var(--target);
      min-height: var(--target);
      opacity: 1;
    }
    .tools .more {
      display: inline-flex;
    }
  }
`;
