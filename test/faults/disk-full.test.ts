import { expect, test } from 'vitest';
import { noFindings } from './campaign.js';
import { diskFull } from './disk-full.js';

test('a run goes on after its disk was full, and after it was broken, as if nothing had happened', async () => {
  expect(await diskFull.run(4)).toEqual({ ...noFindings(), cases: 4 });
});
