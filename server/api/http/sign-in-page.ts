/** The page that asks for a token: plain HTML, so that it works before anything else is let out, and without scripts. */

/** The page's own mark: five points and all lines between them. */
const MARK = `<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-linecap="round">
<path d="M12 3.1 21 9.7 17.6 20.3H6.4L3 9.7zM12 3.1 17.6 20.3 3 9.7H21L6.4 20.3z"/>
<path stroke-width="3" d="M12 3.1h0M21 9.7h0M17.6 20.3h0M6.4 20.3h0M3 9.7h0"/>
</svg>`;

/** @param trouble what was wrong with the token before this, in words of ours @param root where the page's root is from here, relative */
export function signInPage(trouble: string | null, root: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sign in – Pentachoron</title>
<link rel="stylesheet" href="${root}sign-in.css">
<script src="${root}sign-in.js" defer></script>
</head>
<body>
<main>
<h1>${MARK} Pentachoron</h1>
<p>This observatory is open to those who have a link or a token.</p>
<form method="post" action="${root}api/session">
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" spellcheck="false" required autofocus${
    trouble === null ? '' : ' aria-invalid="true" aria-describedby="trouble"'
  }>
${trouble === null ? '' : `<p id="trouble" role="alert">${trouble}</p>`}
<button>Sign in</button>
</form>
<p>Whoever runs the server sees its links where it was started, and makes new ones with <code>pentachoron tokens add</code> or from the page.</p>
</main>
</body>
</html>
`;
}

/**
 * What a shared link shows is told behind the `#` of its address, which no form sends. Redirects keep that of the address
 * that a form was sent to.
 */
export const SIGN_IN_SCRIPT = `document.querySelector('form').action += location.hash;\n`;

/** In the page's colours and measures, which are let out to nobody before. */
export const SIGN_IN_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --panel: #ffffff; --sunken: #f1f3f6; --border: #e2e5eb; --border-strong: #c9ced8; --text: #10151f;
  --muted: #5a6475; --accent: #3a57d8; --accent-hover: #2f49bd; --on-accent: #ffffff; --bad: #c02b3a;
  --shadow: 0 1px 2px #1018280a;
  color: var(--text); background: var(--page);
  font: 14px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1116; --panel: #151a21; --sunken: #10141a; --border: #262d37; --border-strong: #3a4350; --text: #e8ebf0;
    --muted: #98a2b0; --accent: #849aff; --accent-hover: #9badff; --on-accent: #0b1020; --bad: #f47a80;
    --shadow: none;
  }
}
body { box-sizing: border-box; display: grid; min-height: 100dvh; margin: 0; padding: 16px; place-items: center; }
main {
  box-sizing: border-box; width: min(380px, 100%); padding: 24px; background: var(--panel);
  border: 1px solid var(--border); border-radius: 10px; box-shadow: var(--shadow);
}
h1 { display: flex; gap: 9px; align-items: center; margin: 0 0 8px; font-size: 16px; }
svg { width: 26px; height: 26px; color: var(--accent); }
p { margin: 0; text-wrap: pretty; }
form { display: grid; gap: 6px; margin: 20px 0; }
label { color: var(--muted); }
input, button { box-sizing: border-box; min-height: 40px; padding: 0 12px; font: inherit; border-radius: 6px; }
input { color: inherit; background: var(--sunken); border: 1px solid var(--border-strong); }
input[aria-invalid='true'] { border-color: var(--bad); }
button {
  margin-top: 6px; color: var(--on-accent); font-weight: 650; background: var(--accent); border: 0; cursor: pointer;
}
button:hover { background: var(--accent-hover); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
#trouble { color: var(--bad); }
code { font-family: ui-monospace, monospace; font-size: 12px; }
main > p:last-child { color: var(--muted); font-size: 13px; }
`;
