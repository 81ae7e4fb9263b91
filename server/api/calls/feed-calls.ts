/** Calls on the live feed of a connection: who watches, and which runs it follows. */
import { fail, ok } from '../../../shared/errors.js';
import type { SubscribeAnswer, WatchAnswer } from '../../../shared/protocol.js';
import { subscribeSchema, unsubscribeSchema, watchSchema } from '../../../shared/requests.js';
import { type Run, runDtype } from '../../../shared/run.js';
import type { SweepService } from '../../service/sweep-service.js';
import { noSuchRun } from '../../store/not-found.js';
import { call, type Call, type Caller, type Feed } from './call.js';
import { rowsFor, type Selection, selectedColumns } from './encode-frames.js';
import { Histories } from './histories.js';
import { JsonText } from './json-text.js';

/** Longest history in one answer, in characters of base64. */
const MAX_ANSWER_CHARACTERS = 2 ** 20;
/** Of the list of sweeps and runs in one answer; a sweep or run more. Where many join at once, everyone waits for a round of these. */
const LIST_CHARACTERS = 64 * 1024;

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
