import { expect, it } from 'vitest';
import { heldBytes } from './page/heap-content.js';

it('counts objects, strings and elements, not compiled code nor the browser’s own entries', () => {
  const strings = ['Run', '<tr class="run">', 'PerformanceLongTaskTiming', 'system / InstructionStream', 'Node'];
  const types = ['object', 'native', 'code', 'string', 'object shape'];
  const row = (type: string, name: number, size: number): number[] => [types.indexOf(type), name, 0, size];
  const held = heldBytes({
    snapshot: { meta: { node_fields: ['type', 'name', 'id', 'self_size'], node_types: [types] } },
    strings,
    nodes: [
      ...[row('object', 0, 1), row('native', 1, 2), row('native', 2, 4), row('code', 3, 8)],
      ...[row('string', 0, 16), row('object shape', 4, 32), row('native', 4, 64)],
    ].flat(),
  });
  expect(held).toBe(1 + 2 + 16 + 64);
});
