/** One call of the API: what it takes, what it answers, what it does. Routes and the OpenAPI document come from it. */
import type { Response } from 'express';
import type { z } from 'zod';
import type { Result } from '../../../shared/errors.js';
import type { SweepService } from '../../service/sweep-service.js';
import type { Turns } from '../turns.js';

/** What calls are about, and read from. */
export interface ApiState {
  service: SweepService;
  turns: Turns;
}

/** What a call answers when all goes well. */
export interface Success {
  status: 200 | 201 | 202 | 204;
  description: string;
  /** By media type; none for a 204. */
  content?: Record<string, z.ZodType>;
}

export interface Call {
  method: 'get' | 'post' | 'patch' | 'delete';
  /** As OpenAPI writes it. `{id}` is the only parameter. */
  path: string;
  summary: string;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** What the document says of the body, where whoever is asked reads it: of the built-in experiment's. */
  documented?: z.ZodType;
  success: Success;
  /** Statuses of the errors that it may answer besides those of every call. */
  failures?: readonly (404 | 409)[];
  /** What a 503 holds where it is no error. */
  unavailable?: z.ZodType;
  /** `query` and `body` fit their schemas. `sent`: it has answered by itself. */
  handle: (request: CallRequest<unknown, unknown>, response: Response) => Result<unknown> | 'sent';
}

export interface CallRequest<Query, Body> {
  id: string;
  query: Query;
  body: Body;
}

/** Gives `handle` the types of its schemas. */
export function call<Query extends z.ZodObject = z.ZodObject, Body extends z.ZodType = z.ZodType>(
  definition: Omit<Call, 'query' | 'body' | 'handle'> & {
    query?: Query;
    body?: Body;
    handle: (request: CallRequest<z.output<Query>, z.output<Body>>, response: Response) => Result<unknown> | 'sent';
  },
): Call {
  return definition as Call;
}

export function json(status: 200 | 201 | 202, description: string, schema: z.ZodType): Success {
  return { status, description, content: { 'application/json': schema } };
}
