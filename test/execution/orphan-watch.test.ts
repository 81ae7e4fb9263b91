import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { PARENT_VARIABLE } from '../../server/execution/messages.js';
import { builtFile } from '../faults/built-file.js';

test('a trainer that first looks when its parent is gone already, and another has inherited it, ends at once', async () => {
  const env = { ...process.env, [PARENT_VARIABLE]: String(process.ppid) };
  const trainer = fork(builtFile('server/execution/trainer-main.js'), ['wasm', 'auto'], { env, stdio: 'ignore' });
  const reports: unknown[] = [];
  trainer.on('message', (report) => reports.push(report));
  expect(await once(trainer, 'exit')).toEqual([null, 'SIGKILL']);
  expect(reports).toEqual([]);
});
