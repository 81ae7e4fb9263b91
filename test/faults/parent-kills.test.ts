import { expect, test } from 'vitest';
import { noFindings } from './campaign.js';
import { parentKills } from './parent-kills.js';

test('a killed parent’s busy trainers are dead a second later', async () => {
  expect(await parentKills.run(2)).toEqual({ ...noFindings(), cases: 2 });
});
