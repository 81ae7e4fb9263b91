/** A start that fails ends: with 1, in true words, with the folder free for the next one. */
import { createTrainerPool } from '../../server/execution/trainer-pool.js';
import { closeSync, cpSync, existsSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it, test } from 'vitest';
import { startTrouble } from '../../server/store/data-folder.js';
import { lockFolder } from '../../server/store/folder-lock.js';
import { openSqliteStore } from '../../server/store/sqlite-store.js';
import { createSweepService } from '../../server/service/create-sweep-service.js';
import { testCheckpoints } from '../support/fixture-service.js';
import { runCommand } from '../support/run-command.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const root = temporaryFolder();
const fixture = fileURLToPath(new URL('../fixtures/data-v2', import.meta.url));
let folders = 0;

/** A data folder with a run that a server left unfinished, and what `sql` then does to it. */
function dataFolder(sql = ''): string {
  folders += 1;
  const folder = join(root, String(folders));
  cpSync(fixture, folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'pentachoron.db'));
  database.exec(`UPDATE runs SET status = 'running', document = json_set(document, '$.status', 'running')
                 WHERE position = 1; PRAGMA foreign_keys = OFF; ${sql}`);
  database.close();
  return folder;
}

const file = (folder: string): string => join(folder, 'pentachoron.db');

/** Writes rubbish over the first page of a table. */
function corrupted(table: string): string {
  const folder = dataFolder();
  const database = new DatabaseSync(file(folder));
  const { page } = database.prepare('SELECT rootpage AS page FROM sqlite_schema WHERE name = ?').get(table) as {
    page: number;
  };
  const { page_size: bytes } = database.prepare('PRAGMA page_size').get() as { page_size: number };
  database.close();
  const handle = openSync(file(folder), 'r+');
  writeSync(handle, Buffer.alloc(bytes, 0xab), 0, bytes, (page - 1) * bytes);
  closeSync(handle);
  return folder;
}

function changed(change: (folder: string) => void): string {
  const folder = dataFolder();
  change(folder);
  return folder;
}

/** Why no server can begin over the folder; fails if one can. */
function troubleOf(folder: string): string {
  const opened = openSqliteStore(folder);
  if (!opened.ok) return opened.error.message;
  try {
    const executor = createTrainerPool({ trainerPath: '', engine: 'cpu', slots: 1 });
    void createSweepService({ store: opened.data, checkpoints: testCheckpoints(), executor }).close();
    return 'it begins';
  } catch (error) {
    return startTrouble(folder, error);
  } finally {
    opened.data.close();
  }
}

describe('a data folder that is damaged is refused, naming what is wrong and what helps', () => {
  const advice = /: its database is damaged \(.*\); put a copy in its place, or use another folder$/;
  const cases: [title: string, make: () => string, words: string][] = [
    ['a table is missing', () => dataFolder('DROP TABLE log'), 'its table log is missing'],
    [
      'a column is missing',
      () => dataFolder('ALTER TABLE runs RENAME COLUMN status TO state'),
      'its table runs lacks the column status',
    ],
    ['tables without a version', () => dataFolder('PRAGMA user_version = 0'), 'not those of Pentachoron'],
    [
      "a run's document is cut short",
      () => dataFolder(`UPDATE runs SET document = '{"id":' WHERE position = 2`),
      'a document in it cannot be read: Unexpected end of JSON input',
    ],
    ["a run's document is no run", () => dataFolder(`UPDATE runs SET document = '{}'`), 'a run in it is none: {}'],
    ["a sweep's document is nothing", () => dataFolder(`UPDATE sweeps SET document = 'null'`), 'is no object: null'],
    [
      'a commit is refused by a check',
      () => dataFolder(`CREATE TRIGGER no BEFORE UPDATE ON runs BEGIN SELECT RAISE(ABORT, 'never'); END`),
      'never',
    ],
    ['pages of the runs are rubbish', () => corrupted('runs'), 'malformed'],
    ['pages of the log are rubbish', () => corrupted('log'), 'malformed'],
    ['it is cut short', () => changed((folder) => truncateSync(file(folder), 8192)), 'malformed'],
    ['it is no database', () => changed((folder) => writeFileSync(file(folder), 'x'.repeat(9999))), 'not a database'],
    [
      'it is empty beside checkpoints',
      () => changed((folder) => truncateSync(file(folder), 0)),
      'pentachoron.db is empty, but there are checkpoints of runs beside it',
    ],
    [
      'it is missing beside checkpoints',
      () => changed((folder) => rmSync(file(folder))),
      'pentachoron.db is missing, but there are checkpoints of runs beside it',
    ],
    [
      'it is missing beside its log',
      () =>
        changed((folder) => {
          rmSync(join(folder, 'checkpoints'), { recursive: true });
          cpSync(file(folder), `${file(folder)}-wal`);
          rmSync(file(folder));
        }),
      'pentachoron.db is missing, but there are the log of a database of runs beside it',
    ],
  ];
  test.each(cases)('%s', (_title, make, words) => {
    const folder = make();
    const hadDatabase = existsSync(file(folder));
    const message = troubleOf(folder);
    expect(message).toContain(`the data folder ${folder} cannot be used`);
    expect(message).toContain(words);
    expect(message).toMatch(advice);
    expect(existsSync(file(folder))).toBe(hadDatabase);
    // The next one is refused for the same reason, not because it is in use.
    expect(troubleOf(folder)).toBe(message);
  });

  test('one that another program holds can be used once that has ended', () => {
    const folder = dataFolder();
    const other = new DatabaseSync(file(folder));
    other.exec('BEGIN EXCLUSIVE');
    expect(troubleOf(folder)).toMatch(/another program holds its database \(.*\); end that one, then start again$/);
    other.close();
    expect(openSqliteStore(folder).ok).toBe(true);
  });
});

describe('the command ends', () => {
  /** How it ended over the folder, which is free then. */
  async function serveOver(folder: string, flags: string[] = [], environment: Record<string, string> = {}) {
    const { code, stderr } = await runCommand(['serve', '--port', '0', '--data', folder, ...flags], environment);
    const taken = lockFolder(folder);
    expect(taken).toHaveProperty('lock');
    if ('lock' in taken) taken.lock.release(true);
    expect(stderr).not.toMatch(/\n\s+at /);
    return { code, stderr };
  }

  it('when a table is missing, before it takes up a run', async () => {
    const { code, stderr } = await serveOver(dataFolder('DROP TABLE log'));
    expect(stderr).toContain('its table log is missing');
    expect(code).toBe(1);
  });

  it('when what the last server left cannot be taken up', async () => {
    const { code, stderr } = await serveOver(dataFolder(`UPDATE runs SET document = '{}'`));
    expect(stderr).toMatch(/^pentachoron serve: the data folder .* cannot be used: its database is damaged .*\n$/);
    expect(code).toBe(1);
  });

  it('when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await serveOver(dataFolder(), ['--port', String(port)]);
    other.close();
    expect(stderr).toContain(`port ${port} of 127.0.0.1 is taken`);
    expect(code).toBe(1);
  });

  it("when the page's files cannot be read", async () => {
    const hook = `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const { readdirSync } = fs;
      fs.readdirSync = (path, ...rest) => {
        if (/client$/.test(path)) throw new Error('EACCES: permission denied, scandir the page');
        return readdirSync(path, ...rest);
      };
      syncBuiltinESMExports();`;
    const { code, stderr } = await serveOver(dataFolder(), [], {
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(hook)}`,
    });
    expect(stderr).toContain('pentachoron serve: it cannot start: EACCES: permission denied, scandir the page');
    expect(code).toBe(1);
  });
});
