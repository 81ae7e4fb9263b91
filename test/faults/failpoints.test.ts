import { expect, test } from 'vitest';
import { noFindings } from './campaign.js';
import { dieAt } from './failpoints.js';

test.each([
  ['commit', 'before'],
  ['emit', 'after'],
  ['rename', 'after'],
] as const)('[F5] all that was shown is stored when the server dies at %s, %s', async (point, side) => {
  expect(await dieAt(point, side, 1)).toEqual({ ...noFindings(), cases: 1 });
});
