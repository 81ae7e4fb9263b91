/**
 * Parts of runs' histories as text: read and encoded once for all viewers that ask for the same within a while, as they
 * do who open a page on one sweep. A frame never changes, so that a part needs no care but for its place and length.
 */
import type { RunStore } from '../store/run-store.js';
import { encodeFrames } from './encode-frames.js';

const MAX_KEPT_CHARACTERS = 16 * 2 ** 20;

export class Histories {
  readonly #store: Pick<RunStore, 'frames' | 'nextSeq'>;
  /** The one that was asked for last at the end. */
  readonly #kept = new Map<string, string>();
  #characters = 0;

  constructor(store: Pick<RunStore, 'frames' | 'nextSeq'>) {
    this.#store = store;
  }

  /** The frames with seq > after, at most `limit` of them, in base64; `isAll` where none is committed after them. */
  read(runId: string, after: number, limit: number): { fromSeq: number; rows: number; data: string; isAll: boolean } {
    const fromSeq = Math.max(0, after + 1);
    const nextSeq = this.#store.nextSeq(runId);
    const rows = Math.max(0, Math.min(limit, nextSeq - fromSeq));
    const data = rows === 0 ? '' : this.#data(runId, fromSeq, rows);
    return { fromSeq, rows, data, isAll: fromSeq + rows >= nextSeq };
  }

  #data(runId: string, fromSeq: number, rows: number): string {
    const key = `${runId} ${fromSeq} ${rows}`;
    const kept = this.#kept.get(key);
    const data = kept ?? encodeFrames(this.#store.frames(runId, fromSeq - 1, rows)).data;
    this.#kept.delete(key);
    this.#kept.set(key, data);
    if (kept === undefined) this.#characters += data.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#characters <= MAX_KEPT_CHARACTERS) break;
      this.#kept.delete(oldest);
      this.#characters -= length;
    }
    return data;
  }
}
