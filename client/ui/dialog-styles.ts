/** What the dialogs look alike in. */
import { css } from 'lit';

export const dialogStyles = css`
  dialog {
    width: min(420px, calc(100vw - 24px));
    padding: 20px;
    color: var(--text);
    background: var(--panel);
    border: 1px solid var(--border);
    border-radius: 10px;
    box-shadow: var(--shadow-float);
  }
  dialog::backdrop {
    background: #05070a80;
  }
  h2 {
    margin: 0 0 2px;
    font-size: 16px;
  }
  .how {
    margin: 0 0 16px;
    color: var(--muted);
  }
  input {
    min-height: max(32px, var(--target));
    padding: 0 10px;
    color: var(--text);
    font: inherit;
    background: var(--sunken);
    border: 1px solid var(--border-strong);
    border-radius: 6px;
  }
  .refusal {
    margin: 0 0 4px;
    color: var(--bad);
  }
  footer {
    display: flex;
    gap: 8px;
    justify-content: end;
    margin-top: 16px;
  }
  footer button {
    min-height: max(32px, var(--target));
    padding: 0 15px;
  }
`;
