/** The HTTP side: who may ask, how much, the API's calls with their document, and the page's files. */
import express, { type Express, type Request, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { badInput } from '../../../shared/bad-input.js';
import { fail, ok, type Result } from '../../../shared/errors.js';
import type { Access } from '../../access/access.js';
import { clientKey } from '../../access/addresses.js';
import { ANYONE } from '../../access/principal.js';
import type { Caller, CallTable, Route } from '../calls/call.js';
import { type Limits, WINDOW_SECONDS } from '../limits.js';
import type { Turns } from '../turns.js';
import { docsPage, DOCS_STYLE } from './docs-page.js';
import type { OpenApiDocument } from './openapi.js';
import { oneAtATime } from './one-at-a-time.js';
import { servePage, servePython } from './pages.js';
import { errorHandler, reply, sendError } from './replies.js';
import { principalOf, sessionOf, signIn, toWatch } from './sign-in.js';

export interface ApiParts {
  table: CallTable;
  turns: Turns;
  access: Access;
  /** The built page. */
  clientFolder: string;
  /** The wheel of the Python client; none unless given. */
  pythonFolder?: string;
  version: string;
  log: Logger;
  limits: Limits;
  /** What all paths begin with: `/x`; nothing unless given. */
  basePath?: string;
  /** Origins whose pages may hold the page in a frame; none unless given. */
  frameAncestors?: readonly string[];
}

export function createApi(parts: ApiParts): Express {
  const { table, turns, access, clientFolder, version, log, limits } = parts;
  const { basePath = '', frameAncestors = [], pythonFolder } = parts;
  let document: Promise<OpenApiDocument> | undefined;
  // Its libraries are loaded when it is first asked for: the server is there sooner.
  const openApi = (): Promise<OpenApiDocument> =>
    (document ??= import('./openapi.js').then(({ openApiDocument }) =>
      openApiDocument(table.calls, version, basePath),
    ));
  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  app.use(oneAtATime());
  app.use(securityHeaders(frameAncestors));
  app.use(rateLimit(access, limits.requests, (path) => path.startsWith(`${basePath}/api/`)));
  if (basePath !== '') app.use(withLastSlash(basePath));
  app.use(identify(access));
  const router = express.Router({ caseSensitive: true });
  router.use('/api', (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  // Who asks for health wants to know now.
  router.use('/api', (request, _response, next) => {
    if (request.path === '/health') next();
    else void turns.next().then(() => next());
  });
  router.use(signIn(access));
  router.get('/api/openapi.json', toWatch, async (_request, response) => void response.json(await openApi()));
  router.get(
    '/api/docs',
    toWatch,
    async (_request, response) => void response.type('html').send(docsPage(await openApi())),
  );
  router.get('/api/docs.css', (_request, response) => void response.type('css').send(DOCS_STYLE));
  for (const call of table.calls)
    for (const route of call.routes) {
      const path = route.path.replace('{id}', ':id');
      const isAllowed: RequestHandler = (_request, response, next) => {
        const refused = table.refusal(call, principalOf(response).role);
        if (refused === null) next();
        else sendError(response, refused.error);
      };
      router[route.method](path, isAllowed, ...bodyParsers(route, limits), async (request, response) => {
        const gone = new AbortController();
        response.once('close', () => gone.abort());
        const caller: Caller = {
          ...principalOf(response),
          transport: 'http',
          feed: null,
          session: sessionOf(access, request, response),
          signal: gone.signal,
        };
        const result = await table.perform(call, () => inputOf(route, request), caller);
        if (result.ok && route.success.location !== undefined && isIdentified(result.data))
          response.location(basePath + route.success.location + result.data.id);
        const isUnready = result.ok && route.isUnready?.(result.data) === true;
        await reply(response, isUnready ? 503 : route.success.status, result, turns);
      });
    }
  router.use(['/api', '/metrics'], unknownCall);
  router.use('/python', servePython(pythonFolder));
  router.use(toWatch, servePage(clientFolder));
  app.use(basePath === '' ? '/' : basePath, router);
  app.use((_request, response) =>
    sendError(response, fail('not_found', `everything here begins with ${basePath}/`).error),
  );
  app.use(errorHandler(log));
  return app;
}

/** NDJSON where many of a kind may come: a line each. */
const NDJSON = 'application/x-ndjson';

function bodyParsers({ body, bodyBytes }: Route, limits: Limits): RequestHandler[] {
  if (body === undefined) return [];
  if (bodyBytes === undefined) return [express.json({ limit: limits.bodyBytes, strict: false })];
  return [
    express.json({ limit: bodyBytes, strict: false }),
    express.text({ limit: bodyBytes, type: NDJSON }),
    (request, response, next) => {
      if (typeof request.body !== 'string' || request.is(NDJSON) === false) {
        next();
        return;
      }
      const lines = request.body.split('\n').filter((line) => line.trim() !== '');
      const parsed: unknown[] = [];
      for (const [index, line] of lines.entries())
        try {
          parsed.push(JSON.parse(line));
        } catch {
          sendError(response, fail('bad_input', `line ${index + 1} of the body is not valid JSON`).error);
          return;
        }
      request.body = parsed;
      next();
    },
  ];
}

function securityHeaders(frameAncestors: readonly string[]): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: frameAncestors.length > 0 ? [...frameAncestors] : ["'none'"],
        objectSrc: ["'none'"],
        scriptSrcAttr: ["'none'"],
      },
    },
    // The older header knows no list; browsers that know the newer one take that.
    frameguard: frameAncestors.length === 0,
    // This server may be reached by plain http, too; browsers that were told otherwise could not come back.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
}

/** The page's own addresses are relative: without the last slash they would lead elsewhere. */
function withLastSlash(basePath: string): RequestHandler {
  return (request, response, next) => {
    const [path, query] = request.url.split('?');
    if (path !== basePath) {
      next();
      return;
    }
    response.set('Cache-Control', 'no-store');
    response.redirect(303, `./${path.split('/').at(-1)!}/${query === undefined ? '' : `?${query}`}`);
  };
}

/** Lets in whom the rules of addresses let in, and notes who they are. */
function identify(access: Access): RequestHandler {
  return (request, response, next) => {
    const principal = access.principalOf(request);
    // A browser goes on sending what was revoked: it may sign in again.
    const isStale =
      !principal.ok &&
      principal.error.code === 'unauthorized' &&
      access.needsToken &&
      access.cookieOf(request) !== undefined;
    if (!principal.ok && (!isStale || request.headers.authorization !== undefined)) {
      sendError(response, principal.error);
      return;
    }
    response.locals['principal'] = principal.ok ? principal.data : ANYONE;
    next();
  };
}

/** Counts what asks the API, or who one is. */
function rateLimit(access: Access, points: number, isOfApi: (path: string) => boolean): RequestHandler {
  const limiter = new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
  return (request, response, next) => {
    if (!isOfApi(request.path) && request.headers.authorization === undefined && !request.url.includes('token=')) {
      next();
      return;
    }
    limiter.consume(clientKey(access.asked(request).address)).then(
      () => next(),
      (refused: unknown) => {
        if (!(refused instanceof RateLimiterRes)) return next(refused);
        response.set('Retry-After', String(Math.ceil(refused.msBeforeNext / 1000)));
        sendError(response, fail('too_many_requests', 'too many requests from this address').error);
      },
    );
  };
}

/** What a request gives to the call of its route; `bad_input` where it does not fit the schemas of the route. */
function inputOf(route: Route, request: Request): Result<unknown> {
  const query = route.query?.safeParse(request.query);
  if (query?.success === false) return badInput(query.error);
  // The parser leaves a body alone that does not say that it is JSON.
  const { 'content-length': length = 0, 'transfer-encoding': chunked } = request.headers;
  const hasOtherBody = request.body === undefined && (Number(length) > 0 || chunked !== undefined);
  if (route.body !== undefined && hasOtherBody)
    return fail('bad_input', 'the body must be JSON, with Content-Type: application/json');
  const body = route.body?.safeParse(request.body);
  if (body?.success === false)
    return request.body === undefined ? fail('bad_input', 'the body is missing; send JSON') : badInput(body.error);
  const { id } = request.params;
  return ok(route.input({ id: typeof id === 'string' ? id : '', query: query?.data, body: body?.data }));
}

function isIdentified(data: unknown): data is { id: string } {
  return typeof data === 'object' && data !== null && 'id' in data && typeof data.id === 'string';
}

/** Names that later versions will answer to. */
const PLANNED = [/^GET \/api\/runs\/[^/]+\/window$/, /^GET \/metrics$/];

const unknownCall: RequestHandler = (request, response) => {
  const asked = `${request.method} ${request.baseUrl}${request.path === '/' ? '' : request.path}`;
  const isPlanned = PLANNED.some((pattern) => pattern.test(asked));
  const message = isPlanned
    ? `${asked} is planned and not part of this version yet`
    : `there is no call ${asked}; GET /api/docs lists those there are`;
  sendError(response, fail('not_found', message).error);
};
