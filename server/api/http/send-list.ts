/** Lists of unbounded length as JSON, read and sent part by part, so that none has to fit the memory. */
import { pipeline, Readable } from 'node:stream';
import type { Response } from 'express';
import type { Turns } from '../turns.js';

/** Sends `body`, each part made in a turn of its own and not before the one before has left. */
export function sendInParts(response: Response, body: Iterable<string | Uint8Array>, turns: Turns): void {
  // A reader that goes away is no failure, and what is deleted meanwhile leaves a body that is cut off.
  pipeline(Readable.from(inTurns(body, turns), { objectMode: false }), response, () => undefined);
}

async function* inTurns<T>(parts: Iterable<T>, turns: Turns): AsyncGenerator<T> {
  const each = parts[Symbol.iterator]();
  for (;;) {
    await turns.next();
    const next = each.next();
    if (next.done === true) return;
    yield next.value;
  }
}

/** @param read answers at most `limit` elements from the one at `offset` on; fewer only at the end */
export function sendList(
  response: Response,
  turns: Turns,
  limit: number,
  read: (part: { offset: number; limit: number }) => readonly unknown[],
): void {
  response.type('application/json');
  sendInParts(response, listText(limit, read), turns);
}

function* listText(limit: number, read: Parameters<typeof sendList>[3]): Generator<string> {
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
