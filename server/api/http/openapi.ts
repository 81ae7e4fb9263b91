/** The OpenAPI document of the calls. */
import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { ERROR_STATUS } from '../../../shared/errors.js';
import type { Call, Route, Success } from '../calls/call.js';
import { errorSchema } from '../calls/schemas.js';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** What every call may answer; one with a body may also find it too large. */
const ALWAYS = [400, 401, 403, 429, 500, 503] as const;

const FAILURE: Record<(typeof ERROR_STATUS)[keyof typeof ERROR_STATUS], string> = {
  400: 'Bad input; the message names the field and what is allowed.',
  401: 'A token is needed, or the one that was sent is not valid.',
  403: 'Host or Origin is not this server’s own, or the token’s role may not do this.',
  404: 'There is none of that id.',
  409: 'It cannot be done in the present status, which the details name.',
  413: 'The body is too large.',
  429: 'Too many requests.',
  500: 'Unexpected; the id in the message leads to the log.',
  503: 'Not ready, or closing, or it cannot be stored now and nothing was changed.',
};

/** @param basePath what all paths begin with; empty, or `/x` */
export function openApiDocument(calls: readonly Call[], version: string, basePath: string): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  for (const { routes } of calls) for (const route of routes) registry.registerPath(documentOf(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    ...(basePath !== '' && { servers: [{ url: basePath }] }),
    info: {
      title: 'Pentachoron',
      version,
      description:
        'Sweeps of small attention models: create, steer and read them. Live frames come over Socket.IO. ' +
        'Every error has the shape {error: {code, message, details?}}.',
    },
  });
}

function documentOf({
  method,
  path,
  summary,
  query,
  body,
  documented = body,
  success,
  failures = [],
  isUnready,
}: Route): RouteConfig {
  const params = path.includes('{id}') ? { params: z.object({ id: z.string() }) } : {};
  const required = body?.safeParse(undefined).success === false;
  return {
    method,
    path,
    summary,
    request: {
      ...params,
      ...(query && { query }),
      ...(documented && { body: { required, content: { 'application/json': { schema: documented } } } }),
    },
    responses: {
      [success.status]: { description: success.description, ...contentOf(success) },
      ...Object.fromEntries(
        [...ALWAYS, ...failures, ...(body ? ([413] as const) : [])].map((status) => [status, failure(status)]),
      ),
      ...(isUnready && { 503: { description: FAILURE[503], ...contentOf(success) } }),
    },
  };
}

function contentOf({ content }: Success): { content?: Record<string, { schema: z.ZodType }> } {
  if (content === undefined) return {};
  return { content: Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }])) };
}

function failure(status: keyof typeof FAILURE): RouteConfig['responses'][string] {
  return { description: FAILURE[status], content: { 'application/json': { schema: errorSchema } } };
}
