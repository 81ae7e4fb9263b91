/** How input that does not fit its schema is refused: every message names the field and what is allowed. */
import { z } from 'zod';
import { type ApiError, fail } from './errors.js';
import { plainText } from './plain-text.js';

/** Most unknown fields that are named, and most characters of each. */
const MOST_NAMED = 5;
const LONGEST_NAME = 50;

/**
 * An object that has these fields and no others. Zod's own words for another shape name neither it nor its fields.
 * @param required those that it must have, for the sentence
 */
export function strictFields<Shape extends z.ZodRawShape>(
  what: string,
  shape: Shape,
  required: readonly (keyof Shape & string)[] = [],
): z.ZodObject<Shape, z.core.$strict> {
  const all = Object.keys(shape).join(', ') || 'none';
  const error = ({ code, keys = [] }: { code?: string | undefined; keys?: string[] }): string => {
    if (code !== 'unrecognized_keys')
      return `${what} must be an object${required.length > 0 ? ` with ${required.join(' and ')}` : ''}`;
    const named = keys.slice(0, MOST_NAMED).map((key) => plainText(key.slice(0, LONGEST_NAME)));
    return `${what} has no field ${[...named, ...(keys.length > MOST_NAMED ? ['…'] : [])].join(', ')}; it has ${all}`;
  };
  return z.strictObject(shape, { error });
}

/** What is said of a text that `isPlainText` refuses. */
export function notPlain(name: string, lines = false): string {
  return `${name} must not have control characters${lines ? ' but line ends and tabs' : ''}, nor characters that turn the direction of writing`;
}

/** The schemas' messages name the field; where zod speaks itself, the path is put in front. */
export function badInput(error: z.ZodError): { ok: false; error: ApiError } {
  const messages = error.issues.map(({ path, message }) => {
    const field = String(path[0] ?? '');
    return field === '' || message.includes(field) ? message : `${path.join('.')}: ${message}`;
  });
  const issues = error.issues.slice(0, 20).map(({ path, message }) => ({ path: path.join('.'), message }));
  return fail('bad_input', [...new Set(messages)].slice(0, 3).join('; '), { issues });
}
