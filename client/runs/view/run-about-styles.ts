/** How a run's notes and the form that changes them look. */
import { css } from 'lit';

export const runAboutStyles = css`
  :host {
    display: flex;
    min-width: 0;
  }
  .card {
    flex: 1;
    min-width: 0;
    background: var(--panel);
    border: 1px solid var(--border);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
  }
  header {
    display: flex;
    gap: 8px;
    align-items: center;
    justify-content: space-between;
    padding: 7px 8px 3px 12px;
  }
  h2 {
    margin: 0;
    font-size: 13px;
    font-weight: 650;
  }
  .edit {
    padding: 0 8px;
    color: var(--muted);
    font-size: 12px;
  }
  .text {
    max-height: 190px;
    padding: 0 12px 12px;
    overflow: auto;
  }
  .tags {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    margin: 0 0 8px;
    padding: 0;
    list-style: none;
  }
  .tags li {
    padding: 1px 8px;
    color: var(--muted);
    font-size: 12px;
    overflow-wrap: anywhere;
    background: var(--sunken);
    border: 1px solid var(--border);
    border-radius: 10px;
  }
  p {
    margin: 0;
  }
  .notes {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .none {
    color: var(--faint);
  }
  form {
    padding: 2px 12px 12px;
  }
  .field {
    display: grid;
    grid-template-columns: 52px minmax(0, 1fr);
    gap: 2px 10px;
    align-items: start;
  }
  label {
    padding-top: 7px;
    color: var(--muted);
  }
  input,
  textarea {
    width: 100%;
    min-width: 0;
    min-height: max(32px, var(--target));
    padding: 5px 10px;
    color: var(--text);
    font: inherit;
    background: var(--sunken);
    border: 1px solid var(--border-strong);
    border-radius: 6px;
  }
  textarea {
    resize: vertical;
  }
  [aria-invalid='true'] {
    border-color: var(--bad);
  }
  small {
    grid-column: 2;
    min-height: 16px;
    margin-bottom: 3px;
    color: var(--faint);
    font-size: 11px;
    overflow-wrap: anywhere;
  }
  .problem {
    color: var(--bad);
  }
  footer {
    display: flex;
    gap: 8px;
    justify-content: end;
    margin-top: 4px;
  }
`;
