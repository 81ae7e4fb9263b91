/** What several elements look alike in: buttons, icons, focus. */
import { css } from 'lit';

export const commonStyles = css`
  :host {
    box-sizing: border-box;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  button {
    display: inline-flex;
    gap: 7px;
    align-items: center;
    justify-content: center;
    min-height: var(--target);
    padding: 0 11px;
    color: var(--text);
    font: inherit;
    font-weight: 500;
    white-space: nowrap;
    cursor: pointer;
    background: var(--raised);
    border: 1px solid var(--border);
    border-radius: 6px;
  }
  button:hover:not(:disabled, [aria-disabled='true']) {
    border-color: var(--border-strong);
  }
  /* The keyboard stays on a button that is aria-disabled: it waits, or has done what it can. */
  button:is(:disabled, [aria-disabled='true']) {
    color: var(--faint);
    cursor: default;
    opacity: 0.55;
  }
  button.primary {
    color: var(--on-accent);
    font-weight: 650;
    background: var(--accent);
    border-color: transparent;
  }
  button.primary:hover:not(:disabled) {
    background: var(--accent-hover);
    border-color: transparent;
  }
  button.plain {
    background: none;
    border-color: transparent;
  }
  button.plain:hover:not(:disabled) {
    background: var(--sunken);
  }
  button.square {
    width: var(--target);
    padding: 0;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }
  .icon {
    display: inline-flex;
  }
  .icon svg {
    width: 15px;
    height: 15px;
  }
  .icon.pause svg,
  .icon.resume svg,
  .icon.stop svg {
    width: 12px;
    height: 12px;
    fill: currentColor;
  }
  .swatch {
    flex: none;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
