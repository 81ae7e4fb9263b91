/** Who may come and who is here, in words, and the link that lets someone in. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { isLoopback, linkWith, peopleWords, revocationWords } from '../../../client/app/access-words.js';
import type { TokenInfo } from '../../../shared/access.js';

it('names who is here, with what they may do', () => {
  expect(
    peopleWords([
      { name: 'Ann', role: 'controller', connections: 1 },
      { name: 'Bob', role: 'viewer', connections: 2 },
    ]),
  ).toBe('Ann (control), Bob ×2 (view)');
  expect(peopleWords([])).toBe('');
});

it.each([
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['localhost', true],
  ['runs.localhost', true],
  ['[::1]', true],
  ['192.0.2.7', false],
  ['localhost.example.org', false],
  ['128.0.0.1', false],
])('%s is loopback: %s', (host, is) => {
  expect(isLoopback(host)).toBe(is);
});

it.each([
  ['http://192.0.2.7:4317/', '#', 'http://192.0.2.7:4317/?token=a-b_c'],
  [
    'http://192.0.2.7:4317/x/?a=1&token=old#view=run',
    '#view=summary&epoch=3',
    'http://192.0.2.7:4317/x/?a=1&token=a-b_c#view=summary&epoch=3',
  ],
])('a link to %s with the state %s is %s', (page, hash, link) => {
  expect(linkWith('a-b_c', page, hash)).toBe(link);
});

describe('what is asked before a token is revoked', () => {
  const token = (name: string, role: TokenInfo['role']): TokenInfo => ({
    ...{ name, role, createdAt: '', origin: 'added', connections: 0 },
  });
  const ann = token('Ann', 'controller');

  it('says so of the last that may control, and of no other', () => {
    expect(revocationWords(ann, [ann, token('Bob', 'viewer')])).toContain('Ann is the last that may control');
    expect(revocationWords(ann, [ann, token('Eve', 'controller')])).not.toContain('last');
    expect(revocationWords(token('Bob', 'viewer'), [ann, token('Bob', 'viewer')])).not.toContain('last');
  });
});
