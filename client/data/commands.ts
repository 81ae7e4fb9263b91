/** One thin function per command. All answer with a Result; none throws. */
import type { Role, TokenInfo } from '../../shared/access.js';
import type { HttpAnswer } from './connection-monitor.js';
import { type ApiError, fail, ok, type Result } from '../../shared/errors.js';
import type { OutputLine } from '../../shared/output.js';
import type { Measurement } from '../../shared/measurement.js';
import type { RunControl, SubscribeAnswer, SweepCreated, SweepEstimate, WatchAnswer } from '../../shared/protocol.js';
import type { Run, Sweep, SweepAction } from '../../shared/run.js';
import type { SweepRequest } from '../../shared/experiment.js';
import { serverAddress } from './server-address.js';
import type { PageSocket } from './socket.js';
import type { NewToken } from './token-list.js';

/** What of a run is noted by hand. */
export type RunPatch = Partial<Pick<Run, 'name' | 'tags' | 'notes'>>;

const ACK_TIMEOUT_MS = 10_000;

const NOT_CONNECTED = fail('unavailable', 'not connected to the server; nothing was sent');
const NO_ANSWER = fail(
  'unavailable',
  'the server did not answer within 10 s; the page shows what it did as soon as it is heard again',
);

export type Answer<T> = (answer: Result<T>) => void;

/** What arrives through `timeout()`: an error in front, set if no ack came. */
type TimedAnswer<T> = (error: Error | null, answer: Result<T>) => void;

function timed<T>(done: Answer<T>): TimedAnswer<T> {
  return (error, answer) => done(error === null ? answer : NO_ANSWER);
}

/** Emitting while offline would be held back and sent upon reconnection, long after the user's wish: refused instead. */
function ask<T>(socket: PageSocket, send: (done: Answer<T>) => void): Promise<Result<T>> {
  if (!socket.connected) return Promise.resolve(NOT_CONNECTED);
  return new Promise(send);
}

/** @param after the `next` of the answer before; undefined for the newest sweeps and runs */
export function watchRuns(socket: PageSocket, after: string | undefined, done: Answer<WatchAnswer>): void {
  socket.timeout(ACK_TIMEOUT_MS).emit('runs:watch', after === undefined ? {} : { after }, timed(done));
}

/**
 * Asks for every frame after seq `after` (−1: all). Answers in the ack callback itself and not as a promise, because
 * live frames in the next packet would overtake whoever awaits.
 */
export function subscribeRun(socket: PageSocket, runId: string, after: number, done: Answer<SubscribeAnswer>): void {
  if (!socket.connected) return done(NOT_CONNECTED);
  socket.timeout(ACK_TIMEOUT_MS).emit('run:subscribe', { runId, after }, timed(done));
}

export function unsubscribeRun(socket: PageSocket, runId: string): Promise<Result<null>> {
  return ask(socket, (done) => socket.timeout(ACK_TIMEOUT_MS).emit('run:unsubscribe', { runId }, timed(done)));
}

export function createSweep(socket: PageSocket, spec: SweepRequest): Promise<Result<SweepCreated>> {
  return ask(socket, (done) => socket.timeout(ACK_TIMEOUT_MS).emit('sweep:create', spec, timed(done)));
}

export function estimateSweep(socket: PageSocket, spec: SweepRequest): Promise<Result<SweepEstimate>> {
  return ask(socket, (done) => socket.timeout(ACK_TIMEOUT_MS).emit('sweep:estimate', spec, timed(done)));
}

export function controlRun(socket: PageSocket, control: RunControl): Promise<Result<Run>> {
  return ask(socket, (done) => socket.timeout(ACK_TIMEOUT_MS).emit('run:control', control, timed(done)));
}

/** The action on every run of the sweep that allows it; over HTTP, where it is one request and not one per run. */
export function controlSweep(sweepId: string, action: SweepAction): Promise<Result<Sweep>> {
  return call('POST', `sweeps/${encodeURIComponent(sweepId)}/${action}`);
}

/** What happened to the run, oldest first. */
export function readLog(runId: string): Promise<Result<LogEntry[]>> {
  return call('GET', `runs/${encodeURIComponent(runId)}/log`);
}

export function readMeasurements(runId: string): Promise<Result<Measurement[]>> {
  return call('GET', `runs/${encodeURIComponent(runId)}/measurements`);
}

/** What the program printed: after a line, where with `next` there is more, or its last lines. */
export function readOutput(runId: string, asked: OutputRequest): Promise<Result<OutputPart>> {
  const query = 'last' in asked ? `last=${asked.last}` : `after=${asked.after}`;
  return call('GET', `runs/${encodeURIComponent(runId)}/output?${query}`);
}

/** The server's own version, which its Python client has, too. */
export function readHealth(): Promise<Result<{ version?: string }>> {
  return call('GET', 'health');
}

/** Those that are kept, newest first. */
export function readCheckpoints(runId: string): Promise<Result<Checkpoint[]>> {
  return call('GET', `runs/${encodeURIComponent(runId)}/checkpoints`);
}

/** Changes what is noted of a run; a refusal names the fields in its details. */
export function patchRun(runId: string, patch: RunPatch): Promise<Result<Run>> {
  return call('PATCH', `runs/${encodeURIComponent(runId)}`, patch);
}

/** Deletes for good; `conflict` while it trains or waits. What is gone already counts as deleted. */
export async function deleteForGood(what: 'runs' | 'sweeps', id: string): Promise<Result<null>> {
  const answer = await call<null>('DELETE', `${what}/${encodeURIComponent(id)}`);
  return !answer.ok && answer.error.code === 'not_found' ? ok(null) : answer;
}

/** By which tokens others may come. */
export function listTokens(): Promise<Result<TokenInfo[]>> {
  return call('GET', 'tokens');
}

/** From the first one on everyone needs one; this browser is then signed in by the answer. */
export function createToken(name: string, role: Role): Promise<Result<NewToken>> {
  return call('POST', 'tokens', { name, role });
}

export function revokeToken(name: string): Promise<Result<null>> {
  return call('DELETE', `tokens/${encodeURIComponent(name)}`);
}

/** Lets this browser be nobody's. */
export function signOut(): Promise<Result<null>> {
  return call('DELETE', 'session');
}

/** Whether the server answers plain requests, for when it does not answer a WebSocket. */
export async function askHealth(): Promise<HttpAnswer> {
  try {
    const response = await fetch(serverAddress('api/health'), {
      cache: 'no-store',
      signal: AbortSignal.timeout(ACK_TIMEOUT_MS),
    });
    const answer = (await response.json()) as { status?: unknown; version?: unknown; error?: ApiError };
    // Strangers are told the status alone.
    if (response.ok && answer.status !== undefined)
      return { kind: answer.version === undefined ? 'signed out' : 'healthy' };
    if (answer.error !== undefined) return { kind: 'refused', reason: answer.error.message };
    return { kind: 'busy' };
  } catch {
    // No answer, or one that is not the server's, as of a proxy that does not reach it.
    return { kind: 'unreachable' };
  }
}

async function call<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Result<T>> {
  try {
    const response = await fetch(serverAddress(`api/${path}`), {
      method,
      signal: AbortSignal.timeout(ACK_TIMEOUT_MS),
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    });
    const answer = (response.status === 204 ? null : await response.json()) as T | { error: ApiError };
    if (response.ok) return ok(answer as T);
    return { ok: false, error: (answer as { error: ApiError }).error };
  } catch {
    return NO_ANSWER;
  }
}

/** As `GET /api/runs/{id}/log` answers it. */
export interface LogEntry {
  /** ISO 8601, UTC. */
  at: string;
  event: string;
  cause?: string;
  by?: string;
  details?: unknown;
}

/** Which lines of what a program printed: those after one, or so many at the end. */
export type OutputRequest = { after: number } | { last: number };

/** As `GET /api/runs/{id}/output` answers it. */
export interface OutputPart {
  lines: OutputLine[];
  next?: number;
}

/** As `GET /api/runs/{id}/checkpoints` answers it. */
export interface Checkpoint {
  seq: number;
  epoch: number;
  /** ISO 8601, UTC. */
  at: string;
  bytes: number;
  engine: string;
}
