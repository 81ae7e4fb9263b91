/** Frames in SQLite: how they get from the tail to the chunks, and what a crash, damage or a full disk does to them. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { cut, joined, type FrameBlock } from '../../shared/frames.js';
import { openDataFolder } from '../../server/store/data-folder.js';
import { FrameTables } from '../../server/store/frame-tables.js';
import { createMemoryStore } from '../../server/store/memory-store.js';
import type { RunStore } from '../../server/store/run-store.js';
import { openSqliteStore } from '../../server/store/sqlite-store.js';
import { DISK_ERRORS } from '../support/failing-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testRun } from '../support/test-run.js';
import { expectFrames, madeFrames } from './run-store-contract.js';

const root = temporaryFolder();
let folders = 0;

function newFolder(): string {
  folders += 1;
  return join(root, String(folders));
}

function opened(folder: string): RunStore {
  const store = openSqliteStore(folder);
  if (!store.ok) throw new Error(store.error.message);
  onTestFinished(() => store.data.close());
  return store.data;
}

/** With the run `a`. */
function begun(folder: string): RunStore {
  const store = opened(folder);
  store.commit({ runs: [testRun('a', null), testRun('b', null)] });
  return store;
}

/** As a server that is killed now leaves it. */
function killed(folder: string): string {
  const copy = newFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

function rowsOf(folder: string, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(folder, 'pentachoron.db'));
  try {
    return database.prepare(sql).all() as Record<string, unknown>[];
  } finally {
    database.close();
  }
}

/** Ends at: the tail begins; the chunks' own rows. */
const SEALED = "SELECT max(from_seq + rows) AS seq FROM chunks WHERE first_column = -1 AND run_id = 'a'";
const PARTS = "SELECT count(*) AS parts FROM chunks WHERE run_id = 'a'";
const TAIL = "SELECT min(from_seq) AS seq, max(rows) AS rows FROM tail WHERE run_id = 'a'";

/** Commits them a few at a time: what is sealed with a commit grows with its frames. */
function commitInParts(store: RunStore, all: FrameBlock, rows = 50): void {
  for (let seq = 0; seq < all.rows; seq += rows) store.commit({ frames: [cut(all, seq, rows)] });
}

/** Commits without frames, for what is done a little with each. */
function rest(store: RunStore, commits = 60): void {
  for (let commit = 0; commit < commits; commit += 1) store.commit({});
}

test('chunks end at 4,096 rows, at 1,024 where one has more than 128 columns, and no blob of the tail at none of them', () => {
  const folder = newFolder();
  const store = begun(folder);
  store.commit({ frames: [madeFrames('a', 0, 4000)] });
  store.commit({ frames: [madeFrames('a', 4000, 1500)] });
  rest(store);
  expect(rowsOf(folder, SEALED)).toEqual([{ seq: 4096 }]);
  expect(rowsOf(folder, TAIL)).toEqual([{ seq: 4096, rows: 1024 }]);
  store.commit({ frames: [madeFrames('a', 5500, 3000, { columns: 129 })] });
  rest(store);
  expect(rowsOf(folder, SEALED)).toEqual([{ seq: 8192 }]);
  const sql = 'SELECT from_seq AS seq, rows, columns FROM chunks WHERE first_column = -1 ORDER BY from_seq';
  expect(rowsOf(folder, sql)).toEqual([
    { seq: 0, rows: 4096, columns: 3 },
    ...[4096, 5120, 6144, 7168].map((seq) => ({ seq, rows: 1024, columns: 129 })),
  ]);
  const groups = 'SELECT first_column AS first, columns FROM chunks WHERE from_seq = 4096 AND first_column >= 0';
  expect(rowsOf(folder, groups)).toEqual([
    { first: 0, columns: 64 },
    { first: 64, columns: 64 },
    { first: 128, columns: 1 },
  ]);
  const parts = [madeFrames('a', 0, 5500), madeFrames('a', 5500, 3000, { columns: 129 })];
  expectFrames(store.frames('a', -1, Infinity), joined(parts)!);
});

test('killed at any commit while a chunk is sealed, all frames are there, and sealing comes to its end', () => {
  const folder = newFolder();
  const store = begun(folder);
  const all = madeFrames('a', 0, 1040, { columns: 400, dtype: 'f64', nan: [[3, 350], [1030, 1]] }); // prettier-ignore
  commitInParts(store, all, 20);
  const copies: string[] = [];
  const parts: unknown[] = [];
  while (rowsOf(folder, SEALED)[0]!.seq === null) {
    copies.push(killed(folder));
    parts.push(rowsOf(folder, PARTS)[0]!.parts);
    store.commit({ frames: [madeFrames('b', copies.length - 1, 1)] });
  }
  copies.push(killed(folder));
  // Some were in the middle of it.
  expect(new Set(parts).size).toBeGreaterThan(2);
  for (const copy of copies) {
    const again = opened(copy);
    expectFrames(again.frames('a', -1, Infinity), all);
    expectFrames(again.frames('a', 999, 40), madeFrames('a', 1000, 40, { columns: 400, dtype: 'f64', nan: [[30, 1]] })); // prettier-ignore
    // What is left of a sealing is done anew, also where the chunk is another one by then.
    again.commit({ frames: [madeFrames('a', 1040, 1, { columns: 401, dtype: 'f64' })] });
    rest(again);
    expect(rowsOf(copy, SEALED)).toEqual([{ seq: 1024 }]);
    expect(rowsOf(copy, TAIL)).toMatchObject([{ seq: 1024 }]);
    expectFrames(again.frames('a', -1, 1040), all);
    expect(again.nextSeq('a')).toBe(1041);
  }
});

test('a chunk that turns out narrower after a crash has nothing of the one that was begun', () => {
  const folder = newFolder();
  const store = begun(folder);
  // 4,096 narrow rows are being sealed, when wide ones come: what is due after a crash has 1,024 rows.
  const narrow = madeFrames('a', 0, 4096, { columns: 128, dtype: 'f64' });
  commitInParts(store, narrow);
  for (let seq = 0; (rowsOf(folder, PARTS)[0]!.parts as number) < 5; seq += 1)
    store.commit({ frames: [madeFrames('b', seq, 1)] });
  expect(rowsOf(folder, SEALED)).toEqual([{ seq: null }]);
  const wide = madeFrames('a', 4096, 1, { columns: 129, dtype: 'f64' });
  store.commit({ frames: [wide] });
  const again = opened(killed(folder));
  again.commit({ frames: [madeFrames('a', 4097, 1, { columns: 129, dtype: 'f64' })] });
  rest(again, 100);
  for (const one of [again, store]) expectFrames(one.frames('a', -1, 4097), joined([narrow, wide])!);
});

test('a refused commit takes along its part of a chunk, and nothing else', () => {
  const folder = newFolder();
  const store = begun(folder);
  const all = madeFrames('a', 0, 1024, { columns: 600, dtype: 'f64' });
  commitInParts(store, all);
  while (rowsOf(folder, PARTS)[0]!.parts === 0) store.commit({});
  const parts = rowsOf(folder, PARTS);
  expect(rowsOf(folder, SEALED)).toEqual([{ seq: null }]);
  expect(() => store.commit({ frames: [madeFrames('a', 1024, 1), madeFrames('b', 1, 1)] })).toThrow(RangeError);
  expect(rowsOf(folder, PARTS)).toEqual(parts);
  expect(store.nextSeq('a')).toBe(1024);
  expectFrames(store.frames('a', -1, Infinity), all);
  // After a while it is tried again, when frames of the run come.
  store.commit({ frames: [madeFrames('a', 1024, 1, { columns: 600, dtype: 'f64' })] });
  rest(store, 200);
  expect(rowsOf(folder, SEALED)).toEqual([{ seq: 1024 }]);
  expectFrames(store.frames('a', -1, 1024), all);
});

test('any order of commits gives what the memory store gives', () => {
  // A generator of its own: the same frames in every run of this test.
  let state = 7;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let folder = newFolder();
  let store = begun(folder);
  const memory = createMemoryStore();
  memory.commit({ runs: [testRun('a', null), testRun('b', null)] });
  let columns = 2;
  for (let round = 0; round < 150; round += 1) {
    const frames = ['a', 'b'].slice(random(2)).map((runId): FrameBlock => {
      const next = memory.nextSeq(runId);
      const rows = 1 + random(runId === 'a' ? 400 : 20);
      if (runId === 'a') columns = Math.min(140, columns + random(3));
      const nan = [[random(rows), random(2)] as const];
      return madeFrames(runId, Math.max(0, next - random(3)), rows + 2, { columns, offset: random(9), nan });
    });
    for (const one of [store, memory]) one.commit({ frames });
    if (round % 25 === 24) {
      // Killed, and begun again.
      folder = killed(folder);
      store = opened(folder);
    }
    const runId = random(2) === 0 ? 'a' : 'b';
    const [after, limit] = [random(memory.nextSeq(runId)) - 1, random(6000)];
    expect(store.nextSeq(runId)).toBe(memory.nextSeq(runId));
    const [found, expected] = [store, memory].map((one) => one.frames(runId, after, limit)) as [FrameBlock, FrameBlock];
    expectFrames(found.values.length > expected.values.length ? found : expected, found.values.length > expected.values.length ? expected : found); // prettier-ignore
  }
  expect(rowsOf(folder, SEALED)[0]!.seq).toBeGreaterThan(10_000);
});

test.each([
  ['a blob of the tail is cut short', 'UPDATE tail SET data = substr(data, 1, 99)', /frames from 8192 on are 99 bytes/],
  ['a blob of the tail is missing', 'DELETE FROM tail WHERE from_seq = 8192', /frame 8192 of run a is missing/],
  ['the type of its numbers is none', "UPDATE tail SET dtype = 'f16'", /no known type: f16/],
  ['cells are outside of a blob', "UPDATE tail SET nan = x'00000000ff000000'", /no row 0 and column 255/],
  ['half a cell', "UPDATE tail SET nan = x'00000000'", /half a cell/],
  ['a group of a chunk is missing', 'DELETE FROM chunks WHERE first_column = 4', /lacks column 4 of its frames/],
  [
    'a group of a chunk is cut short',
    'UPDATE chunks SET data = substr(data, 1, 99) WHERE first_column = 0',
    /99 bytes/,
  ],
  ['the axes of a chunk are cut short', 'UPDATE chunks SET data = x\'00\' WHERE first_column = -1', /1 bytes/], // prettier-ignore
  ['a chunk is missing', 'DELETE FROM chunks WHERE from_seq = 4096', /frame 4096 of run a is missing/],
])('%s: that is damage, and nothing is written any more', (_title, sql, words) => {
  const folder = newFolder();
  const store = begun(folder);
  store.commit({ frames: [madeFrames('a', 0, 8300, { columns: 6 })] });
  store.commit({ frames: [madeFrames('a', 8300, 10, { columns: 6 })] });
  rest(store);
  store.close();
  const database = new DatabaseSync(join(folder, 'pentachoron.db'));
  database.exec(sql);
  database.close();
  const again = opened(folder);
  expect(() => again.frames('a', -1, Infinity)).toThrow(words);
  expect(() => again.check()).toThrow(words);
  expect(() => again.commit({})).toThrow(words);
});

test('an encoding of a later version is no damage', () => {
  const folder = newFolder();
  const store = begun(folder);
  store.commit({ frames: [madeFrames('a', 0, 4096)] });
  rest(store);
  store.close();
  rowsOf(folder, 'UPDATE chunks SET encoding = 7 RETURNING 1');
  const again = opened(folder);
  expect(() => again.frames('a', -1, 9)).toThrow("does not know the encoding 7 of run a's frames");
  again.check();
});

test('frames of an earlier schema are read where they are when there is no room to move them', () => {
  const folder = newFolder();
  cpSync(fileURLToPath(new URL('../fixtures/data-v2', import.meta.url)), folder, { recursive: true });
  const found = openDataFolder(folder);
  if (!found.ok) throw new Error(found.error.message);
  const database = found.data;
  onTestFinished(() => database.close());
  const { id } = database.sql('SELECT id FROM runs ORDER BY position').get() as { id: string };
  const full = new FrameTables(
    Object.assign(Object.create(database) as typeof database, {
      sql: database.sql.bind(database),
      transaction: () => {
        throw DISK_ERRORS.SQLITE_FULL();
      },
    }),
  );
  const frames = full.read(id, -1, Infinity);
  expect([full.nextSeq(id), [...frames.steps]]).toEqual([5, [0, 1, 2, 3, 4]]);
  expect([...full.read(id, 2, 9).steps]).toEqual([3, 4]);
  expect(database.sql('SELECT count(*) AS rows FROM frames WHERE run_id = ?').get(id)).toEqual({ rows: 5 });
  const roomy = new FrameTables(database);
  expect(roomy.read(id, -1, Infinity)).toEqual(frames);
  expect(database.sql('SELECT count(*) AS rows FROM frames WHERE run_id = ?').get(id)).toEqual({ rows: 0 });
});

test('a long run of an earlier schema is moved to chunks at once', () => {
  const folder = newFolder();
  cpSync(fileURLToPath(new URL('../fixtures/data-v2', import.meta.url)), folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'pentachoron.db'));
  const { id } = database.prepare('SELECT id FROM runs ORDER BY position').get() as { id: string };
  const insert = database.prepare('INSERT INTO frames VALUES (?, ?, ?)');
  database.exec('BEGIN; DELETE FROM frames');
  for (let seq = 0; seq < 10_000; seq += 1)
    insert.run(id, seq, new Uint8Array(Float32Array.of(seq, 1, seq / 2).buffer));
  database.exec('COMMIT');
  database.close();
  const store = opened(folder);
  const frames = store.frames(id, 8999, 500);
  expect([frames.rows, frames.steps[0], ...frames.values.subarray(0, 2)]).toEqual([500, 9000, 1, 4500]);
  expect(rowsOf(folder, 'SELECT max(from_seq + rows) AS seq FROM chunks')).toEqual([{ seq: 8192 }]);
  expect(rowsOf(folder, 'SELECT count(*) AS rows FROM frames')).toEqual([{ rows: 0 }]);
});
