/** All calls there are. */
import type { Access } from '../../access/access.js';
import type { SweepService } from '../../service/sweep-service.js';
import { accessCalls } from './access-calls.js';
import { type Call, call, json, route } from './call.js';
import { feedCalls } from './feed-calls.js';
import { programCalls } from './program-calls.js';
import { runCalls } from './run-calls.js';
import { type Health, healthSchema } from './schemas.js';
import { sweepCalls } from './sweep-calls.js';
import { z } from 'zod';
import { ok } from '../../../shared/errors.js';

export interface CallParts {
  service: SweepService;
  access: Access;
  health: () => Health;
  /** By the name of a token, how many sockets are connected with it. */
  connections: () => ReadonlyMap<string, number>;
}

export function createCalls({ service, access, health, connections }: CallParts): Call[] {
  return [
    ...serverCalls(health),
    ...accessCalls(access, connections),
    ...sweepCalls(service),
    ...runCalls(service),
    ...programCalls(service),
    ...feedCalls(service),
  ];
}

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
