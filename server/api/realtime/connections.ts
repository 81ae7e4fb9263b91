/** What arrives on viewers' sockets: limited, answered in turn by the table of calls. A malformed event is never fatal. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { fail, ok, type Result } from '../../../shared/errors.js';
import type { Caller, CallTable, Feed } from '../calls/call.js';
import { JsonText } from '../calls/json-text.js';
import { type Limits, WINDOW_SECONDS } from '../limits.js';
import type { Turns } from '../turns.js';
import type { Broadcaster } from './broadcaster.js';
import type { ViewerFeed, ViewerSocket } from './viewer-feed.js';
import { ViewerRequests } from './viewer-requests.js';

export interface ConnectionParts {
  table: CallTable;
  turns: Turns;
  limits: Limits;
}

/** Serves every viewer that connects. The returned function is the listener for `connection`. */
export function createConnections(
  { table, turns, limits }: ConnectionParts,
  broadcaster: Broadcaster,
): (socket: ViewerSocket) => void {
  const limiter = new RateLimiterMemory({ points: limits.events, duration: WINDOW_SECONDS });
  const calls = new Map(
    table.calls.flatMap((call) => (call.event === undefined ? [] : [[call.event as string, call]])),
  );

  return (socket) => {
    const viewer = broadcaster.join(socket);
    const caller: Caller = { ...socket.data, transport: 'socket', feed: feedOf(viewer, broadcaster), session: null };
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
      const call = calls.get(String(event));
      const payload = isAck(parameters[0]) ? undefined : parameters[0];
      const act = (): void => {
        if (call === undefined) return answer(fail('bad_input', `no such event: ${String(event).slice(0, 100)}`));
        const result = table.perform(call, () => ok(payload), caller);
        if (result instanceof Promise) void result.then(answer);
        else answer(result);
      };
      limiter.consume(socket.id).then(
        () => requests.add(payload, { isOrdered: call?.isOrdered === true }, act),
        (refused: unknown) => {
          if (!(refused instanceof RateLimiterRes)) throw refused;
          const { msBeforeNext } = refused;
          answer(fail('too_many_requests', 'too many events from this socket', { retryAfterMs: msBeforeNext }));
        },
      );
    });
  };
}

function feedOf(viewer: ViewerFeed, broadcaster: Broadcaster): Feed {
  return {
    get viewers() {
      return broadcaster.viewers;
    },
    watch: () => broadcaster.watch(viewer),
    follow: (run, selection, nextSeq) => broadcaster.follow(viewer, run, selection, nextSeq),
    unfollow: (runId) => broadcaster.unfollow(viewer, runId),
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
