/** How the page's frame is laid out: two columns on a desk, one on a phone. */
import { css } from 'lit';

export const appShellStyles = css`
  .top {
    position: sticky;
    top: 0;
    z-index: 3;
  }
  header {
    display: flex;
    gap: 16px;
    align-items: center;
    height: var(--header);
    padding: 0 16px;
    background: var(--panel);
    border-bottom: 1px solid var(--border);
  }
  h1 {
    display: flex;
    gap: 9px;
    align-items: center;
    margin: 0;
    font-size: 15px;
    font-weight: 700;
  }
  nav {
    display: flex;
    gap: 2px;
    align-self: stretch;
    margin-right: auto;
  }
  nav a {
    display: flex;
    align-items: center;
    padding: 0 11px;
    color: var(--muted);
    white-space: nowrap;
    text-decoration: none;
    border-bottom: 2px solid transparent;
  }
  nav a:hover {
    color: var(--text);
  }
  nav a[aria-current='page'] {
    color: var(--text);
    font-weight: 650;
    border-bottom-color: var(--accent);
  }
  connection-badge {
    margin-left: auto;
  }
  .mark {
    width: 24px;
    height: 24px;
    color: var(--accent);
  }
  .watching {
    color: var(--muted);
    white-space: nowrap;
  }
  .tools {
    display: flex;
  }
  .tools button {
    color: var(--muted);
  }
  .tools [aria-pressed='true'] {
    color: var(--accent);
  }
  .read-only {
    padding: 1px 8px;
    color: var(--muted);
    border: 1px solid var(--border-strong);
    border-radius: 10px;
    white-space: nowrap;
  }
  .skip {
    position: absolute;
    top: 6px;
    left: 12px;
    z-index: 7;
    padding: 8px 14px;
    color: var(--on-accent);
    background: var(--accent);
    border-radius: 6px;
  }
  .skip:not(:focus) {
    width: 1px;
    height: 1px;
    padding: 0;
    overflow: hidden;
    clip-path: inset(50%);
  }
  main:focus-visible {
    outline-offset: -2px;
  }
  .body {
    display: grid;
    grid-template-columns: 440px minmax(0, 1fr);
    align-items: start;
  }
  sweep-panel {
    position: sticky;
    top: var(--top, var(--header));
    height: calc(100vh - var(--top, var(--header)));
    overflow: auto;
    background: var(--panel);
    border-right: 1px solid var(--border);
  }
  main {
    padding: 16px 18px 40px;
  }
  .banner {
    padding: 10px 16px;
    color: var(--text);
    background: var(--bad-soft);
    border-bottom: 1px solid var(--border);
  }
  .banner b {
    color: var(--bad);
  }
  @media (max-width: 1280px) {
    .connect {
      width: var(--target);
      padding: 0;
    }
    .connect .words {
      display: none;
    }
  }
  /* There is no room for it; the list of commands has it, too. */
  @media (max-width: 1160px) {
    .connect {
      display: none;
    }
  }
  @media (max-width: 1100px) {
    .body {
      grid-template-columns: 404px minmax(0, 1fr);
    }
  }
  @media (min-width: 761px) and (max-width: 980px) {
    header {
      gap: 10px;
      padding: 0 12px;
    }
    nav a {
      padding: 0 6px;
    }
    /* The mark stands for the name. */
    header:has(nav) .words {
      position: absolute;
      clip-path: inset(50%);
    }
  }
  /* How many watch makes room for what can be pressed, whose targets are larger by touch. */
  @media (max-width: 810px) {
    .watching {
      display: none;
    }
  }
  @media (hover: none) and (max-width: 860px) {
    .watching {
      display: none;
    }
  }
  @media (max-width: 980px) {
    /* How long the server is away needs the room more than what cannot be pressed. */
    .primary:disabled {
      display: none;
    }
  }
  @media (max-width: 760px) {
    /* The screen is too low to lose the banner's lines for good: the header alone stays. */
    .top {
      display: contents;
    }
    header {
      position: sticky;
      top: 0;
      z-index: 3;
      gap: 10px;
      padding: 0 10px;
    }
    /* The room of the tabs: a banner comes below them. */
    header:has(nav) {
      margin-bottom: 42px;
    }
    nav {
      position: absolute;
      top: var(--header);
      right: 0;
      left: 0;
      gap: 0;
      height: 42px;
      overflow-x: auto;
      background: var(--panel);
      border-bottom: 1px solid var(--border);
      scrollbar-width: none;
    }
    /* All five share the width; the narrowest screens scroll. */
    nav a {
      flex: 1 0 auto;
      justify-content: center;
      padding: 0 5px;
    }
    .watching,
    .bell {
      display: none;
    }
    .body {
      grid-template-columns: minmax(0, 1fr);
    }
    sweep-panel {
      --sticky-top: calc(var(--header) + 42px);
      position: static;
      height: auto;
      border-right: 0;
      border-bottom: 1px solid var(--border);
    }
    main {
      padding: 14px 10px 40px;
    }
  }
  /* The mark stands for the name where there is more to press. */
  @media (max-width: 460px) {
    header:has(.share) .words {
      position: absolute;
      clip-path: inset(50%);
    }
  }
  @media (max-width: 374px) {
    h1 .words {
      position: absolute;
      clip-path: inset(50%);
    }
    nav a {
      padding: 0 2px;
      font-size: 12px;
    }
  }
`;
