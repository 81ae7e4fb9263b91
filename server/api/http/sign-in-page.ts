/** The page that asks for a token: plain HTML, so that it works before anything else is let out. */

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
</head>
<body>
<main>
<h1>Pentachoron</h1>
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

export const SIGN_IN_STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --line: #8886; --accent: #2457c5; --trouble: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --accent: #8ab0ff; --trouble: #ff9a90; } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { box-sizing: border-box; width: min(24rem, 100vw); padding: 1.5rem; }
h1 { font-size: 1.25rem; margin: 0 0 .5rem; }
p { margin: .5rem 0; }
form { display: grid; gap: .5rem; margin: 1.25rem 0; }
label { font-weight: 600; }
input, button { font: inherit; padding: .5rem .75rem; border-radius: 6px; border: 1px solid var(--line); }
button { border-color: transparent; background: var(--accent); color: Canvas; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
#trouble { color: var(--trouble); margin: 0; }
code { font-family: ui-monospace, monospace; font-size: .875em; }
main > p:last-child { font-size: .875rem; opacity: .8; }
`;
