/** Long lists in parts: each answer names where the next one begins. */
import { fail, ok, type Result } from '../../shared/errors.js';

/** Most elements in one answer. */
export const PAGE_LENGTH = 200;

export interface Page<T> {
  page: T[];
  /** The `after` of the next request; absent at the end. */
  next?: string;
}

/**
 * The elements after the one with the id `after`, from the first if there is none. That one is looked up among all:
 * since it was the last of an answer it may have ceased to be `isAskedFor`.
 */
export function pageOf<T extends { id: string }>(
  list: readonly T[],
  after: string | undefined,
  isAskedFor: (element: T) => boolean = () => true,
): Result<Page<T>> {
  const start = after === undefined ? 0 : list.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && start === 0)
    return fail('bad_input', 'after must be the next of an answer to the same question; begin anew without it');
  const rest = list.slice(start).filter(isAskedFor);
  const page = rest.slice(0, PAGE_LENGTH);
  return ok(page.length === rest.length ? { page } : { page, next: page.at(-1)!.id });
}
