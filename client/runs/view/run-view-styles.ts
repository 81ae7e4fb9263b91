/** How the view of one run is laid out. */
import { css } from 'lit';

export const runViewStyles = css`
  .run {
    padding: 12px 14px 13px;
  }
  .title {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
    align-items: center;
  }
  .title h2 {
    display: flex;
    flex: 1 1 220px;
    gap: 10px;
    align-items: center;
    min-width: 0;
    font-size: 16px;
    font-weight: 700;
    overflow-wrap: anywhere;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .title > .square {
    margin-left: -6px;
  }
  .kind {
    margin: 5px 0 0;
    color: var(--muted);
    overflow-wrap: anywhere;
  }
  .bar-line {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: center;
    margin-top: 10px;
  }
  .progress {
    flex: 0 1 220px;
    min-width: 90px;
    height: 5px;
    overflow: hidden;
    background: var(--track);
    border-radius: 3px;
  }
  .progress .track {
    display: block;
    width: 100%;
    height: 100%;
    fill: var(--tone, var(--border-strong));
  }
  .status {
    font-weight: 650;
  }
  .running,
  .pausing,
  .stopping {
    --tone: var(--accent);
  }
  .completed {
    --tone: var(--bar-good);
  }
  .paused {
    --tone: var(--bar-warn);
  }
  .failed,
  .diverged {
    --tone: var(--bad);
  }
  .completed .status {
    color: var(--good);
  }
  .paused .status {
    color: var(--warn);
  }
  .failed .status,
  .diverged .status {
    color: var(--bad);
  }
  /* Quiet: its frames may still come. */
  .silent {
    --tone: var(--border-strong);
  }
  .badge {
    display: inline-block;
    margin-left: 6px;
    padding: 0 8px;
    color: var(--muted);
    line-height: 20px;
    background: var(--sunken);
    border: 1px solid var(--border);
    border-radius: 10px;
  }
  .where {
    color: var(--muted);
  }
  .reason {
    margin: 10px 0 0;
    padding: 8px 10px;
    overflow-wrap: anywhere;
    background: var(--bad-soft);
    border-radius: 6px;
  }
  .reason b {
    color: var(--bad);
  }
  .newest {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 26px;
    margin: 12px 0 0;
  }
  .newest div {
    min-width: 70px;
  }
  dt {
    color: var(--faint);
    font-size: 12px;
  }
  dd {
    margin: 0;
  }
  .newest dd {
    font-size: 16px;
    font-weight: 650;
  }
  .newest dd.in {
    color: var(--good);
  }
  .newest .mark {
    vertical-align: 2px;
  }
  .newest small {
    color: var(--muted);
    font-size: 12px;
    font-weight: 400;
  }
  .attempts {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    margin: 10px 0 0;
    padding: 0;
    color: var(--muted);
    list-style: none;
  }
  a {
    color: var(--accent);
    text-underline-offset: 2px;
  }
  .attempts a,
  .downloads a {
    display: inline-flex;
    align-items: center;
    min-height: max(20px, var(--target) - 8px);
  }
  .about {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1.4fr);
    gap: var(--gap);
    align-items: stretch;
    max-width: none;
    margin: 0 0 14px;
    color: inherit;
  }
  .about > * {
    display: flex;
    flex-direction: column;
    min-width: 0;
    margin: 0;
  }
  run-about {
    flex: 1;
  }
  .about .downloads {
    margin: var(--gap) 0 0;
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(104px, 1fr));
    gap: 6px 12px;
    margin: 0;
    padding: 2px 12px 12px;
  }
  .facts div {
    min-width: 0;
  }
  .facts dd {
    overflow-wrap: anywhere;
  }
  .downloads p {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
    margin: 0;
    padding: 0 12px 10px;
  }
  .parts {
    max-width: 100%;
    margin-bottom: 12px;
  }
  .parts + .segments {
    margin: 0 0 12px 10px;
  }
  .parts button {
    flex: 0 1 auto;
    padding: 0 clamp(4px, 2.4vw, 11px);
  }
  .gone {
    max-width: 60ch;
    margin: 24px 2px;
  }
  .gone h2 {
    margin-bottom: 6px;
    font-size: 16px;
  }
  .gone p {
    margin: 0 0 12px;
    color: var(--muted);
  }
  @media (max-width: 760px) {
    :host {
      scroll-margin-top: calc(var(--header) + 54px);
    }
    .run {
      padding-top: 6px;
    }
    .title h2 {
      flex-basis: 60%;
    }
    /* Beside the name, so that it never stands in a row alone. */
    .controls {
      flex-basis: 100%;
      order: 1;
    }
    .parts button {
      padding: 0 9px;
    }
  }
  @media (max-width: 1000px) {
    .about {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
