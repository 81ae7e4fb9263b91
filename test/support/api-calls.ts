/** Calls of the API of a running app, and what their answers are held against. */
import { expect } from 'vitest';
import type { z } from 'zod';
import type { RunningApp } from './running-app.js';

export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

export async function call({ url }: RunningApp, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body !== undefined && {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** Holds an answer against the schema that the API's document shows. */
export function fits<S extends z.ZodType>(schema: S, { body }: Answer): z.output<S> {
  return schema.parse(body);
}

/** The body of an error. */
export const error = (code: string, message: RegExp | string) => ({
  error: { code, message: expect.stringMatching(message) },
});

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
