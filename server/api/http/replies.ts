/** How results leave over HTTP: status and body of a success, and the one shape of an error. */
import { pipeline, Readable } from 'node:stream';
import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { type ApiError, ERROR_STATUS, type ErrorCode } from '../../../shared/errors.js';
import { internalError } from '../../internal-error.js';
import type { Answer } from '../calls/call.js';
import { JsonText } from '../calls/json-text.js';
import { Parts } from '../calls/parts.js';
import type { Turns } from '../turns.js';

/** @param turns of what is sent in parts, each is made in a turn of its own */
export async function reply(response: Response, status: number, result: Answer, turns: Turns): Promise<void> {
  if (!result.ok) {
    sendError(response, result.error);
    return;
  }
  const { data } = result;
  response.status(status);
  if (status === 204) response.end();
  else if (data instanceof JsonText) response.type('json').send(data.text);
  else if (data instanceof Parts) await sendParts(response, data, turns);
  else response.json(data);
}

/**
 * No part is made before the one before has left.
 * @throws what reading the first part throws: nothing was sent by then, so that the failure can be told
 */
async function sendParts(response: Response, { type, body, fileName }: Parts, turns: Turns): Promise<void> {
  const parts = body[Symbol.iterator]();
  await turns.next();
  const first = parts.next();
  if (fileName !== undefined) response.attachment(fileName);
  response.type(type);
  // A reader that goes away is no failure, and what is deleted meanwhile leaves a body that is cut off.
  pipeline(Readable.from(inTurns(first, parts, turns), { objectMode: false }), response, () => undefined);
}

async function* inTurns<T>(first: IteratorResult<T>, rest: Iterator<T>, turns: Turns): AsyncGenerator<T> {
  for (let next = first; next.done !== true; next = rest.next()) {
    yield next.value;
    await turns.next();
  }
}

export function sendError(response: Response, error: ApiError): void {
  if (error.code === 'unauthorized') response.set('WWW-Authenticate', 'Bearer');
  response.status(ERROR_STATUS[error.code]).json({ error });
}

/** What express and its body parser throw: bad requests are named, the rest is kept for the log. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    // Too late to say anything: the connection is cut.
    if (response.headersSent) {
      next(error);
      return;
    }
    if (isRequestError(error)) response.status(error.status).set(error.headers ?? {});
    else response.status(ERROR_STATUS.internal);
    response.json({
      error: isRequestError(error)
        ? apiError(error)
        : internalError(log, `${request.method} ${request.path}`, error).error,
    });
  };
}

/** An error of http-errors' shape that is the client's. */
interface RequestError extends Error {
  status: number;
  /** Of a body that is too large: what the parser of its route takes, in bytes. */
  limit?: unknown;
  type?: unknown;
  /** What HTTP wants said beside the status, as the size of a file beside 416. */
  headers?: Record<string, string>;
}

function isRequestError(error: unknown): error is RequestError {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return false;
  return error.status >= 400 && error.status < 500;
}

function apiError({ status, type, message, limit }: RequestError): ApiError {
  if (type === 'entity.parse.failed') return bad('bad_input', `the body is not valid JSON: ${message}`);
  if (type === 'entity.too.large') return bad('too_large', `the body is larger than ${Number(limit) / 1024} kB`);
  if (status === 404) return bad('not_found', 'no such file');
  if (status === 416) return bad('bad_input', 'the Range lies beyond the end of the file');
  if (status === 412) return bad('conflict', 'the file is another one than If-Match or If-Unmodified-Since asks for');
  return bad('bad_input', message);
}

function bad(code: ErrorCode, message: string): ApiError {
  return { code, message };
}
