/** How a sweep's own row in the table looks. */
import { css } from 'lit';

export const sweepRowStyles = css`
  tr.sweep th {
    height: 32px;
    padding: 0 12px 0 16px;
    background: var(--sunken);
  }
  .sweep-line {
    display: flex;
    gap: 8px;
    align-items: center;
  }
  .sweep-line input {
    flex: none;
    width: 14px;
    height: 14px;
    margin: 0;
    accent-color: var(--accent);
  }
  .sweep-name {
    flex: 1;
    justify-content: start;
    min-width: 0;
    min-height: 26px;
    padding: 0 4px;
    color: var(--muted);
  }
  .sweep-name span {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  tr.shown .sweep-name {
    color: var(--text);
    font-weight: 650;
  }
  .sweep-bar {
    flex: none;
    width: 36px;
    line-height: 0;
    --bar: var(--accent);
  }
  .sweep-bar.completed {
    --bar: var(--bar-good);
  }
  .sweep-bar.stopped {
    --bar: var(--muted);
  }
  .sweep-bar.failed {
    --bar: var(--bad);
  }
  .sweep-bar .track {
    width: 100%;
  }
  .sweep-left {
    flex: none;
    min-width: 64px;
    color: var(--muted);
    font-size: 12px;
  }
  .fold {
    flex: none;
    margin-left: -4px;
    color: var(--faint);
  }
  .fold[aria-expanded='false'] svg {
    rotate: -90deg;
  }
  /* The room of the button: bars and words stand in line. */
  .sweep-line:not(:has(.fold)) {
    padding-right: calc(var(--target) + 4px);
  }
  @media (hover: none), (max-width: 760px) {
    tr.sweep th {
      padding: 0 0 0 12px;
    }
    .sweep-name {
      min-height: var(--target);
    }
    .sweep-line input {
      width: 20px;
      height: 20px;
    }
  }
`;
