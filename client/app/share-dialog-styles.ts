/** How the share dialog is laid out: the form in a line, on a phone one below the other; the list below. */
import { css } from 'lit';

export const shareDialogStyles = css`
  dialog {
    width: min(520px, calc(100vw - 24px));
    /* What comes to it makes it longer, and moves nothing that is there. */
    max-height: calc(92dvh - 12px);
    margin-top: 8dvh;
  }
  .head {
    display: flex;
    align-items: start;
    justify-content: space-between;
    margin: -4px -6px 0 0;
  }
  h2 {
    margin-top: 4px;
    outline: 0;
  }
  .how {
    margin-bottom: 12px;
  }
  .note {
    margin: 0 0 10px;
    padding: 8px 12px;
    background: var(--sunken);
    border-radius: 6px;
    text-wrap: pretty;
  }
  .warning {
    background: var(--warn-soft);
  }
  code {
    white-space: nowrap;
  }
  form {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto auto;
    gap: 3px 8px;
    align-items: center;
    margin-top: 14px;
  }
  label {
    color: var(--muted);
  }
  #may {
    grid-column: 2 / 4;
    color: var(--muted);
  }
  input {
    width: 100%;
    min-width: 0;
  }
  input[aria-invalid='true'] {
    border-color: var(--bad);
  }
  form button {
    min-height: max(32px, var(--target));
  }
  .segments {
    display: inline-flex;
  }
  .segments button:first-child {
    border-radius: 6px 0 0 6px;
  }
  .segments button:last-child {
    margin-left: -1px;
    border-radius: 0 6px 6px 0;
  }
  .segments [aria-pressed='true'] {
    font-weight: 650;
    background: var(--row-highlighted);
  }
  small {
    color: var(--muted);
    font-size: 12px;
  }
  /* Always as high as one line, so that a message moves nothing. */
  form small {
    grid-column: 1 / -1;
    min-height: 18px;
    overflow-wrap: anywhere;
  }
  .problem {
    color: var(--bad);
  }
  h3 {
    margin: 0 0 4px;
    font-size: 13px;
    font-weight: 650;
    overflow-wrap: anywhere;
  }
  .made {
    margin-top: 10px;
    padding: 10px 12px;
    border: 1px solid var(--accent);
    border-radius: var(--radius);
  }
  .link {
    display: flex;
    gap: 8px;
    margin: 6px 0 4px;
  }
  .link button {
    flex: none;
    min-width: 92px;
    min-height: max(32px, var(--target));
  }
  section:last-of-type {
    margin-top: 16px;
  }
  ul {
    display: grid;
    grid-template-columns: 8px minmax(0, 1fr) auto auto auto;
    column-gap: 12px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    grid-template-columns: subgrid;
    grid-column: 1 / -1;
    align-items: center;
    min-height: max(34px, var(--target));
    border-bottom: 1px solid var(--hairline);
  }
  .dot {
    width: 8px;
    height: 8px;
    background: var(--border-strong);
    border-radius: 50%;
  }
  .here {
    background: var(--bar-good);
  }
  .who {
    display: contents;
  }
  .who b {
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .who span {
    color: var(--muted);
  }
  li button {
    justify-self: end;
    margin-right: -8px;
    padding: 0 8px;
    color: var(--muted);
  }
  .flag {
    justify-self: end;
  }
  .footnote {
    margin: 6px 0 0;
    color: var(--muted);
    font-size: 12px;
  }
  .everyone {
    margin: 2px 0 6px;
    color: var(--muted);
  }
  .skeleton {
    height: 14px;
    margin: 10px 0;
    background: var(--skeleton);
    border-radius: 4px;
  }
  .sign-out {
    margin: 12px -11px -6px;
    color: var(--muted);
  }
  @media (max-width: 760px) {
    dialog {
      max-height: calc(100dvh - 24px);
      margin-top: 12px;
      padding: 16px;
    }
    form {
      grid-template-columns: auto minmax(0, 1fr);
    }
    label,
    #name {
      grid-column: 1 / -1;
    }
    #may {
      grid-column: 1 / -1;
      grid-row: 3;
      margin-top: 6px;
    }
    ul {
      grid-template-columns: 8px minmax(0, 1fr) auto auto;
    }
    li {
      padding: 4px 0;
    }
    .who small {
      grid-row: 2;
      grid-column: 2;
    }
    li > button,
    .flag {
      grid-row: 1 / 3;
      grid-column: 4;
    }
  }
`;
