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
import { SIGN_IN_SCRIPT, SIGN_IN_STYLE, signInPage } from './sign-in-page.js';

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
  router.get('/sign-in.js', (_request, response) => void response.type('js').send(SIGN_IN_SCRIPT));
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
