/** Groups of small charts that can be folded, in the views of one run and of several side by side. */
import { css } from 'lit';

export const chartGridStyles = css`
  :host {
    display: block;
  }
  section {
    margin-bottom: 14px;
  }
  h3 {
    margin: 0 0 6px;
    font-size: 13px;
  }
  h3 button {
    gap: 6px;
    max-width: 100%;
    min-height: max(24px, var(--target) - 4px);
    padding: 0 6px 0 0;
    color: var(--muted);
    font-weight: 650;
  }
  h3 button.plain:hover {
    color: var(--text);
    background: none;
  }
  [aria-expanded='false'] .icon {
    rotate: -90deg;
  }
  .note {
    overflow: hidden;
    text-overflow: ellipsis;
    color: var(--faint);
    font-size: 12px;
    font-weight: 400;
  }
  .charts {
    display: grid;
    gap: var(--gap);
  }
`;
