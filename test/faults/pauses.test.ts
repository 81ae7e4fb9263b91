import { expect, test } from 'vitest';
import { noFindings } from './campaign.js';
import { pauses } from './pauses.js';

test('a run that is paused and resumed at each of its epochs has the curve of one that is not', async () => {
  expect(await pauses.run(8)).toEqual({ ...noFindings(), cases: 8 });
});
