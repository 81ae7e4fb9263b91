/** What programs keep with their runs, whatever its shape: nested documents as names and values in one list. */
import { plainText } from '../../shared/plain-text.js';

export interface Entry {
  /** `optimizer.betas.0` */
  name: string;
  /** No object; an array only where it has nothing but numbers, texts and the like. */
  value: unknown;
}

/** Of a document that is deeper the rest stands as JSON: a name that long tells nobody anything. */
const DEEPEST = 8;

export function entriesOf(document: object, prefix = '', depth = 0): Entry[] {
  return Object.entries(document).flatMap(([key, value]: [string, unknown]) => {
    const name = plainText(`${prefix}${key}`);
    return isNested(value) && depth < DEEPEST ? entriesOf(value, `${name}.`, depth + 1) : [{ name, value }];
  });
}

/** As it stands beside its name: in one line, without what would turn or break it. */
export function written(value: unknown): string {
  return plainText(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Anything with names of its own; a list of plain values reads best as one. */
function isNested(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (!Array.isArray(value)) return Object.keys(value).length > 0;
  return value.some((each) => typeof each === 'object' && each !== null);
}
