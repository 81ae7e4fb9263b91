/** What the lists look alike in that open beside a button. */
import { css } from 'lit';

export const menuStyles = css`
  [popover] {
    position: fixed;
    inset: auto;
    min-width: 190px;
    margin: 0;
    padding: 4px;
    color: var(--text);
    background: var(--raised);
    border: 1px solid var(--border);
    border-radius: var(--radius);
    box-shadow: var(--shadow-float);
  }
  p {
    margin: 4px 11px 2px;
    color: var(--faint);
    font-size: 12px;
  }
  [popover] > button {
    display: flex;
    justify-content: start;
    width: 100%;
    min-height: max(32px, var(--target));
  }
  [popover] > button .icon {
    justify-content: center;
    width: 18px;
    color: var(--muted);
  }
`;
