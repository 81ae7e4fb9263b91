/** How results leave over HTTP: status and body of a success, and the one shape of an error. */
import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { type ApiError, ERROR_STATUS, type ErrorCode, type Result } from '../../../shared/errors.js';
import { internalError } from '../../internal-error.js';
import { JsonText } from '../json-text.js';

export function reply(response: Response, status: number, result: Result<unknown>): void {
  if (!result.ok) sendError(response, result.error);
  else if (status === 204) response.status(204).end();
  else if (result.data instanceof JsonText) response.status(status).type('json').send(result.data.text);
  else response.status(status).json(result.data);
}

export function sendError(response: Response, error: ApiError): void {
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
  type?: unknown;
  /** What HTTP wants said beside the status, as the size of a file beside 416. */
  headers?: Record<string, string>;
}

function isRequestError(error: unknown): error is RequestError {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return false;
  return error.status >= 400 && error.status < 500;
}

function apiError({ status, type, message }: RequestError): ApiError {
  if (type === 'entity.parse.failed') return bad('bad_input', `the body is not valid JSON: ${message}`);
  if (type === 'entity.too.large') return bad('too_large', 'the body is larger than 64 kB');
  if (status === 404) return bad('not_found', 'no such file');
  if (status === 416) return bad('bad_input', 'the Range lies beyond the end of the file');
  if (status === 412) return bad('conflict', 'the file is another one than If-Match or If-Unmodified-Since asks for');
  return bad('bad_input', message);
}

function bad(code: ErrorCode, message: string): ApiError {
  return { code, message };
}
