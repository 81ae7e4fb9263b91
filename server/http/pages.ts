/** The built page: its entry is asked for anew each time, what its names contain a hash of is kept for good. */
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import express, { type RequestHandler, Router } from 'express';
import { fail } from '../../shared/errors.js';
import { sendError } from './replies.js';

const YEAR_SECONDS = 31_536_000;

export function servePage(folder: string): RequestHandler {
  const assets = join(folder, 'assets') + sep;
  const router = Router();
  router.use(
    express.static(folder, {
      cacheControl: false,
      redirect: false,
      setHeaders: (response, path) => {
        const isHashed = path.startsWith(assets);
        response.setHeader('Cache-Control', isHashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
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
