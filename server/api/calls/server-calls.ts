/** Calls on the server itself. */
import { z } from 'zod';
import { ok } from '../../../shared/errors.js';
import { call, type Call, json, route } from './call.js';
import { type Health, healthSchema } from './schemas.js';

export function serverCalls(health: () => Health): Call[] {
  return [
    call({
      name: 'server.health',
      needs: 'none',
      schema: z.undefined(),
      isAlways: true,
      routes: [
        route({
          method: 'get',
          path: '/api/health',
          summary: 'Whether the server is ready. The same body with 503 until it is, and while it closes.',
          input: () => undefined,
          success: json(200, 'It is ready.', healthSchema),
          isUnready: (data) => (data as Health).status !== 'ok',
        }),
      ],
      // Strangers need not know what runs here, and how long.
      handle: (_request, { role }) => ok(role === null ? { status: health().status } : health()),
    }),
  ];
}
