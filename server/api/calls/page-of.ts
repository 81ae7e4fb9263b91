/** Long lists in parts: each answer names where the next one begins. */
import { fail, ok, type Result } from '../../../shared/errors.js';
import { JsonText } from './json-text.js';
import type { ListItem } from '../../runs/run-registry.js';

/** Most elements in one answer, and most characters: an element more. A run with 1,024 heads has 90,000. */
export const PAGE_LENGTH = 200;
const PAGE_CHARACTERS = 2 ** 20;

/**
 * `{NAME: [the elements], next?}` as text: those after the one with the id `after`, from the first if there is none. That one is looked up among all:
 * since it was the last of an answer it may have ceased to be `isAskedFor`.
 */
export function pageOf<T extends ListItem>(
  name: string,
  list: readonly T[],
  after: string | undefined,
  isAskedFor: (element: T) => boolean = () => true,
): Result<JsonText> {
  const start = after === undefined ? 0 : list.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && start === 0)
    return fail('bad_input', 'after must be the next of an answer to the same question; begin anew without it');
  const rest = list.slice(start).filter(isAskedFor);
  const texts: string[] = [];
  let characters = 0;
  for (const { text } of rest) {
    if (texts.length === PAGE_LENGTH || characters >= PAGE_CHARACTERS) break;
    texts.push(text);
    characters += text.length;
  }
  const next = texts.length === rest.length ? '' : `,"next":${JSON.stringify(rest[texts.length - 1]!.id)}`;
  return ok(new JsonText(`{"${name}":[${texts.join()}]${next}}`));
}
