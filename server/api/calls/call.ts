/**
 * One call: what it is named, what it takes, which right it needs and what it does. Events of Socket.IO, routes of HTTP
 * and the OpenAPI document are made from it, so that a call is parsed, allowed and answered in one way.
 */
import type { z } from 'zod';
import { hasRight, type Right } from '../../../shared/access.js';
import { badInput } from '../../../shared/bad-input.js';
import { fail, type Failure, type Result } from '../../../shared/errors.js';
import type { Ack, ClientToServerEvents } from '../../../shared/protocol.js';
import type { Run } from '../../../shared/run.js';
import type { Principal } from '../../access/principal.js';
import { internalError } from '../../internal-error.js';
import type { ServiceLog } from '../../runs/service-log.js';
import type { CommandSource } from '../../runs/run-changes.js';
import type { Selection } from './encode-frames.js';
import type { JsonText } from './json-text.js';
import type { Parts } from './parts.js';

/** The live frames of the connection that a call came on. */
export interface Feed {
  /** Viewers that are connected, this one included. */
  readonly viewers: number;
  /** From now on the viewer is told of changes of runs and of presence. */
  watch(): void;
  /** The viewer, which has been sent every frame of the run below `nextSeq`, gets those from there on. */
  follow(run: Run, selection: Selection, nextSeq: number): void;
  unfollow(runId: string): void;
}

/** Keeps the browser that asks signed in. */
export interface Session {
  open(secret: string): void;
  close(): void;
}

/** Who makes a call, and by which way. */
export interface Caller extends Principal {
  transport: 'socket' | 'http';
  /** Null over HTTP. */
  feed: Feed | null;
  /** Null on sockets. */
  session: Session | null;
  /** Aborted when nobody waits for the answer any more; over HTTP alone. */
  signal?: AbortSignal;
}

/** What a request over HTTP gives; `query` and `body` fit the schemas of the route. */
export interface RouteRequest<Query = unknown, Body = unknown> {
  /** Of the path; empty where it has none. */
  id: string;
  query: Query;
  body: Body;
}

/** What a route answers when all goes well. */
export interface Success {
  status: 200 | 201 | 202 | 204;
  description: string;
  /** By media type; none for a 204. */
  content?: Record<string, z.ZodType>;
  /** Of a 201: the address of what was made is this with its id. */
  location?: string;
}

export interface Route<Input = unknown> {
  method: 'get' | 'post' | 'patch' | 'delete';
  /** As OpenAPI writes it. `{id}` is the only parameter. */
  path: string;
  summary: string;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** What the document says of the body, where whoever is asked reads it: of the built-in experiment's. */
  documented?: z.ZodType;
  /** Most bytes of the body; those of the server's limits unless given. */
  bodyBytes?: number;
  /** What the call is given. */
  input: (request: RouteRequest) => Input;
  success: Success;
  /** Statuses of the errors that it may answer besides those of every call. */
  failures?: readonly (404 | 409)[];
  /** Where what is answered tells that the server is not ready: the status is 503 then. */
  isUnready?: (data: unknown) => boolean;
}

/** What a call answers; on sockets what is no text is made into JSON. */
export type Answer<T = unknown> = Result<T | JsonText | Parts>;

export interface Call {
  name: string;
  needs: Right;
  schema: z.ZodType;
  event?: keyof ClientToServerEvents;
  /** Whether it keeps its place among those of its kind on a connection. All others are answered before. */
  isOrdered?: boolean;
  /** Whether it is answered while the server closes, too. */
  isAlways?: boolean;
  routes: readonly Route[];
  /** `input` fits the schema. */
  handle: (input: unknown, caller: Caller) => Answer | Promise<Answer>;
}

type AnswerOf<Event extends keyof ClientToServerEvents> =
  Parameters<ClientToServerEvents[Event]> extends [...unknown[], Ack<infer T>] ? T : never;

/** Gives `handle` and `routes` the types of the schema. With an event, the answer is what the protocol says of it. */
export function call<Schema extends z.ZodType, Event extends keyof ClientToServerEvents = never>(definition: {
  name: string;
  needs: Right;
  schema: Schema;
  event?: Event;
  isOrdered?: boolean;
  isAlways?: boolean;
  routes?: readonly Route<z.input<Schema>>[];
  /** What comes by events is answered in its turn, and not later. */
  handle: (
    input: z.output<Schema>,
    caller: Caller,
  ) => [Event] extends [never] ? Answer | Promise<Answer> : Answer<AnswerOf<Event>>;
}): Call {
  return { routes: [], ...definition } as Call;
}

/** Gives `input` the types of the route's schemas. */
export function route<Input, Query extends z.ZodObject = z.ZodObject, Body extends z.ZodType = z.ZodType>(
  definition: Omit<Route<Input>, 'query' | 'body' | 'input'> & {
    query?: Query;
    body?: Body;
    input: (request: RouteRequest<z.output<Query>, z.output<Body>>) => Input;
  },
): Route<Input> {
  return definition as Route<Input>;
}

export function json(status: 200 | 202, description: string, schema: z.ZodType): Success {
  return { status, description, content: { 'application/json': schema } };
}

export function created(description: string, schema: z.ZodType, location: string): Success {
  return { status: 201, description, content: { 'application/json': schema }, location };
}

/** For the runs' logs: who it was, or where nobody has a name, by which way. */
export function sourceOf({ name, transport }: Caller): CommandSource {
  return name ?? (transport === 'socket' ? 'viewer' : 'http');
}

/** The one place where calls are allowed, parsed and carried out, whichever way they came. */
export class CallTable {
  readonly calls: readonly Call[];
  readonly #log: Pick<ServiceLog, 'error'>;
  readonly #isClosing: () => boolean;

  constructor(calls: readonly Call[], log: Pick<ServiceLog, 'error'>, isClosing: () => boolean) {
    this.calls = calls;
    this.#log = log;
    this.#isClosing = isClosing;
  }

  /** Why a role may not make the call; null if it may. */
  refusal({ name, needs }: Call, role: Principal['role']): Failure | null {
    if (hasRight(role, needs)) return null;
    if (needs === 'write')
      return fail('unauthorized', 'the ingestToken of the run is needed: send it as Authorization: Bearer TOKEN');
    return role === null
      ? fail('unauthorized', 'a token is needed: send it as Authorization: Bearer TOKEN, or sign in on the page')
      : fail('forbidden', `a ${role} may not do this: ${name} needs the right to ${needs}`);
  }

  /** Throws nothing, and is answered at once but where the call says otherwise. @param given what the caller sent, which is looked at only where the call is allowed */
  perform(called: Call, given: () => Result<unknown>, caller: Caller): Answer | Promise<Answer> {
    const refused = this.refusal(called, caller.role);
    if (refused !== null) return refused;
    if (this.#isClosing() && called.isAlways !== true) return fail('unavailable', 'the server is closing');
    const sent = given();
    if (!sent.ok) return sent;
    const input = called.schema.safeParse(sent.data);
    if (!input.success) return badInput(input.error);
    const unexpected = (error: unknown): Failure => internalError(this.#log, called.name, error);
    try {
      const answer = called.handle(input.data, caller);
      return answer instanceof Promise ? answer.catch(unexpected) : answer;
    } catch (error) {
      return unexpected(error);
    }
  }
}
