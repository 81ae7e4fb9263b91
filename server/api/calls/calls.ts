/** All calls there are. */
import type { Access } from '../../access/access.js';
import type { SweepService } from '../../service/sweep-service.js';
import { accessCalls } from './access-calls.js';
import type { Call } from './call.js';
import { feedCalls } from './feed-calls.js';
import { runCalls } from './run-calls.js';
import type { Health } from './schemas.js';
import { serverCalls } from './server-calls.js';
import { sweepCalls } from './sweep-calls.js';

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
    ...feedCalls(service),
  ];
}
