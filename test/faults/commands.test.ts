import { expect, test } from 'vitest';
import { noFindings } from './campaign.js';
import { commands } from './commands.js';

test('no sequence of commands from two viewers leads a run where the table does not', async () => {
  expect(await commands.run(1000)).toEqual({ ...noFindings(), cases: 1000 });
});
