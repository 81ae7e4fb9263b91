/** How results leave over HTTP: status and body of a success, and the one shape of an error. */
import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { type ApiError, ERROR_STATUS, type ErrorCode, type Result } from '../../shared/errors.js';
import { internalError } from '../internal-error.js';

export function reply(response: Response, status: number, result: Result<unknown>): void {
  if (!result.ok) sendError(response, result.error);
  else if (status === 204) response.status(204).end();
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
    sendError(response, requestError(error) ?? internalError(log, `${request.method} ${request.path}`, error).error);
  };
}

/** Errors of http-errors' shape, which are the client's when their status begins with 4. */
function requestError(error: unknown): ApiError | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status < 400 || error.status >= 500) return undefined;
  const type = 'type' in error ? error.type : undefined;
  if (type === 'entity.parse.failed') return bad('bad_input', `the body is not valid JSON: ${error.message}`);
  if (type === 'entity.too.large') return bad('too_large', 'the body is larger than 64 kB');
  if (error.status === 404) return bad('not_found', 'no such file');
  return bad('bad_input', error.message);
}

function bad(code: ErrorCode, message: string): ApiError {
  return { code, message };
}
