/** Answers of unbounded length: read and sent part by part, so that none has to fit the memory. */

/** The body of an answer over HTTP. */
export class Parts {
  /** Media type. */
  readonly type: string;
  readonly body: Iterable<string | Uint8Array>;
  /** Where it is a file: how it is called. */
  readonly fileName: string | undefined;

  constructor(type: string, body: Iterable<string | Uint8Array>, fileName?: string) {
    this.type = type;
    this.body = body;
    this.fileName = fileName;
  }
}

/**
 * A list as JSON.
 * @param read answers at most `limit` elements from the one at `offset` on; fewer only at the end
 */
export function listParts(limit: number, read: (part: { offset: number; limit: number }) => readonly unknown[]): Parts {
  return new Parts('application/json', listText(limit, read));
}

function* listText(limit: number, read: Parameters<typeof listParts>[1]): Generator<string> {
  let text = '[';
  for (let offset = 0; ; offset += limit) {
    const part = read({ offset, limit });
    text += part.map((element) => JSON.stringify(element)).join();
    if (part.length < limit) break;
    yield text;
    text = ',';
  }
  // What was sent last ends in a comma's place where the number of elements is a multiple of the limit.
  yield text === ',' ? ']' : `${text}]`;
}
