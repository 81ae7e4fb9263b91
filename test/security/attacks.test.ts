/** Every attack that needs no machine of its own, at a small count; `npm run attack` has the full ones. */
import { expect, it, vi } from 'vitest';
import { connections } from './connections.js';
import { doors } from './doors.js';
import { names } from './names.js';
import { packets } from './packets.js';
import { rights } from './rights.js';

vi.setConfig({ testTimeout: 300_000 });

it.each([
  [doors.title, doors, 1],
  [rights.title, rights, 1],
  [packets.title, packets, 600],
  [connections.title, connections, 40],
  [names.title, names, 1],
])('%s', async (_title, attack, count) => {
  const { cases, failures } = await attack.run(count);
  expect(failures).toEqual([]);
  expect(cases).toBeGreaterThan(5);
});
