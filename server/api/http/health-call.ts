/** The API's call on the server itself. */
import { ok } from '../../../shared/errors.js';
import { call, type Call, json } from './call.js';
import { type Health, healthSchema } from './schemas.js';

export function healthCall(health: () => Health): Call {
  return call({
    method: 'get',
    path: '/api/health',
    summary: 'Whether the server is ready. The same body with 503 until it is, and while it closes.',
    success: json(200, 'It is ready.', healthSchema),
    unavailable: healthSchema,
    handle: (_request, response) => {
      const now = health();
      if (now.status === 'ok') return ok(now);
      response.status(503).json(now);
      return 'sent';
    },
  });
}
