/**
 * Signing in with a browser: a link with a token becomes a cookie and leaves the address, a page without one becomes a
 * page that asks for it.
 */
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { hasRight, isStronger } from '../../../shared/access.js';
import { fail } from '../../../shared/errors.js';
import type { Access } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import type { Session } from '../calls/call.js';
import { sendError } from './replies.js';

/** Who asks, as it was found when the request came in. */
export function principalOf(response: Response): Principal {
  return response.locals['principal'] as Principal;
}

/** Only browsers say where a page is from that asks; programs keep their tokens themselves. */
export function sessionOf(access: Access, request: Request, response: Response): Session | null {
  if (request.headers.origin === undefined) return null;
  return {
    open: (secret) => void response.append('Set-Cookie', access.cookie(request, secret)),
    close: () => void response.append('Set-Cookie', access.cookie(request, null)),
  };
}

/** What the page, its files and the documents are for: of others, who opens one is asked for a token. */
export const toWatch: RequestHandler = (request, response, next) => {
  const { role } = principalOf(response);
  if (hasRight(role, 'watch')) {
    next();
    return;
  }
  const trouble =
    role === null ? null : `A ${role}'s token is for programs: it does not open this page. Sign in with another.`;
  if (isNavigation(request)) sendSignIn(response, trouble);
  else sendError(response, fail('unauthorized', trouble ?? 'a token is needed: open the page and sign in').error);
};

export function signIn(access: Access): RequestHandler {
  const router = Router();
  router.get('/sign-in.css', (_request, response) => void response.type('css').send(SIGN_IN_STYLE));
  router.get(/^(?!\/api\/)/, (request, response, next) => {
    const query = new URLSearchParams(request.url.split('?')[1]);
    const token = query.get('token');
    if (token === null) {
      next();
      return;
    }
    const principal = access.identify(token);
    if (!principal.ok) {
      sendSignIn(response, 'This link is not valid, or not any more. Ask for a new one.');
      return;
    }
    // A link that may do less than what this browser is signed in with is only looked at.
    const { role } = principalOf(response);
    const isWeaker = role !== null && principal.data.role !== null && isStronger(role, principal.data.role);
    if (access.needsToken && !isWeaker) response.append('Set-Cookie', access.cookie(request, token));
    query.delete('token');
    const rest = query.toString();
    response.set('Cache-Control', 'no-store');
    // Relative: a proxy may have cut off what stands before.
    response.redirect(303, `./${request.path.split('/').at(-1)!}${rest === '' ? '' : `?${rest}`}`);
  });
  const readForm: RequestHandler = express.urlencoded({ extended: false, limit: '4kb' });
  router.post('/api/session', readForm, (request, response, next) => {
    if (!request.is('application/x-www-form-urlencoded')) {
      next();
      return;
    }
    const { token } = request.body as Record<string, unknown>;
    const secret = typeof token === 'string' ? token.trim() : '';
    if (!access.identify(secret).ok) {
      sendSignIn(response, 'This token is not valid, or not any more.');
      return;
    }
    response.append('Set-Cookie', access.cookie(request, secret));
    response.redirect(303, '../');
  });
  return router;
}

function isNavigation(request: Request): boolean {
  return request.method === 'GET' && request.accepts(['json', 'html']) === 'html';
}

function sendSignIn(response: Response, trouble: string | null): void {
  response
    .status(401)
    // Without a referrer a form's Origin would be null.
    .set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'same-origin' })
    .type('html')
    .send(signInPage(trouble, '../'.repeat(response.req.path.split('/').length - 2)));
}

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
