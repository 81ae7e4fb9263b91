/** The closed list of error codes, and the one shape in which success and failure travel. */

export const ERROR_STATUS = {
  bad_input: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export interface ApiError {
  code: ErrorCode;
  /** A sentence that names the field and what is allowed, or what happened and what was kept. */
  message: string;
  details?: unknown;
}

/** What every command answers: on a socket as its ack, over HTTP as status and body. */
export type Result<T> = { ok: true; data: T } | Failure;
export interface Failure {
  ok: false;
  error: ApiError;
}

export function ok<T>(data: T): Result<T> {
  return { ok: true, data };
}

export function fail(code: ErrorCode, message: string, details?: unknown): Failure {
  return { ok: false, error: details === undefined ? { code, message } : { code, message, details } };
}
