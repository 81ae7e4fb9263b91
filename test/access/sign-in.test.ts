/** Who is let in where tokens are needed, over HTTP and on sockets; links, cookies, signing in and out, revocation. */
import { describe, expect, it, test } from 'vitest';
import { Access, type AccessOptions } from '../../server/access/access.js';
import { type GivenToken, Tokens } from '../../server/access/tokens.js';
import type { AppParts } from '../../server/app.js';
import { ask, connected, next, type RunningApp, startApp } from '../support/running-app.js';
import { type Sent, send, UPGRADE_HEADERS, UPGRADE_PATH } from '../support/raw-request.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const GIVEN: GivenToken[] = [
  { name: 'Ann', role: 'controller', secret: 'controller-secret' },
  { name: 'Bob', role: 'viewer', secret: 'viewer-secret-1' },
  { name: 'ci', role: 'writer', secret: 'writer-secret-1' },
];

function start(options: Partial<AccessOptions> = {}, parts: Partial<AppParts> = {}): Promise<RunningApp> {
  const access = new Access({ tokens: new Tokens(temporaryFolder(), GIVEN), isPublic: true, ...options });
  return startApp({ access, ...parts });
}

const bearer = (secret: string): Sent => ({ headers: { authorization: `Bearer ${secret}` } });
const cookieIn = (headers: Record<string, string | string[] | undefined>): string => {
  const [cookie = ''] = headers['set-cookie'] ?? [];
  return cookie;
};
const cookieOf = (headers: Record<string, string | string[] | undefined>) => cookieIn(headers).split(';')[0]!;

describe('over HTTP', () => {
  it.each([
    ['no token', {}, 401],
    ['a wrong one', bearer('nobody-has-this'), 401],
    ['an empty one', bearer(''), 401],
    ['one cut short', bearer('controller-secre'), 401],
    ['another scheme', { headers: { authorization: 'Basic Ym9iOg==' } }, 401],
    ['a viewer’s', bearer('viewer-secret-1'), 200],
    ['a writer’s', bearer('writer-secret-1'), 403],
    ['a controller’s', bearer('controller-secret'), 200],
  ])('with %s, runs are read: %s → %i', async (_title, sent, status) => {
    const running = await start();
    expect((await send(running.port, '/api/runs', sent)).status).toBe(status);
  });

  it('a viewer creates, steers and changes nothing; a controller may, and the log has the name', async () => {
    const running = await start();
    const json = { 'content-type': 'application/json' };
    const body = JSON.stringify({ dims: [8], heads: [1] });
    const asViewer = { ...bearer('viewer-secret-1').headers, ...json };
    expect((await send(running.port, '/api/sweeps', { method: 'POST', headers: asViewer, body })).status).toBe(403);
    expect((await send(running.port, '/api/tokens', { headers: asViewer })).status).toBe(403);
    const asController = { ...bearer('controller-secret').headers, ...json };
    expect((await send(running.port, '/api/sweeps', { method: 'POST', headers: asController, body })).status).toBe(201);
    expect(running.service.sources).toEqual(['Ann']);
  });

  it('strangers are told that it is there, and no more', async () => {
    const running = await start();
    const { status, body } = await send(running.port, '/api/health');
    expect([status, JSON.parse(body)]).toEqual([200, { status: 'ok' }]);
    expect(JSON.parse((await send(running.port, '/api/health', bearer('viewer-secret-1'))).body)).toHaveProperty(
      'version',
    );
  });

  it('a browser without a token is shown the page that asks for it, and nothing else', async () => {
    const running = await start();
    const page = await send(running.port, '/', { headers: { accept: 'text/html' } });
    expect(page.status).toBe(401);
    expect(page.body).toContain('<title>Sign in');
    for (const file of ['/sign-in.css', '/sign-in.js']) expect((await send(running.port, file)).status).toBe(200);
    for (const path of ['/index.html', '/assets/main-abc123.js', '/api/docs', '/api/openapi.json'])
      expect([path, (await send(running.port, path)).status]).toEqual([path, 401]);
  });
});

describe('a link with a token', () => {
  it('becomes a cookie that scripts cannot read, leaves the address, and lets page and socket in', async () => {
    const running = await start();
    const opened = await send(running.port, '/?x=1&token=viewer-secret-1');
    expect([opened.status, opened.headers['location']]).toEqual([303, './?x=1']);
    expect(cookieIn(opened.headers)).toMatch(
      new RegExp(`^pentachoron-${running.port}=viewer-secret-1; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Lax$`),
    );
    const cookie = cookieOf(opened.headers);
    expect((await send(running.port, '/', { headers: { cookie } })).status).toBe(200);
    const socket = await connected(running.client({ extraHeaders: { cookie } }));
    expect(await ask(socket, 'runs:watch')).toMatchObject({ ok: true, data: { role: 'viewer' } });
    expect(await ask(socket, 'sweep:create', { dims: [8], heads: [1] })).toMatchObject({
      error: { code: 'forbidden' },
    });
  });

  it('that may do less does not replace a cookie that may do more; one that may do more does', async () => {
    const running = await start();
    const strong = cookieOf((await send(running.port, '/?token=controller-secret')).headers);
    const weaker = await send(running.port, '/?token=viewer-secret-1', { headers: { cookie: strong } });
    expect([weaker.status, weaker.headers['set-cookie']]).toEqual([303, undefined]);
    const weak = cookieOf((await send(running.port, '/?token=viewer-secret-1')).headers);
    const stronger = await send(running.port, '/?token=controller-secret', { headers: { cookie: weak } });
    expect(cookieOf(stronger.headers)).toBe(strong);
  });

  it('that is not valid shows the page that asks, and its redirect leads nowhere else', async () => {
    const running = await start();
    const opened = await send(running.port, '/?token=nobody-has-this');
    expect([opened.status, opened.headers['set-cookie']]).toEqual([401, undefined]);
    expect(opened.body).toContain('This link is not valid');
    expect(opened.body).not.toContain('nobody-has-this');
    for (const path of ['//evil.example/', '//evil.example', '/%5Cevil.example'])
      expect((await send(running.port, `${path}?token=viewer-secret-1`)).headers['location']).toMatch(/^\.\/(?!\/)/);
  });

  it('where pages of others may hold it in a frame, its cookie travels there, over https alone', async () => {
    const running = await start({ isFramed: true, proxyHops: 1 }, { frameAncestors: ['https://notebook.example'] });
    const headers = { 'x-forwarded-proto': 'https' };
    const opened = await send(running.port, '/?token=viewer-secret-1', { headers });
    const plain = await send(running.port, '/?token=viewer-secret-1');
    expect(cookieIn(plain.headers)).toMatch(/HttpOnly; SameSite=Lax$/);
    expect(cookieIn(opened.headers)).toMatch(/HttpOnly; SameSite=None; Secure; Partitioned$/);
    expect(opened.headers['content-security-policy']).toContain('frame-ancestors https://notebook.example;');
    expect(opened.headers['x-frame-options']).toBeUndefined();
  });
});

describe('signing in', () => {
  it('with a form sets the cookie and leads to the page; with a wrong token says so', async () => {
    const running = await start();
    const form = (token: string, origin = `http://127.0.0.1:${running.port}`): Sent => ({
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
      body: new URLSearchParams({ token }).toString(),
    });
    const right = await send(running.port, '/api/session', form(' viewer-secret-1 '));
    expect([right.status, right.headers['location']]).toEqual([303, '../']);
    expect(cookieOf(right.headers)).toBe(`pentachoron-${running.port}=viewer-secret-1`);
    const wrong = await send(running.port, '/api/session', form('nope'));
    expect([wrong.status, wrong.headers['set-cookie']]).toEqual([401, undefined]);
    expect(wrong.body).toContain('This token is not valid');
    expect((await send(running.port, '/api/session', form('viewer-secret-1', 'http://evil.example'))).status).toBe(403);
  });

  it('with JSON answers as whom, and out ends the cookie', async () => {
    const running = await start();
    const headers = { 'content-type': 'application/json', origin: `http://127.0.0.1:${running.port}` };
    const body = JSON.stringify({ token: 'controller-secret' });
    const opened = await send(running.port, '/api/session', { method: 'POST', headers, body });
    expect([opened.status, JSON.parse(opened.body)]).toEqual([200, { name: 'Ann', role: 'controller' }]);
    expect(cookieOf(opened.headers)).toContain('controller-secret');
    const closed = await send(running.port, '/api/session', { method: 'DELETE', headers });
    expect(closed.status).toBe(204);
    expect(cookieIn(closed.headers)).toMatch(/^pentachoron-\d+=; Path=\/; Max-Age=0;/);
  });
});

it('a request to sign in with nothing is bad input, and many wrong tokens are too many', async () => {
  const running = await start({}, { limits: { requests: 5 } });
  expect((await send(running.port, '/api/session', { method: 'POST' })).status).toBe(400);
  const tries = [];
  for (let count = 0; count < 8; count += 1) tries.push((await send(running.port, '/?token=nope')).status);
  expect(tries.slice(0, 4)).toEqual(Array(4).fill(401));
  expect(tries.slice(4)).toEqual(Array(4).fill(429));
});

it('a viewer’s body is not looked at where a viewer may not', async () => {
  const running = await start();
  const headers = { ...bearer('viewer-secret-1').headers, 'content-type': 'application/json' };
  expect((await send(running.port, '/api/sweeps', { method: 'POST', headers, body: '{' })).status).toBe(403);
});

it('another scheme of authorization is meant for somebody else: the cookie counts', async () => {
  const running = await start();
  const cookie = `pentachoron-${running.port}=viewer-secret-1`;
  expect((await send(running.port, '/api/runs', { headers: { cookie, authorization: 'Basic YTpi' } })).status).toBe(
    200,
  );
});

describe('on sockets', () => {
  it.each([
    ['none', undefined, /a token is needed/],
    ['a wrong one', 'nobody-has-this', /not valid/],
    ['an empty one', '', /not valid/],
    ['a writer’s', 'writer-secret-1', /a writer may not watch/],
  ])('with the token %s in its handshake a program is refused', async (_title, token, message) => {
    const running = await start();
    const auth = { version: 2, ...(token !== undefined && { token }) };
    await expect(connected(running.client({ auth, reconnection: false }))).rejects.toThrow(message);
  });

  it.each(['nobody-has-this', '', 'viewer-secret-'])(
    'a header with the token %j is refused before the upgrade',
    async (secret) => {
      const running = await start();
      const headers = { ...UPGRADE_HEADERS, authorization: `Bearer ${secret}` };
      const answer = await send(running.port, UPGRADE_PATH, { headers });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatch(/not valid/);
    },
  );

  it('a revoked token’s sockets end within a second, and do not come back', async () => {
    const folder = temporaryFolder();
    const running = await start({ tokens: new Tokens(folder) });
    // As another program does it: nothing else tells the server.
    const tokens = new Tokens(folder);
    const made = tokens.add('Eve', 'viewer');
    if (!made.ok) throw new Error(made.error.message);
    const auth = { version: 2, token: made.data.secret };
    const socket = await connected(running.client({ auth }));
    const ended = new Promise<number>((resolve) => socket.once('disconnect', () => resolve(performance.now())));
    const refused = new Promise<Error>((resolve) => socket.once('connect_error', resolve));
    const revokedMs = performance.now();
    tokens.revoke('Eve');
    expect((await ended) - revokedMs).toBeLessThan(5000);
    expect((await refused).message).toMatch(/not valid/);
  });

  it('a connection that was left outlives nothing: who leaves the namespace is gone', async () => {
    const running = await start();
    const socket = await connected(running.client({ auth: { version: 2, token: 'viewer-secret-1' } }));
    const ended = new Promise((resolve) => socket.io.engine.once('close', resolve));
    socket.emit('runs:watch', {}, () => undefined);
    // The packet that leaves the namespace, which the client's own `disconnect` sends before it closes.
    socket.io.engine.write('1');
    await ended;
    expect(running.app.io.engine.clientsCount).toBeLessThanOrEqual(1);
  });

  it('controllers are told who is connected, viewers how many', async () => {
    const running = await start();
    const of = (token: string) => running.client({ auth: { version: 2, token } });
    const ann = await connected(of('controller-secret'));
    await ask(ann, 'runs:watch');
    const bob = await connected(of('viewer-secret-1'));
    await ask(bob, 'runs:watch');
    const [toAnn, toBob] = [next(ann, 'presence'), next(bob, 'presence')];
    await connected(of('viewer-secret-1'));
    expect(await toBob).toEqual({ viewers: 3 });
    expect(await toAnn).toEqual({
      viewers: 3,
      people: [
        { name: 'Ann', role: 'controller', connections: 1 },
        { name: 'Bob', role: 'viewer', connections: 2 },
      ],
    });
  });
});

describe('tokens by the page', () => {
  it('are listed without secrets, made, and revoked', async () => {
    const running = await start({ tokens: new Tokens(temporaryFolder(), GIVEN) });
    const headers = { authorization: 'Bearer controller-secret', 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'Zoe', role: 'viewer' });
    const made = await send(running.port, '/api/tokens', { method: 'POST', headers, body });
    expect(made.status).toBe(201);
    const { secret } = JSON.parse(made.body) as { secret: string };
    expect((await send(running.port, '/api/runs', bearer(secret))).status).toBe(200);
    const listed = await send(running.port, '/api/tokens', { headers });
    expect(listed.body).not.toContain(secret);
    expect(JSON.parse(listed.body)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'Zoe', role: 'viewer', origin: 'added', connections: 0 }),
      ]),
    );
    expect((await send(running.port, '/api/tokens', { method: 'POST', headers, body })).status).toBe(409);
    expect((await send(running.port, '/api/tokens/Zoe', { method: 'DELETE', headers })).status).toBe(204);
    expect((await send(running.port, '/api/runs', bearer(secret))).status).toBe(401);
    expect((await send(running.port, '/api/tokens/Zoe', { method: 'DELETE', headers })).status).toBe(404);
  });

  it('on an open server the first one closes the door, and the browser that made it stands inside', async () => {
    const running = await startApp();
    const origin = `http://127.0.0.1:${running.port}`;
    const headers = { 'content-type': 'application/json', origin };
    const body = JSON.stringify({ name: 'Zoe', role: 'viewer' });
    const made = await send(running.port, '/api/tokens', { method: 'POST', headers, body });
    expect(made.status).toBe(201);
    expect((await send(running.port, '/api/runs')).status).toBe(401);
    const cookie = cookieOf(made.headers);
    expect(JSON.parse((await send(running.port, '/api/tokens', { headers: { cookie } })).body)).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'this browser', role: 'controller' })]),
    );
  });
});

describe('behind a proxy that nobody told of', () => {
  it.each([
    [{ 'x-forwarded-for': '203.0.113.9' }],
    [{ forwarded: 'for=203.0.113.9' }],
    [{ via: '1.1 proxy' }],
    [{ 'x-real-ip': '203.0.113.9' }],
  ])('%j is no local page', async (headers) => {
    const running = await startApp();
    const { status, body } = await send(running.port, '/api/runs', { headers });
    expect(status).toBe(401);
    expect(body).toMatch(/came through a proxy .* --trust-proxy 1/);
    const answer = await send(running.port, UPGRADE_PATH, {
      headers: { ...UPGRADE_HEADERS, ...headers },
    });
    expect(answer.body).toMatch(/came through a proxy/);
  });
});

describe('behind one that is trusted', () => {
  const https = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'runs.example.org' };

  test('its word on scheme and host makes the origin and a secure cookie', async () => {
    const running = await start({ proxyHops: 1 });
    const origin = 'https://runs.example.org';
    const ok = await send(running.port, '/api/runs', {
      headers: { ...bearer('viewer-secret-1').headers, ...https, origin },
    });
    expect(ok.status).toBe(200);
    const opened = await send(running.port, '/?token=viewer-secret-1', { headers: https });
    expect(cookieIn(opened.headers)).toMatch(/^pentachoron-443=.*SameSite=Lax; Secure$/);
  });

  test('it may say of an upgrade what it becomes', async () => {
    const running = await start({ proxyHops: 1 });
    const origin = 'https://runs.example.org';
    const forwarded = { ...https, 'x-forwarded-proto': 'wss', origin };
    const headers = { ...UPGRADE_HEADERS, ...bearer('viewer-secret-1').headers, ...forwarded };
    expect((await send(running.port, UPGRADE_PATH, { headers })).status).toBe(101);
  });

  test('what it was not asked to say counts for nothing', async () => {
    const running = await start({ proxyHops: 0 });
    const headers = { ...bearer('viewer-secret-1').headers, ...https, origin: 'https://runs.example.org' };
    expect((await send(running.port, '/api/runs', { headers })).status).toBe(403);
  });
});

test('under a base path everything begins with it', async () => {
  const running = await start({ basePath: '/x' }, { basePath: '/x' });
  const slashless = await send(running.port, '/x?token=viewer-secret-1');
  expect([slashless.status, slashless.headers['location']]).toEqual([303, './x/?token=viewer-secret-1']);
  const opened = await send(running.port, '/x/?token=viewer-secret-1');
  expect([opened.status, opened.headers['location']]).toEqual([303, './']);
  expect(cookieIn(opened.headers)).toContain('; Path=/x; ');
  const headers = { cookie: cookieOf(opened.headers) };
  expect((await send(running.port, '/x/', { headers })).status).toBe(200);
  expect((await send(running.port, '/x/api/runs', { headers })).status).toBe(200);
  expect((await send(running.port, '/api/runs', { headers })).status).toBe(404);
  const socket = running.client({ path: '/x/socket.io', extraHeaders: headers });
  expect((await connected(socket)).connected).toBe(true);
});
