/**
 * Parts of runs' histories as text: read and encoded once for all viewers that ask for the same within a while, as they
 * do who open a page on one sweep. A frame never changes, so that a part needs no care but for its place and length, and
 * for the columns that it is sent with.
 */
import type { FramesText } from '../../../shared/protocol.js';
import type { Run } from '../../../shared/run.js';
import type { RunHistories } from '../../store/run-store.js';
import { framesText, type Selection } from './encode-frames.js';

const MAX_KEPT_CHARACTERS = 16 * 2 ** 20;

export class Histories {
  readonly #store: Pick<RunHistories, 'frames' | 'nextSeq'>;
  /** The one that was asked for last at the end. */
  readonly #kept = new Map<string, FramesText>();
  #characters = 0;

  constructor(store: Pick<RunHistories, 'frames' | 'nextSeq'>) {
    this.#store = store;
  }

  /** The frames with seq > after, at most `limit` of them; `isAll` where none is committed after them. */
  read(run: Run, selection: Selection, after: number, limit: number): { frames: FramesText; isAll: boolean } {
    const fromSeq = Math.max(0, after + 1);
    const nextSeq = this.#store.nextSeq(run.id);
    const rows = Math.max(0, Math.min(limit, nextSeq - fromSeq));
    const frames =
      rows === 0 ? { fromSeq, rows, steps: '', times: '', data: '' } : this.#read(run, selection, fromSeq, rows);
    return { frames, isAll: fromSeq + rows >= nextSeq };
  }

  #read(run: Run, selection: Selection, fromSeq: number, rows: number): FramesText {
    const key = JSON.stringify([run.id, fromSeq, rows, run.series.length, selection && [...selection].sort()]);
    const kept = this.#kept.get(key);
    const frames = kept ?? framesText(this.#store.frames(run.id, fromSeq - 1, rows), run, selection);
    this.#kept.delete(key);
    this.#kept.set(key, frames);
    if (kept === undefined) this.#characters += charactersOf(frames);
    for (const [oldest, text] of this.#kept) {
      if (this.#characters <= MAX_KEPT_CHARACTERS) break;
      this.#kept.delete(oldest);
      this.#characters -= charactersOf(text);
    }
    return frames;
  }
}

function charactersOf({ steps, times, data }: FramesText): number {
  return steps.length + times.length + data.length;
}
