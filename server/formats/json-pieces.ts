/** JSON in pieces, for documents that are larger than a string can be or than memory should hold. */

/** A list whose items are made as they are written. */
export class LazyList {
  readonly items: () => Iterable<unknown>;

  constructor(items: () => Iterable<unknown>) {
    this.items = items;
  }
}

/**
 * What `JSON.stringify(value)` gives, in pieces. Objects are written field by field and `LazyList`s item by item; all
 * else, arrays too, is written whole.
 */
export function* jsonPieces(value: unknown): Generator<string> {
  if (value instanceof LazyList) {
    let separator = '[';
    for (const item of value.items()) {
      yield separator;
      yield* piecesOf(item);
      separator = ',';
    }
    yield separator === '[' ? '[]' : ']';
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    let separator = '{';
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      yield `${separator}${JSON.stringify(key)}:`;
      yield* piecesOf(item);
      separator = ',';
    }
    yield separator === '{' ? '{}' : '}';
  } else {
    yield JSON.stringify(value);
  }
}

/** Millions of numbers need no generator each. */
function piecesOf(item: unknown): Iterable<string> {
  return item === null || typeof item !== 'object' ? [JSON.stringify(item)] : jsonPieces(item);
}
