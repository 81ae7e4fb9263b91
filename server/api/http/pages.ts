/**
 * The built page: its entry is asked for anew each time, what its names contain a hash of is kept for good. The build
 * leaves compressed twins beside its files; whoever can read one is sent the smallest.
 */
import { existsSync, readdirSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import express, { type RequestHandler, Router } from 'express';
import { fail } from '../../../shared/errors.js';
import { sendError } from './replies.js';

const YEAR_SECONDS = 31_536_000;
/** What a twin's name ends in, by its content coding; the smallest first. */
const TWINS = { br: '.br', gzip: '.gz' };

export function servePage(folder: string): RequestHandler {
  const assets = join(folder, 'assets') + sep;
  const twins = twinsIn(folder);
  const router = Router();
  router.use((request, _response, next) => {
    const ending = Object.entries(TWINS).find(
      ([coding, end]) => twins.has(request.path + end) && request.acceptsEncodings(coding) !== false,
    )?.[1];
    if (ending !== undefined) request.url = request.path + ending;
    next();
  });
  router.use(
    express.static(folder, {
      cacheControl: false,
      redirect: false,
      setHeaders: (response, path) => {
        const isHashed = path.startsWith(assets);
        response.setHeader('Cache-Control', isHashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
        // Also where no twin is sent: caches must not give one to a program that cannot read it.
        response.vary('Accept-Encoding');
        const twin = Object.entries(TWINS).find(([, ending]) => path.endsWith(ending));
        if (twin === undefined) return;
        response.setHeader('Content-Encoding', twin[0]);
        response.type(extname(path.slice(0, -twin[1].length)));
      },
    }),
  );
  router.use((request, response) => {
    const isUnbuilt = request.path === '/' && !existsSync(join(folder, 'index.html'));
    const message = isUnbuilt ? 'the page is not built: run npm run build' : `there is nothing at ${request.path}`;
    sendError(response, fail('not_found', message).error);
  });
  return router;
}

/** Their paths in addresses. What is built later than this is sent as it is. */
function twinsIn(folder: string): ReadonlySet<string> {
  if (!existsSync(folder)) return new Set();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const endings = Object.values(TWINS);
  return new Set(
    files.filter((file) => endings.some((end) => file.endsWith(end))).map((file) => `/${file.split(sep).join('/')}`),
  );
}
