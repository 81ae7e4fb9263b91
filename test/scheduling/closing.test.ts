/** What a server that ends does with its queue. */
import { expect, test } from 'vitest';
import { ScriptedService } from '../support/scripted-service.js';

test('the slots of runs that wait for a trainer go to nobody, and all are queued at the next start', async () => {
  const service = new ScriptedService();
  const created = service.createSweep({ dims: [8], heads: [1, 2, 4, 8] });
  if (!created.ok) throw new Error(created.error.message);
  expect(service.begun).toBe(2);
  await service.close();
  expect(service.begun).toBe(2);
  expect(service.store.runs().map(({ status }) => status)).toEqual(Array(4).fill('queued'));
});
