/**
 * The built page: its entry is asked for anew each time, what its names contain a hash of is kept for good. The build
 * leaves compressed variants beside its files; whoever can read one is sent the smallest.
 */
import { existsSync, readdirSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import express, { type RequestHandler, Router } from 'express';
import { fail } from '../../../shared/errors.js';
import { sendError } from './replies.js';

const YEAR_SECONDS = 31_536_000;
/** What a variant's name ends in, by its content coding; the smallest first. */
const ENDINGS = { br: '.br', gzip: '.gz' };

export function servePage(folder: string): RequestHandler {
  const assets = join(folder, 'assets') + sep;
  const variants = variantsIn(folder);
  const router = Router();
  router.use((request, _response, next) => {
    const ending = Object.entries(ENDINGS).find(
      ([coding, end]) => variants.has(request.path + end) && request.acceptsEncodings(coding) !== false,
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
        // Also where no variant is sent: caches must not give one to a program that cannot read it.
        response.vary('Accept-Encoding');
        const variant = Object.entries(ENDINGS).find(([, ending]) => path.endsWith(ending));
        if (variant === undefined) return;
        response.setHeader('Content-Encoding', variant[0]);
        response.type(extname(path.slice(0, -variant[1].length)));
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

/** The Python client, for whoever reaches the server: its list is one that pip reads, too (`--find-links`). */
export function servePython(folder: string | undefined): RequestHandler {
  const router = Router();
  router.get('/', (_request, response) => {
    const files = folder !== undefined && existsSync(folder) ? readdirSync(folder) : [];
    const links = files.map((file) => `<li><a href="${file}">${file}</a></li>`);
    response.set('Cache-Control', 'no-cache').type('html').send(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Python client – Pentachoron</title>
<h1>Python client</h1>
<ul>${links.join('') || '<li>none: it is not built</li>'}</ul></html>
`);
  });
  if (folder !== undefined) router.use(express.static(folder, { index: false, redirect: false, cacheControl: false }));
  router.use((request, response) =>
    sendError(
      response,
      fail('not_found', `there is nothing at /python${request.path}; GET /python/ names what there is`).error,
    ),
  );
  return router;
}

/** Their paths in addresses. What is built later than this is sent as it is. */
function variantsIn(folder: string): ReadonlySet<string> {
  if (!existsSync(folder)) return new Set();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const endings = Object.values(ENDINGS);
  return new Set(
    files.filter((file) => endings.some((end) => file.endsWith(end))).map((file) => `/${file.split(sep).join('/')}`),
  );
}
