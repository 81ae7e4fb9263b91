/** What is told of an unexpected failure: an id. What happened stands beside that id in the log. */
import { nanoid } from 'nanoid';
import { type ApiError, fail } from '../shared/errors.js';
import type { ServiceLog } from './runs/service-log.js';

export function internalError(
  log: Pick<ServiceLog, 'error'>,
  doing: string,
  error: unknown,
): { ok: false; error: ApiError } {
  const id = nanoid(10);
  log.error({ id, err: error }, `unexpected error in ${doing}`);
  return fail('internal', `unexpected error ${id}; the server's log says more`);
}
