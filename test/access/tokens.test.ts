/** The list of tokens: what is kept of them, who needs one, and that two programs may change it at once. */
import { fork } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { Tokens } from '../../server/access/tokens.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { projectFile } from '../faults/built-file.js';

function made(tokens: Tokens, name: string, role: 'controller' | 'viewer' | 'writer' = 'viewer'): string {
  const token = tokens.add(name, role);
  if (!token.ok) throw new Error(token.error.message);
  return token.data.secret;
}

test('one that is added is known by its secret, whose digest alone is kept, for its owner', () => {
  const folder = temporaryFolder();
  const tokens = new Tokens(folder);
  expect(tokens.areRequired).toBe(false);
  const secret = made(tokens, 'Ann');
  expect(tokens.areRequired).toBe(true);
  expect(tokens.find(secret)).toMatchObject({ name: 'Ann', role: 'viewer' });
  for (const wrong of ['', secret.slice(0, -1), `${secret}x`, secret.toUpperCase(), 'Ann'])
    expect(tokens.find(wrong)).toBeNull();
  const file = join(folder, 'tokens.json');
  expect(readFileSync(file, 'utf8')).not.toContain(secret);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('revoking the last one opens nothing, and makes no new ones', () => {
  const folder = temporaryFolder();
  const tokens = new Tokens(folder);
  const principal = tokens.find(made(tokens, 'Ann'))!;
  expect(tokens.isValid(principal)).toBe(true);
  expect(tokens.revoke('Ann')).toMatchObject({ ok: true });
  expect(tokens.isValid(principal)).toBe(false);
  expect(new Tokens(folder).areRequired).toBe(true);
  expect(new Tokens(folder).ensureStart()).toEqual([]);
  expect(tokens.revoke('Ann')).toMatchObject({ error: { code: 'not_found' } });
});

test('where there is none, the two for the server’s own links are made once, and need nobody to have one elsewhere', () => {
  const folder = temporaryFolder();
  const links = new Tokens(folder).ensureStart();
  expect(links.map(({ name, role }) => [name, role])).toEqual([
    ['control', 'controller'],
    ['view', 'viewer'],
  ]);
  expect(new Tokens(folder).ensureStart()).toEqual(links);
  expect(new Tokens(folder).areRequired).toBe(false);
  expect(new Tokens(folder).list()).toMatchObject([{ origin: 'start' }, { origin: 'start' }]);
  made(new Tokens(folder), 'Ann');
  expect(new Tokens(folder).ensureStart()).toEqual(links);
});

test('those of flags are there as long as the server runs, cannot be revoked, and are in no file', () => {
  const folder = temporaryFolder();
  const tokens = new Tokens(folder, [{ name: 'ci', role: 'writer', secret: 'twelve-chars' }]);
  expect(tokens.areRequired).toBe(true);
  expect(tokens.find('twelve-chars')).toMatchObject({ name: 'ci', role: 'writer' });
  expect(tokens.revoke('ci')).toMatchObject({ error: { code: 'conflict' } });
  expect(tokens.add('ci', 'viewer')).toMatchObject({ error: { code: 'conflict' } });
  expect(tokens.ensureStart()).toEqual([]);
  expect(new Tokens(folder).list()).toEqual([]);
});

test('with a list that is gone or cannot be read any more goes nobody’s right to come, and nobody gets one', () => {
  const folder = temporaryFolder();
  const troubles: string[] = [];
  const tokens = new Tokens(folder, [], (message) => troubles.push(message));
  const file = join(folder, 'tokens.json');
  const secret = made(tokens, 'Ann');
  const text = readFileSync(file, 'utf8');
  for (const next of [() => rmSync(file), () => writeFileSync(file, '{ half')]) {
    next();
    tokens.refresh();
    expect(tokens.areRequired).toBe(true);
    expect(tokens.find(secret)).toMatchObject({ name: 'Ann' });
  }
  // It is tried again, and told once.
  tokens.refresh();
  expect(troubles).toEqual([expect.stringMatching(/tokens\.json is not a list of tokens/)]);
  expect(tokens.add('Bob', 'viewer')).toMatchObject({ error: { code: 'unavailable' } });
  writeFileSync(file, text.replace('"name": "Ann"', '"name": "Eve"'));
  tokens.refresh();
  expect(tokens.find(secret)).toMatchObject({ name: 'Eve' });
});

test('a list that cannot be read any more closes a server that was open', () => {
  const folder = temporaryFolder();
  const tokens = new Tokens(folder);
  writeFileSync(join(folder, 'tokens.json'), '');
  tokens.refresh();
  expect(tokens.areRequired).toBe(true);
});

test('nothing is written where there is no folder, or another one than before', () => {
  const folder = temporaryFolder();
  expect(new Tokens(join(folder, 'nope')).add('Ann', 'viewer')).toMatchObject({
    error: { code: 'unavailable', message: expect.stringMatching(/there is no folder/) },
  });
  const data = join(folder, 'data');
  mkdirSync(data);
  const tokens = new Tokens(data);
  renameSync(data, `${data}.away`);
  mkdirSync(data);
  expect(tokens.add('Ann', 'viewer')).toMatchObject({
    error: { code: 'unavailable', message: expect.stringMatching(/is another one than/) },
  });
  expect(readdirSync(data)).toEqual([]);
});

test('a change by another program is seen', () => {
  const folder = temporaryFolder();
  const server = new Tokens(folder);
  const secret = made(new Tokens(folder), 'Ann');
  expect(server.find(secret)).toBeNull();
  expect(server.refresh()).toBe(true);
  expect(server.find(secret)).toMatchObject({ name: 'Ann' });
  expect(server.refresh()).toBe(false);
});

test('changes of several programs at once are all kept', async () => {
  const folder = temporaryFolder();
  const ends = Array.from({ length: 4 }, (_, program) => {
    const child = fork(projectFile('test/access/fixtures/add-tokens.mjs'), [folder, `p${program}`, '10'], {
      execArgv: [],
    });
    return new Promise((resolve) => child.once('exit', resolve));
  });
  expect(await Promise.all(ends)).toEqual([0, 0, 0, 0]);
  expect(new Tokens(folder).list()).toHaveLength(40);
});

describe('what is no name or role', () => {
  it.each(['', ' Ann', '<b>', 'a:b', 'a,b', 'a\nb', 'x'.repeat(41), 'viewer', 'server', '‮evil', '__proto__'])(
    'the name %j is refused',
    (name) => {
      expect(new Tokens(temporaryFolder()).add(name, 'viewer')).toMatchObject({
        error: { code: 'bad_input', message: expect.stringMatching(/^name must/) },
      });
    },
  );

  it.each(['Ann', 'Ann Lee', 'ann.lee@lab-2', 'Żaneta', '研究'])('the name %j is taken', (name) => {
    expect(new Tokens(temporaryFolder()).add(name, 'viewer')).toMatchObject({ ok: true });
  });
});

it('nobody is let in by a list that cannot be read', () => {
  const folder = temporaryFolder();
  for (const text of ['', '{', '{"tokens":[]}', '{"version":1,"required":false,"tokens":[{"name":"x"}]}']) {
    writeFileSync(join(folder, 'tokens.json'), text);
    expect(() => new Tokens(folder)).toThrow(/tokens\.json is not a list of tokens; mend it/);
  }
});
