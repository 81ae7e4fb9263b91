/** All calls there are. */
import type { SweepService } from '../../service/sweep-service.js';
import type { Call } from './call.js';
import { feedCalls } from './feed-calls.js';
import { runCalls } from './run-calls.js';
import type { Health } from './schemas.js';
import { serverCalls } from './server-calls.js';
import { sweepCalls } from './sweep-calls.js';

export function createCalls(service: SweepService, health: () => Health): Call[] {
  return [...serverCalls(health), ...sweepCalls(service), ...runCalls(service), ...feedCalls(service)];
}
