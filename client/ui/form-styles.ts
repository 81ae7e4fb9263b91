/** What small inputs in a line look alike in. */
import { css } from 'lit';

export const formStyles = css`
  select,
  input:not([type='range'], [type='checkbox']) {
    min-width: 0;
    min-height: max(28px, var(--target));
    padding: 0 7px;
    color: var(--text);
    font: inherit;
    background: var(--raised);
    border: 1px solid var(--border);
    border-radius: 6px;
    text-overflow: ellipsis;
  }
  input::placeholder {
    color: var(--faint);
    opacity: 1;
  }
  input[aria-invalid='true'] {
    border-color: var(--warn);
  }
  input[type='range'],
  input[type='checkbox'] {
    margin: 0;
    accent-color: var(--accent);
  }
`;
