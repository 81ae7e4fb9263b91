/** The list of tokens: read anew after each change, and no older answer after a newer one. */
// @vitest-environment node
import { expect, it } from 'vitest';
import { TokenList } from '../../../client/data/token-list.js';
import type { TokenInfo } from '../../../shared/access.js';
import { fail, ok, type Result } from '../../../shared/errors.js';

const token = (name: string): TokenInfo => ({
  ...{ name, role: 'viewer', createdAt: '', origin: 'added', connections: 0 },
});

function setUp() {
  let names = ['Ann'];
  let refusal: Result<null> | undefined;
  const list = new TokenList({
    list: () => Promise.resolve(ok(names.map(token))),
    create: (name, role) => {
      names = [...names, name];
      return Promise.resolve(ok({ name, role, secret: 'the-secret' }));
    },
    revoke: (name) => {
      if (refusal === undefined) names = names.filter((each) => each !== name);
      return Promise.resolve(refusal ?? ok(null));
    },
  });
  return {
    list,
    names: () => list.state.value.tokens?.map(({ name }) => name),
    refuse: (answer: Result<null>) => (refusal = answer),
  };
}

it('has what was made, and what was revoked no longer', async () => {
  const { list, names } = setUp();
  expect(names()).toBeUndefined();
  await list.read();
  expect(names()).toEqual(['Ann']);
  expect(await list.create('Bob', 'viewer')).toMatchObject({ ok: true, data: { secret: 'the-secret' } });
  await expect.poll(names).toEqual(['Ann', 'Bob']);
  await list.revoke('Ann');
  expect(names()).toEqual(['Bob']);
  list.forget();
  expect(names()).toBeUndefined();
});

it('says why one could not be revoked, except that it is gone already', async () => {
  const { list, names, refuse } = setUp();
  refuse(fail('conflict', 'given when the server was started'));
  await list.revoke('Ann');
  expect([names(), list.state.value.trouble]).toEqual([['Ann'], 'given when the server was started']);
  refuse(fail('not_found', 'there is none'));
  await list.revoke('Ann');
  expect(list.state.value.trouble).toBe('');
});

it('passes over an answer that comes after a newer one, and after it was forgotten', async () => {
  const answers: ((tokens: Result<TokenInfo[]>) => void)[] = [];
  const list = new TokenList({
    list: () => new Promise((resolve) => answers.push(resolve)),
    create: () => Promise.reject(new Error('not asked')),
    revoke: () => Promise.reject(new Error('not asked')),
  });
  const readings = [list.read(), list.read(), list.read()];
  answers[1]!(ok([token('older')]));
  answers[2]!(ok([token('newest')]));
  answers[0]!(ok([token('oldest')]));
  await Promise.all(readings);
  expect(list.state.value.tokens?.map(({ name }) => name)).toEqual(['newest']);
  const late = list.read();
  list.forget();
  answers[3]!(ok([token('late')]));
  await late;
  expect(list.state.value.tokens).toBeUndefined();
});
