/** How the form of a new sweep is laid out: fields beside the preview, on a phone above it. */
import { css } from 'lit';

export const sweepFormStyles = css`
  dialog {
    width: min(800px, calc(100vw - 24px));
    /* As high whatever is unfolded or wrong: a dialog that grows moves what is under the pointer. */
    height: min(680px, calc(100dvh - 24px));
    padding: 0;
  }
  dialog[open] {
    display: flex;
  }
  form {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-width: 0;
  }
  .head {
    padding: 18px 20px 0;
  }
  .how {
    margin: 0 0 10px;
  }
  .columns {
    display: grid;
    flex: 1;
    grid-template-columns: minmax(0, 1fr) 290px;
    min-height: 0;
    overflow: hidden;
  }
  .fields {
    /* The ring around the first field, too. */
    padding: 4px 20px 8px;
    overflow-y: auto;
  }
  .field {
    display: grid;
    grid-template-columns: 104px minmax(0, 1fr);
    gap: 2px 12px;
    align-items: center;
  }
  label {
    color: var(--muted);
  }
  input {
    /* Not inherited through an unfolded part. */
    box-sizing: border-box;
    width: 100%;
    min-width: 0;
  }
  input[type='checkbox'] {
    width: 16px;
    min-height: 16px;
    margin: 5px 0;
    accent-color: var(--accent);
  }
  input[aria-invalid='true'] {
    border-color: var(--bad);
  }
  /* Always as high as one line, so that a message moves nothing. */
  .field small {
    grid-column: 2;
    min-height: 16px;
    margin-bottom: 5px;
    color: var(--faint);
    font-size: 11px;
    overflow-wrap: anywhere;
  }
  .field small.problem {
    color: var(--bad);
  }
  details {
    margin-top: 2px;
    border-top: 1px solid var(--hairline);
  }
  summary {
    display: flex;
    gap: 6px;
    align-items: center;
    min-height: max(34px, var(--target));
    color: var(--muted);
    cursor: pointer;
    list-style: none;
  }
  summary .icon {
    rotate: -90deg;
  }
  details[open] summary .icon {
    rotate: none;
  }
  .preview {
    display: flex;
    flex-direction: column;
    min-height: 0;
    padding: 0 16px 0;
    border-left: 1px solid var(--hairline);
  }
  h3 {
    margin: 6px 0 0;
    font-size: 13px;
    font-weight: 650;
  }
  .time {
    min-height: 38px;
    margin: 0 0 6px;
    color: var(--muted);
    text-wrap: pretty;
  }
  .configs {
    flex: 1;
    min-height: 0;
    overflow: auto;
  }
  table {
    width: 100%;
    border-collapse: separate;
    border-spacing: 0;
  }
  th,
  td {
    height: 26px;
    padding: 0 4px;
    text-align: right;
    white-space: nowrap;
    border-bottom: 1px solid var(--hairline);
  }
  th:first-child {
    text-align: left;
  }
  thead th {
    position: sticky;
    top: 0;
    color: var(--faint);
    font-size: 12px;
    font-weight: 400;
    background: var(--panel);
  }
  tbody th {
    font-weight: 600;
  }
  abbr {
    text-decoration: none;
  }
  .refusal {
    margin: 0;
    padding: 8px 20px 0;
  }
  footer {
    margin: 0;
    padding: 12px 20px 16px;
    border-top: 1px solid var(--hairline);
  }
  @media (max-width: 760px) {
    .head,
    .refusal,
    footer {
      padding-inline: 14px;
    }
    .columns {
      display: block;
      overflow-y: auto;
    }
    .fields {
      padding-inline: 14px;
      overflow: visible;
    }
    .field {
      grid-template-columns: 92px minmax(0, 1fr);
    }
    .preview {
      padding: 4px 14px 10px;
      border-top: 1px solid var(--hairline);
      border-left: 0;
    }
    .time {
      min-height: 0;
    }
    .configs {
      max-height: 210px;
    }
  }
`;
