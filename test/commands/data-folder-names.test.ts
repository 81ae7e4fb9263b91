/** Whatever a data folder is called, it is one folder to everything that uses it, or refused before anything is made. */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { folder } from '../../server/config.js';
import { openSqliteStore } from '../../server/store/sqlite-store.js';
import { startCommand } from '../support/run-command.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testSweep } from '../support/test-run.js';

const root = temporaryFolder();

describe('a name that SQLite, a shell or a URL would read otherwise is that folder', () => {
  const names = [
    ...[
      'file:runs',
      'file:///runs',
      'a?mode=memory',
      'a#b',
      'a%20b',
      ':memory:',
      'new\nline',
      ' spaces ',
      'Größe 😀',
      'x'.repeat(255),
    ],
    ...['./-dashes', './~', 'a~b', 'slashes//'],
  ];
  test.each(names.map((name) => [name]))('%j', (name) => {
    const path = folder(join(root, name));
    const opened = openSqliteStore(path);
    if (!opened.ok) throw new Error(opened.error.message);
    opened.data.commit({ sweeps: [testSweep('s')] });
    expect(readdirSync(path).sort()).toEqual([
      ...['lock.db', 'pentachoron.db', 'pentachoron.db-shm', 'pentachoron.db-wal', 'server.pid'],
    ]);
    opened.data.close();
  });

  it('is the one that the command fills, checkpoints and all, from the folder that it is called in', async () => {
    const cwd = join(root, 'cwd');
    mkdirSync(cwd);
    const tiny = ['--dims', '8', '--heads', '1', '--epochs', '1', '--vocab', '16', '--seq-len', '4', '--classes', '3'];
    const args = ['sweep', ...tiny, '--samples-per-class', '8', '--engine', 'cpu', '--workers', '1'];
    const { code } = await startCommand([...args, '--data', 'file:runs'], {}, { cwd }).ended;
    expect(code).toBe(0);
    expect(readdirSync(cwd)).toEqual(['file:runs']);
    expect(readdirSync(join(cwd, 'file:runs')).sort()).toEqual(['checkpoints', 'lock.db', 'pentachoron.db']);
  });
});

describe('a name that can only be a mistake, or that a lower layer cannot use, is refused', () => {
  const cases: [name: string, message: RegExp][] = [
    ['', /must be the name of a folder/],
    [' ', /must be the name of a folder/],
    ['-runs', /looks like another flag; \.\/-runs is a folder of that name/],
    ['--json', /looks like another flag/],
    ['~/runs', /No shell has replaced its ~: give the path without quotes, or \.\/~\/runs/],
    ['~', /No shell has replaced its ~/],
    ['~someone/runs', /No shell has replaced its ~/],
    ['\ufffd', /not valid UTF-8/],
    ['x'.repeat(256), /No name in it may have more than 255 bytes/],
    ['ü'.repeat(128), /No name in it may have more than 255 bytes/],
    ['x/'.repeat(300), /has \d+ bytes; SQLite can use at most 489/],
  ];
  test.each(cases)('%j', (name, message) => {
    expect(() => folder(name)).toThrow(message);
  });

  test('the longest path that is accepted can be used, the next longer one is not made', () => {
    const above = join(root, 'y'.repeat(100), 'y'.repeat(200));
    const long = (bytes: number, below = above): string => join(below, 'z'.repeat(bytes - above.length - 1));
    const opened = openSqliteStore(folder(long(489)));
    expect(opened.ok).toBe(true);
    if (opened.ok) opened.data.close();
    expect(() => folder(long(490))).toThrow(/490 bytes/);
    // Of a link the path behind it counts.
    const link = join(root, 'link');
    symlinkSync(above, link);
    expect(() => folder(long(490, link))).toThrow(/490 bytes/);
  });
});

describe('what is in the way is named, and nothing is left behind', () => {
  const at = (name: string): string => join(root, 'in-the-way', name);
  mkdirSync(at('.'), { recursive: true });
  writeFileSync(at('file'), '');
  symlinkSync(join(root, 'nowhere'), at('dangling'));
  symlinkSync(at('loop'), at('loop'));
  mkdirSync(at('target'));
  symlinkSync(at('target'), at('good'));

  const cases: [path: string, message: string][] = [
    ['file', `${at('file')} is a file`],
    ['file/below/it', `${at('file')} is a file`],
    ['dangling', `${at('dangling')} is a link to ${join(root, 'nowhere')}, where nothing is`],
    ['dangling/below', `${at('dangling')} is a link to ${join(root, 'nowhere')}, where nothing is`],
    ['loop', `${at('loop')} is a link to ${at('loop')}, where nothing is`],
    [`new/one/${'z'.repeat(256)}`, 'ENAMETOOLONG'],
  ];
  test.each(cases)('%s', (path, message) => {
    const before = readdirSync(at('.'), { recursive: true }).sort();
    const opened = openSqliteStore(at(path));
    expect(opened).toHaveProperty(
      'error.message',
      expect.stringContaining(`the data folder ${at(path)} cannot be used`),
    );
    expect(opened).toHaveProperty('error.message', expect.stringContaining(message));
    expect(readdirSync(at('.'), { recursive: true }).sort()).toEqual(before);
  });

  test('a link to a folder is as good as the folder', () => {
    const first = openSqliteStore(at('good'));
    expect(first.ok).toBe(true);
    expect(openSqliteStore(at('target'))).toHaveProperty('error.message', expect.stringContaining('is in use'));
    if (first.ok) first.data.close();
  });
});
