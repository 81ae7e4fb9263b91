/** A data folder that goes away under an open store, in every way, and what may take its place. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RunStore } from '../../server/store/run-store.js';
import { openSqliteStore } from '../../server/store/sqlite-store.js';
import { storageErrorOf } from '../../server/store/storage-error.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testSweep } from '../support/test-run.js';

const root = temporaryFolder();
let folders = 0;

interface Bed {
  folder: string;
  /** Where nothing is, on the same disk. */
  aside: string;
  store: RunStore;
}

/** A store with the sweep `first`. */
function bed(name = 'data'): Bed {
  folders += 1;
  const above = join(root, String(folders));
  const folder = join(above, name);
  const store = opened(folder);
  store.commit({ sweeps: [testSweep('first')] });
  return { folder, aside: join(above, 'aside'), store };
}

function opened(folder: string): RunStore {
  const store = openSqliteStore(folder);
  if (!store.ok) throw new Error(store.error.message);
  onTestFinished(() => store.data.close());
  return store.data;
}

/** The trouble that a commit is refused with, and the words for it. */
function refusal(store: RunStore): string {
  try {
    store.commit({ sweeps: [testSweep('refused')] });
    return 'none';
  } catch (error) {
    expect(() => store.check()).toThrow((error as Error).message);
    return `${storageErrorOf(error)}: ${(error as Error).message}`;
  }
}

/** What another process finds in the folder. */
function sweepsIn(folder: string): string[] {
  const database = new DatabaseSync(join(folder, 'pentachoron.db'), { readOnly: true });
  const rows = database.prepare('SELECT id FROM sweeps ORDER BY position').all() as { id: string }[];
  database.close();
  return rows.map(({ id }) => id);
}

/** Names and sizes of what is in the folder, if it is one. */
function contents(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .map((name) => `${name} ${statSync(join(folder, name)).size}`)
    .sort();
}

const database = (folder: string): string => join(folder, 'pentachoron.db');

/** Each goes away, and comes back as it was. */
const ABSENCES: Record<string, { goes: (bed: Bed) => void; returns: (bed: Bed) => void; words: RegExp }> = {
  'the folder is moved': {
    goes: ({ folder, aside }) => renameSync(folder, aside),
    returns: ({ folder, aside }) => renameSync(aside, folder),
    words: /^away: the data folder .* was moved away or unmounted$/,
  },
  'the folder is moved, and an empty one is made in its place': {
    goes: ({ folder, aside }) => {
      renameSync(folder, aside);
      mkdirSync(folder);
    },
    returns: ({ folder, aside }) => {
      expect(readdirSync(folder)).toEqual([]);
      rmSync(folder, { recursive: true });
      renameSync(aside, folder);
    },
    words: /^away: the data folder .* was moved away or unmounted, and another folder is in its place$/,
  },
  'the folder is moved, and a file is in its place': {
    goes: ({ folder, aside }) => {
      renameSync(folder, aside);
      writeFileSync(folder, '');
    },
    returns: ({ folder, aside }) => {
      rmSync(folder);
      renameSync(aside, folder);
    },
    words: /^away: /,
  },
  'the folder is moved, and a link to another one is in its place': {
    goes: ({ folder, aside }) => {
      renameSync(folder, aside);
      mkdirSync(`${aside}-other`);
      symlinkSync(`${aside}-other`, folder);
    },
    returns: ({ folder, aside }) => {
      rmSync(folder);
      symlinkSync(aside, folder);
    },
    words: /^away: /,
  },
  'the folder is moved, and another server begins in its place': {
    goes: ({ folder, aside }) => {
      renameSync(folder, aside);
      const other = opened(folder);
      other.commit({ sweeps: [testSweep('of another server')] });
    },
    returns: ({ folder, aside }) => {
      expect(sweepsIn(folder)).toEqual(['of another server']);
      renameSync(folder, `${aside}-other`);
      renameSync(aside, folder);
    },
    words: /^away: .*, and another folder is in its place$/,
  },
  'the folder is removed, and a whole copy of it takes its place': {
    goes: ({ folder, aside }) => {
      cpSync(folder, aside, { recursive: true });
      rmSync(folder, { recursive: true });
    },
    returns: ({ folder, aside }) => renameSync(aside, folder),
    words: /^removed: the data folder .* was removed$/,
  },
  'the database alone is moved': {
    goes: ({ folder, aside }) => renameSync(database(folder), aside),
    returns: ({ folder, aside }) => renameSync(aside, database(folder)),
    words: /^away: the database in the data folder .* \(pentachoron\.db\) was removed or moved away$/,
  },
  'an empty database takes the place of the one that is there': {
    goes: ({ folder, aside }) => {
      renameSync(database(folder), aside);
      writeFileSync(database(folder), '');
    },
    returns: ({ folder, aside }) => renameSync(aside, database(folder)),
    words: /^away: the database in the data folder .* was replaced/,
  },
  'an older copy takes its place': {
    goes: ({ folder, aside, store }) => {
      cpSync(folder, `${aside}-older`, { recursive: true });
      store.commit({ sweeps: [testSweep('second')] });
      renameSync(folder, aside);
      renameSync(`${aside}-older`, folder);
    },
    returns: ({ folder, aside }) => {
      rmSync(folder, { recursive: true });
      renameSync(aside, folder);
    },
    words: /^away: what is at .* is an older copy of the data folder/,
  },
};

describe.each(Object.entries(ABSENCES))('%s', (_title, { goes, returns, words }) => {
  test('nothing is stored until what was there is back; then all is, and what was stored before', () => {
    const one = bed();
    goes(one);
    expect(refusal(one.store)).toMatch(words);
    // What is held can still be read.
    expect(one.store.sweep('first')).toBeDefined();
    returns(one);
    one.store.check();
    one.store.commit({ sweeps: [testSweep('last')] });
    expect(one.store.sweeps().map(({ id }) => id)).toEqual(sweepsIn(one.folder));
    expect(sweepsIn(one.folder)).toEqual(expect.arrayContaining(['first', 'last']));
    expect(sweepsIn(one.folder)).not.toContain('refused');
    one.store.close();
    expect(sweepsIn(one.folder)).toContain('last');
  });

  test('ended meanwhile, nothing that is in its place is touched', () => {
    const one = bed();
    goes(one);
    expect(refusal(one.store)).toMatch(words);
    const before = contents(one.folder);
    one.store.close();
    expect(contents(one.folder)).toEqual(before);
  });
});

test('what is removed beside the database is made anew, with nothing lost', () => {
  for (const names of [
    ['lock.db'],
    ['pentachoron.db-wal'],
    ['pentachoron.db-wal', 'pentachoron.db-shm'],
    ['server.pid'],
  ]) {
    const { folder, store } = bed();
    for (const name of names) rmSync(join(folder, name));
    store.commit({ sweeps: [testSweep('second')] });
    expect(openSqliteStore(folder)).toHaveProperty('error.message', expect.stringContaining('is in use'));
    expect(sweepsIn(folder)).toEqual(['first', 'second']);
    // As one that is killed leaves it.
    const copy = `${folder}-copy`;
    cpSync(folder, copy, { recursive: true });
    expect(sweepsIn(copy)).toEqual(['first', 'second']);
  }
});

test('a lock that another server has taken, or had until now, keeps the first one from writing', () => {
  const { folder, store } = bed();
  rmSync(join(folder, 'lock.db'));
  const second = opened(folder);
  expect(refusal(store)).toMatch(/^away: another server \(process \d+\) has taken the data folder/);
  second.commit({ sweeps: [testSweep('of another server')] });
  second.close();
  expect(refusal(store)).toMatch(/^away: the database in the data folder .* another server has written into it/);
  expect(sweepsIn(folder)).toEqual(['first', 'of another server']);
});

test('a folder that is unmounted and mounted again goes on; meanwhile nothing is written below the mount point', () => {
  const { folder, aside, store } = bed('disk/data');
  store.close();
  const disk = join(folder, '..');
  const mount = (...parameters: string[]): number | null => spawnSync('mount', parameters).status;
  renameSync(disk, aside);
  mkdirSync(disk);
  // Where this user may mount nothing, links do as well.
  const isMounted = mount('--bind', aside, disk) === 0;
  const attach = (): void => {
    if (isMounted) return expect(mount('--bind', aside, disk)).toBe(0);
    rmSync(disk, { recursive: true });
    symlinkSync(aside, disk);
  };
  const detach = (): void => {
    if (isMounted) return expect(spawnSync('umount', ['-l', disk]).status).toBe(0);
    rmSync(disk);
    mkdirSync(disk);
  };
  if (!isMounted) attach();
  const again = opened(folder);
  detach();
  expect(refusal(again)).toMatch(/^away: the data folder .* was moved away or unmounted/);
  expect(readdirSync(disk)).toEqual([]);
  attach();
  again.commit({ sweeps: [testSweep('second')] });
  again.close();
  expect(sweepsIn(folder)).toEqual(['first', 'second']);
  detach();
});
