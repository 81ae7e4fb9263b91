/** Calls on the live feed of a connection: who watches, and which runs it follows. */
import { fail, ok } from '../../../shared/errors.js';
import type { FramesText, SubscribeAnswer, WatchAnswer } from '../../../shared/protocol.js';
import { subscribeSchema, unsubscribeSchema, watchSchema } from '../../../shared/requests.js';
import { type Run, runDtype } from '../../../shared/run.js';
import type { SweepService } from '../../service/sweep-service.js';
import { noSuchRun } from '../../store/not-found.js';
import type { RunHistories } from '../../store/run-store.js';
import { call, type Call, type Caller, type Feed } from './call.js';
import { framesText, rowsFor, type Selection, selectedColumns } from './encode-frames.js';
import { JsonText } from './json-text.js';

/** Longest history in one answer, in characters of base64. */
const MAX_ANSWER_CHARACTERS = 2 ** 20;
/** Of the list of sweeps and runs in one answer; a sweep or run more. Where many join at once, everyone waits for a round of these. */
const LIST_CHARACTERS = 64 * 1024;
/** Of all histories that are kept as text. */
const MAX_HISTORY_CHARACTERS = 16 * 2 ** 20;

export function feedCalls(service: SweepService): Call[] {
  const histories = new Histories(service.histories);
  return [
    call({
      name: 'runs.watch',
      needs: 'watch',
      schema: watchSchema.nullish(),
      event: 'runs:watch',
      handle: (request, caller) => {
        const part = service.lists.newestFirst(request?.after, LIST_CHARACTERS);
        if (part === undefined) return fail('bad_input', 'after must be the next of an answer on this connection');
        const feed = feedOf(caller);
        feed.watch();
        const { sweeps, runs, next } = part;
        const storage = service.storage();
        const rest: Omit<WatchAnswer, 'sweeps' | 'runs'> = {
          viewers: feed.viewers,
          workers: service.workers,
          role: caller.role === 'controller' ? 'controller' : 'viewer',
          ...(next !== undefined && { next }),
          ...(storage !== null && { notice: { storage } }),
        };
        return ok(
          new JsonText(`{"sweeps":[${sweeps.join()}],"runs":[${runs.join()}],${JSON.stringify(rest).slice(1)}`),
        );
      },
    }),
    call({
      name: 'run.subscribe',
      needs: 'watch',
      schema: subscribeSchema,
      event: 'run:subscribe',
      isOrdered: true,
      handle: ({ runId, after, series }, caller) => {
        const run = service.runs.run(runId);
        const selection = series === undefined ? null : new Set(series);
        return run === undefined ? noSuchRun(runId) : ok(subscribe(feedOf(caller), run, selection, after));
      },
    }),
    call({
      name: 'run.unsubscribe',
      needs: 'watch',
      schema: unsubscribeSchema,
      event: 'run:unsubscribe',
      isOrdered: true,
      handle: ({ runId }, caller) => {
        feedOf(caller).unfollow(runId);
        return ok(null);
      },
    }),
  ];

  /**
   * Reading the history and joining the live feed are one turn: nothing is committed between them. The answer is sent
   * before the first live frame, because the feed speaks in a later turn.
   */
  function subscribe(feed: Feed, run: Run, selection: Selection, after: number): JsonText {
    const columns = selectedColumns(run, selection);
    const dtype = runDtype(run);
    const limit = rowsFor(run, selection, MAX_ANSWER_CHARACTERS);
    const { frames, isAll } = histories.read(run, selection, after, limit);
    if (isAll) feed.follow(run, selection, frames.fromSeq + frames.rows);
    else feed.unfollow(run.id);
    const { steps, times, data, ...place } = frames;
    type Rest = Omit<SubscribeAnswer, 'steps' | 'times' | 'data'>;
    const rest: Rest = { columns, dtype, ...place, ...(!isAll && { more: true }) };
    // Base64 has nothing that JSON would escape.
    const text = `{"steps":"${steps}","times":"${times}","data":"${data}",${JSON.stringify(rest).slice(1)}`;
    return new JsonText(text);
  }
}

function feedOf({ feed }: Caller): Feed {
  if (feed === null) throw new TypeError('a call on the live feed came by a way that has none');
  return feed;
}

/**
 * Parts of runs' histories as text: read and encoded once for all viewers that ask for the same within a while, as they
 * do who open a page on one sweep. A frame never changes, so that a part needs no care but for its place and length, and
 * for the columns that it is sent with.
 */
class Histories {
  readonly #store: Pick<RunHistories, 'frames' | 'nextSeq'>;
  /** The one that was asked for last at the end. */
  readonly #texts = new Map<string, FramesText>();
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
    const known = this.#texts.get(key);
    const frames = known ?? framesText(this.#store.frames(run.id, fromSeq - 1, rows), run, selection);
    this.#texts.delete(key);
    this.#texts.set(key, frames);
    if (known === undefined) this.#characters += charactersOf(frames);
    for (const [oldest, text] of this.#texts) {
      if (this.#characters <= MAX_HISTORY_CHARACTERS) break;
      this.#texts.delete(oldest);
      this.#characters -= charactersOf(text);
    }
    return frames;
  }
}

function charactersOf({ steps, times, data }: FramesText): number {
  return steps.length + times.length + data.length;
}
