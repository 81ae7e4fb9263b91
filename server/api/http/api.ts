/** The HTTP side: who may ask, how much, the API's calls with their document, and the page's files. */
import express, { type Express, type Request, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { badInput } from '../../../shared/bad-input.js';
import { fail, ok, type Result } from '../../../shared/errors.js';
import type { Caller, CallTable, Route } from '../calls/call.js';
import { refusal } from '../realtime/admission.js';
import type { Turns } from '../turns.js';
import { docsPage, DOCS_STYLE } from './docs-page.js';
import type { OpenApiDocument } from './openapi.js';
import { oneAtATime } from './one-at-a-time.js';
import { servePage } from './pages.js';
import { errorHandler, reply, sendError } from './replies.js';

/** A thousand a second from one address is a run-away loop, a hundred is a busy program. */
const REQUESTS_PER_WINDOW = 10_000;
const WINDOW_SECONDS = 10;

/** The largest request is a sweep of 400 values. */
const BODY_LIMIT = '64kb';

export interface ApiParts {
  table: CallTable;
  turns: Turns;
  /** The built page. */
  clientFolder: string;
  version: string;
  log: Logger;
  /** Most requests to `/api` from one address in 10 seconds; 10,000 unless given. */
  requestsPerWindow?: number;
}

export function createApi({ table, turns, clientFolder, version, log, requestsPerWindow }: ApiParts): Express {
  let document: Promise<OpenApiDocument> | undefined;
  // Its libraries are loaded when it is first asked for: the server is there sooner.
  const openApi = (): Promise<OpenApiDocument> =>
    (document ??= import('./openapi.js').then(({ openApiDocument }) => openApiDocument(table.calls, version)));
  const app = express();
  app.disable('x-powered-by');
  app.use(oneAtATime());
  app.use(securityHeaders());
  app.use(admission);
  app.use('/api', rateLimit(requestsPerWindow));
  app.use('/api', (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  // Who asks for health wants to know now.
  app.use('/api', (request, _response, next) => {
    if (request.path === '/health') next();
    else void turns.next().then(() => next());
  });
  app.get('/api/openapi.json', async (_request, response) => void response.json(await openApi()));
  app.get('/api/docs', async (_request, response) => void response.type('html').send(docsPage(await openApi())));
  app.get('/api/docs.css', (_request, response) => void response.type('css').send(DOCS_STYLE));
  const readBody = express.json({ limit: BODY_LIMIT, strict: false });
  for (const call of table.calls)
    for (const route of call.routes) {
      const path = route.path.replace('{id}', ':id');
      app[route.method](path, ...(route.body === undefined ? [] : [readBody]), (request, response) => {
        // On a local address everyone who is let in is a controller.
        const caller: Caller = { role: 'controller', transport: 'http', feed: null };
        const result = table.perform(call, () => inputOf(route, request), caller);
        if (result.ok && route.success.location !== undefined && isIdentified(result.data))
          response.location(route.success.location + result.data.id);
        const isUnready = result.ok && route.isUnready?.(result.data) === true;
        reply(response, isUnready ? 503 : route.success.status, result, turns);
      });
    }
  app.use(['/api', '/metrics', '/pentachoron.py'], unknownCall);
  app.use(servePage(clientFolder));
  app.use(errorHandler(log));
  return app;
}

function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
        scriptSrcAttr: ["'none'"],
      },
    },
    // Loopback is plain http; browsers that were told otherwise could not come back.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
}

const admission: RequestHandler = (request, response, next) => {
  const refused = refusal(request);
  if (refused === null) next();
  else sendError(response, fail('forbidden', refused).error);
};

function rateLimit(points = REQUESTS_PER_WINDOW): RequestHandler {
  const limiter = new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
  return (request, response, next) => {
    limiter.consume(request.socket.remoteAddress ?? '').then(
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
const PLANNED = [
  /^GET \/api\/runs\/[^/]+\/(window|control)$/,
  /^POST \/api\/runs(\/[^/]+\/frames)?$/,
  /^GET \/(pentachoron\.py|metrics)$/,
];

const unknownCall: RequestHandler = (request, response) => {
  const asked = `${request.method} ${request.baseUrl}${request.path === '/' ? '' : request.path}`;
  const isPlanned = PLANNED.some((pattern) => pattern.test(asked));
  const message = isPlanned
    ? `${asked} is planned and not part of this version yet`
    : `there is no call ${asked}; GET /api/docs lists those there are`;
  sendError(response, fail('not_found', message).error);
};
