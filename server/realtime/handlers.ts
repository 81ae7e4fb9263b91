/** What a viewer's events do: parsed, acted on, acknowledged. A malformed one is answered, never fatal. */
import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { z } from 'zod';
import { badInput } from '../../shared/bad-input.js';
import { fail, ok, type Result } from '../../shared/errors.js';
import { frameColumns } from '../../shared/frames.js';
import type { Ack, ClientToServerEvents, SubscribeAnswer, WatchAnswer } from '../../shared/protocol.js';
import type { Run } from '../../shared/run.js';
import { internalError } from '../internal-error.js';
import { noSuchRun } from '../store/not-kept.js';
import type { SweepService } from '../sweep/sweep-service.js';
import type { Broadcaster } from './broadcaster.js';
import { encodeFrames } from './encode-frames.js';
import { runControlSchema, subscribeSchema, unsubscribeSchema } from './requests.js';
import type { ViewerFeed, ViewerSocket } from './viewer-feed.js';

/** A page that follows a thousand runs asks a thousand times at once when it is opened; a run-away loop asks for ever. */
const EVENTS_PER_WINDOW = 5000;
const WINDOW_SECONDS = 10;

/** Longest history in one answer, in characters of base64. */
const MAX_ANSWER_CHARACTERS = 2 ** 20;

export interface HandlerParts {
  service: SweepService;
  broadcaster: Broadcaster;
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
  ) => Result<AnswerOf<ClientToServerEvents[Name]>>;
};

/** Serves every viewer that connects. The returned function is the listener for `connection`. */
export function createHandlers(parts: HandlerParts): (socket: ViewerSocket) => void {
  const { broadcaster, log, isClosing } = parts;
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
    socket.on('disconnect', () => {
      broadcaster.leave(viewer);
      void limiter.delete(socket.id);
    });
    // Events that nobody listens to arrive here too, and every event goes through the same gate.
    // A name may be a number, too: socket.io's format allows it.
    socket.onAny((event: string | number, ...parameters: unknown[]) => {
      const last = parameters.at(-1);
      const answer = (result: Result<unknown>): void => {
        if (isAck(last)) last(result);
      };
      limiter.consume(socket.id).then(
        () => answer(run(viewer, String(event), isAck(parameters[0]) ? undefined : parameters[0])),
        (refused: unknown) => {
          if (!(refused instanceof RateLimiterRes)) throw refused;
          const { msBeforeNext } = refused;
          answer(fail('too_many_requests', 'too many events from this socket', { retryAfterMs: msBeforeNext }));
        },
      );
    });
  };
}

function isAck(value: unknown): value is (answer: Result<unknown>) => void {
  return typeof value === 'function';
}

function isCommand(commands: Commands, event: string): event is keyof Commands {
  return Object.hasOwn(commands, event);
}

function createCommands({ service, broadcaster }: HandlerParts): Commands {
  const { store } = service;
  return {
    'runs:watch': (viewer) => {
      broadcaster.watch(viewer);
      const viewers = broadcaster.viewers;
      const storage = service.storage();
      const answer: WatchAnswer = {
        sweeps: store.sweeps(),
        runs: store.runs(),
        viewers,
        workers: service.workers,
        role: 'controller',
      };
      return ok(storage === null ? answer : { ...answer, notice: { storage } });
    },
    'sweep:create': (_viewer, payload) => service.createSweep(payload, 'viewer'),
    'sweep:estimate': (_viewer, payload) => service.estimate(payload),
    'run:control': (_viewer, payload) =>
      parsed(runControlSchema, payload, ({ epochs, requestId, ...control }) =>
        service.control(
          {
            ...control,
            ...(epochs === undefined ? {} : { epochs }),
            ...(requestId === undefined ? {} : { requestId }),
          },
          'viewer',
        ),
      ),
    'run:subscribe': (viewer, payload) =>
      parsed(subscribeSchema, payload, ({ runId, after }) => {
        const kept = store.run(runId);
        return kept === undefined ? noSuchRun(runId) : ok(subscribe(viewer, kept, after));
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
  function subscribe(viewer: ViewerFeed, run: Run, after: number): SubscribeAnswer {
    const columns = frameColumns(run.config.heads);
    const charactersPerRow = (4 * columns.length * 4) / 3;
    const limit = Math.max(1, Math.floor(MAX_ANSWER_CHARACTERS / charactersPerRow));
    const { fromSeq, rows, data } = encodeFrames(store.frames(run.id, after, limit));
    const answer = { columns, fromSeq, rows, data };
    if (fromSeq + rows < store.nextSeq(run.id)) {
      broadcaster.unfollow(viewer, run.id);
      return { ...answer, more: true };
    }
    broadcaster.follow(viewer, run.id, fromSeq + rows);
    return answer;
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
