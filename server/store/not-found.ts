/** The answers to who asks for a run or a sweep that the store does not have. */
import { fail, type Result } from '../../shared/errors.js';

export function noSuchRun(id: string): Result<never> {
  return fail('not_found', `no run has the id ${id}`);
}

export function noSuchSweep(id: string): Result<never> {
  return fail('not_found', `no sweep has the id ${id}`);
}
