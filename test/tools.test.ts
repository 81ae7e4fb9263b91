/** The tools of the repository run as they are built, which the tests, run from their sources, do not show. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { builtFile } from './faults/built-file.js';

it.each([
  ['bench', 'test/bench/main.js'],
  ['faults', 'test/faults/main.js'],
  ['attack', 'test/security/main.js'],
  ['screenshots', 'test/support/screenshots/main.js'],
])('npm run %s can be started', (name, file) => {
  expect(execFileSync(process.execPath, [builtFile(file), '--help'], { encoding: 'utf8' })).toContain(`Usage: ${name}`);
});
