/** What a viewer's events do: parsed, acted on, acknowledged. A malformed one is answered, never fatal. */
import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { z } from 'zod';
import { badInput } from '../../../shared/bad-input.js';
import { fail, ok, type Result } from '../../../shared/errors.js';
import type { Ack, ClientToServerEvents, SubscribeAnswer, WatchAnswer } from '../../../shared/protocol.js';
import { type Run, runDtype } from '../../../shared/run.js';
import { internalError } from '../../internal-error.js';
import { JsonText } from '../json-text.js';
import { noSuchRun } from '../../store/not-found.js';
import type { SweepService } from '../../service/sweep-service.js';
import type { Turns } from '../turns.js';
import type { Broadcaster } from './broadcaster.js';
import { rowsFor, type Selection, selectedColumns } from './encode-frames.js';
import { Histories } from './histories.js';
import { runControlSchema, subscribeSchema, unsubscribeSchema, watchSchema } from './requests.js';
import type { ViewerFeed, ViewerSocket } from './viewer-feed.js';
import { ViewerRequests } from './viewer-requests.js';

/** A page that follows a thousand runs asks a thousand times at once when it is opened; a run-away loop asks for ever. */
const EVENTS_PER_WINDOW = 5000;
const WINDOW_SECONDS = 10;

/** Longest history in one answer, in characters of base64. */
const MAX_ANSWER_CHARACTERS = 2 ** 20;
/** Of the list of sweeps and runs in one answer; a sweep or run more. Where many join at once, everyone waits for a round of these. */
const LIST_CHARACTERS = 64 * 1024;

/** What keeps its order: to begin and to end following a run. All else is answered before. */
const OF_HISTORY: readonly string[] = ['run:subscribe', 'run:unsubscribe'] satisfies (keyof ClientToServerEvents)[];

export interface HandlerParts {
  service: SweepService;
  broadcaster: Broadcaster;
  turns: Turns;
  log: Logger;
  /** Whether the server is on its way out: nothing new begins then. */
  isClosing: () => boolean;
}

type AnswerOf<Event extends (...parameters: never[]) => void> =
  Parameters<Event> extends [...unknown[], Ack<infer T>] ? T : never;
type Commands = {
  [Name in keyof ClientToServerEvents]: (
    viewer: ViewerFeed,
    payload: unknown,
  ) => Result<AnswerOf<ClientToServerEvents[Name]> | JsonText>;
};

/** Serves every viewer that connects. The returned function is the listener for `connection`. */
export function createHandlers(parts: HandlerParts): (socket: ViewerSocket) => void {
  const { broadcaster, log, isClosing, turns } = parts;
  const limiter = new RateLimiterMemory({ points: EVENTS_PER_WINDOW, duration: WINDOW_SECONDS });
  const commands = createCommands(parts);

  const run = (viewer: ViewerFeed, event: string, payload: unknown): Result<unknown> => {
    const command = isCommand(commands, event) ? commands[event] : undefined;
    if (command === undefined) return fail('bad_input', `no such event: ${event.slice(0, 100)}`);
    if (isClosing()) return fail('unavailable', 'the server is closing');
    try {
      return command(viewer, payload);
    } catch (error) {
      return internalError(log, `event ${event}`, error);
    }
  };

  return (socket) => {
    const viewer = broadcaster.join(socket);
    const requests = new ViewerRequests(viewer.wire, turns, () => broadcaster.viewers);
    socket.on('disconnect', () => {
      requests.close();
      viewer.wire.close();
      broadcaster.leave(viewer);
      void limiter.delete(socket.id);
    });
    // Events that nobody listens to arrive here too, and every event goes through the same gate.
    // A name may be a number, too: socket.io's format allows it.
    socket.onAny((event: string | number, ...parameters: unknown[]) => {
      const last = parameters.at(-1);
      const answer = (result: Result<unknown>): void => {
        if (isAck(last)) last(asText(result));
      };
      const name = String(event);
      const payload = isAck(parameters[0]) ? undefined : parameters[0];
      limiter.consume(socket.id).then(
        () =>
          requests.add(payload, { isOfHistory: OF_HISTORY.includes(name) }, () => answer(run(viewer, name, payload))),
        (refused: unknown) => {
          if (!(refused instanceof RateLimiterRes)) throw refused;
          const { msBeforeNext } = refused;
          answer(fail('too_many_requests', 'too many events from this socket', { retryAfterMs: msBeforeNext }));
        },
      );
    });
  };
}

/** With data that is text, the answer is text, too. */
function asText(result: Result<unknown>): Result<unknown> | JsonText {
  if (!result.ok || !(result.data instanceof JsonText)) return result;
  return new JsonText(`{"ok":true,"data":${result.data.text}}`);
}

function isAck(value: unknown): value is (answer: Result<unknown> | JsonText) => void {
  return typeof value === 'function';
}

function isCommand(commands: Commands, event: string): event is keyof Commands {
  return Object.hasOwn(commands, event);
}

function createCommands({ service, broadcaster }: HandlerParts): Commands {
  const histories = new Histories(service.histories);
  return {
    'runs:watch': (viewer, payload) =>
      parsed(watchSchema, payload ?? {}, ({ after }) => {
        const part = service.lists.newestFirst(after, LIST_CHARACTERS);
        if (part === undefined) return fail('bad_input', 'after must be the next of an answer on this connection');
        broadcaster.watch(viewer);
        const { sweeps, runs, next } = part;
        const storage = service.storage();
        const rest: Omit<WatchAnswer, 'sweeps' | 'runs'> = {
          viewers: broadcaster.viewers,
          workers: service.workers,
          role: 'controller',
          ...(next !== undefined && { next }),
          ...(storage !== null && { notice: { storage } }),
        };
        return ok(
          new JsonText(`{"sweeps":[${sweeps.join()}],"runs":[${runs.join()}],${JSON.stringify(rest).slice(1)}`),
        );
      }),
    'sweep:create': (_viewer, payload) => service.createSweep(payload, 'viewer'),
    'sweep:estimate': (_viewer, payload) => service.estimate(payload),
    'run:control': (_viewer, payload) =>
      parsed(runControlSchema, payload, ({ total, requestId, ...control }) =>
        service.control(
          {
            ...control,
            ...(total === undefined ? {} : { total }),
            ...(requestId === undefined ? {} : { requestId }),
          },
          'viewer',
        ),
      ),
    'run:subscribe': (viewer, payload) =>
      parsed(subscribeSchema, payload, ({ runId, after, series }) => {
        const run = service.runs.run(runId);
        const selection = series === undefined ? null : new Set(series);
        return run === undefined ? noSuchRun(runId) : ok(subscribe(viewer, run, selection, after));
      }),
    'run:unsubscribe': (viewer, payload) =>
      parsed(unsubscribeSchema, payload, ({ runId }) => {
        broadcaster.unfollow(viewer, runId);
        return ok(null);
      }),
  };

  /**
   * Reading the history and joining the live feed are one turn: nothing is committed between them. The answer is sent
   * before the first live frame, because the feed speaks in a later turn.
   */
  function subscribe(viewer: ViewerFeed, run: Run, selection: Selection, after: number): JsonText {
    const columns = selectedColumns(run, selection);
    const dtype = runDtype(run);
    const limit = rowsFor(run, selection, MAX_ANSWER_CHARACTERS);
    const { frames, isAll } = histories.read(run, selection, after, limit);
    if (isAll) broadcaster.follow(viewer, run, selection, frames.fromSeq + frames.rows);
    else broadcaster.unfollow(viewer, run.id);
    const { steps, times, data, ...place } = frames;
    type Rest = Omit<SubscribeAnswer, 'steps' | 'times' | 'data'>;
    const rest: Rest = { columns, dtype, ...place, ...(!isAll && { more: true }) };
    // Base64 has nothing that JSON would escape.
    const text = `{"steps":"${steps}","times":"${times}","data":"${data}",${JSON.stringify(rest).slice(1)}`;
    return new JsonText(text);
  }
}

function parsed<S extends z.ZodType, T>(
  schema: S,
  payload: unknown,
  act: (request: z.output<S>) => Result<T>,
): Result<T> {
  const request = schema.safeParse(payload);
  return request.success ? act(request.data) : badInput(request.error);
}
