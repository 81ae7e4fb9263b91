/** What the page asks over HTTP, and what it makes of the answers. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { askHealth } from '../../../client/data/commands.js';

afterEach(() => vi.unstubAllGlobals());

const answering = (status: number, body: object) => {
  const fetched = vi.fn(() => Promise.resolve(Response.json(body, { status })));
  vi.stubGlobal('fetch', fetched);
  return fetched;
};

describe('the health of the server', () => {
  it.each([
    [200, { status: 'ok', version: '1' }, 'healthy'],
    [200, { status: 'ok' }, 'signed out'],
    [503, { status: 'closing', version: '1' }, 'busy'],
    [503, { status: 'closing' }, 'busy'],
    [403, { error: { code: 'forbidden', message: 'not this Host' } }, 'refused'],
  ])('%i %j is %s', async (status, body, kind) => {
    answering(status, body);
    expect(await askHealth()).toMatchObject({ kind });
  });

  it('is asked for beside the page, and unreachable where nothing answers', async () => {
    const fetched = answering(200, { status: 'ok' });
    await askHealth();
    expect(String((fetched.mock.calls[0] as unknown[])[0])).toBe(new URL('api/health', document.baseURI).href);
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    expect(await askHealth()).toEqual({ kind: 'unreachable' });
  });
});
