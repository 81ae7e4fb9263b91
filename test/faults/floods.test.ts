import { expect, test, vi } from 'vitest';
import { floods } from './floods.js';

vi.setConfig({ testTimeout: 180_000 });

test('a client that asks for everything at once makes the server neither grow nor keep others waiting', async () => {
  const { cases, ...findings } = await floods.run(100);
  expect(findings).toEqual({ lost: 0, duplicated: 0, outOfOrder: 0, differing: 0, failures: [] });
  expect(cases).toBeGreaterThan(100);
});
