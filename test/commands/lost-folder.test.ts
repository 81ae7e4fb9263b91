/** The command line whose data folder is lost while it trains: how it ends, and its last word. */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect, it, vi } from 'vitest';
import { type RunningCommand, startCommand } from '../support/run-command.js';
import { temporaryFolder } from '../support/temporary-folder.js';

vi.setConfig({ testTimeout: 120_000 });

const root = temporaryFolder();
const size = ['--dims', '8', '--heads', '1', '--vocab', '16', '--seq-len', '4', '--classes', '3'];
const short = ['--samples-per-class', '8', '--samples', '10', '--epochs', '1', '--engine', 'cpu', '--workers', '1'];

/** A sweep over the folder that outlasts the test. */
async function begun(folder: string): Promise<RunningCommand> {
  const long = ['--epochs', '100000', '--every', '100000'];
  const command = startCommand(['sweep', ...size, ...short, ...long, '--csv', '--data', folder]);
  await vi.waitUntil(() => hasFrames(folder), { timeout: 60_000, interval: 50 });
  return command;
}

function hasFrames(folder: string): boolean {
  try {
    const database = new DatabaseSync(join(folder, 'pentachoron.db'), { readOnly: true, timeout: 1000 });
    try {
      const { count } = database.prepare('SELECT coalesce(sum(rows), 0) AS count FROM tail').get() as { count: number };
      return count > 10;
    } finally {
      database.close();
    }
  } catch {
    // Not made yet.
    return false;
  }
}

it('a sweep whose database is damaged ends at once, with 1', async () => {
  const folder = join(root, 'damaged');
  const command = await begun(folder);
  const database = new DatabaseSync(join(folder, 'pentachoron.db'), { timeout: 10_000 });
  database.exec('DROP TABLE tail');
  database.close();
  const { code, stderr } = await command.ended;
  expect(stderr).toMatch(/Ending: the database of the data folder is damaged \(no such table: (main\.)?tail\)/);
  expect(stderr).toMatch(/not all is on the disk: the database of the data folder is damaged/);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(code).toBe(1);
});

it('a sweep whose folder is removed ends with 1, and prints what it has', async () => {
  const folder = join(root, 'removed');
  const command = await begun(folder);
  rmSync(folder, { recursive: true });
  const { code, stdout, stderr } = await command.ended;
  expect(stderr).toContain(`Ending: the data folder ${folder} was removed`);
  expect(stderr).toContain(`not all is on the disk: the data folder ${folder} was removed`);
  expect(stdout.split('\n').length).toBeGreaterThan(10);
  expect(code).toBe(1);
});

it('a sweep whose folder is moved away waits; interrupted, it says what is not on the disk', async () => {
  const folder = join(root, 'moved');
  const command = await begun(folder);
  renameSync(folder, `${folder}-away`);
  await command.stderrMatches(/Waiting: the data folder .* was moved away or unmounted/);
  command.process.kill('SIGINT');
  const { code, stderr } = await command.ended;
  expect(stderr).toMatch(/not all is on the disk: .*; the next start over what was stored before trains on from there/);
  expect(code).toBe(130);
});
