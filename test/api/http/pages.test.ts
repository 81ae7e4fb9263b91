/** The page's files and the headers under which it runs. */
import { readdirSync, statSync } from 'node:fs';
import { get, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startApp } from '../../support/running-app.js';

describe('files', () => {
  it('the entry is asked for anew each time, hashed assets are kept for good', async () => {
    const { url } = await startApp();
    for (const path of ['/', '/index.html', '/?runs=a']) {
      const entry = await fetch(url + path);
      expect([entry.status, entry.headers.get('cache-control')]).toEqual([200, 'no-cache']);
      expect(entry.headers.get('etag')).toBeTruthy();
      expect(await entry.text()).toMatch('<title>Pentachoron</title>');
    }
    const asset = await fetch(`${url}/assets/main-abc123.js`);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-type')).toMatch('javascript');
  });

  it.each(['/nothing', '/assets/nothing.js', '/../package.json', '/%2e%2e/package.json', '/.env'])(
    'GET %s is 404 as JSON',
    async (path) => {
      const { url } = await startApp();
      const response = await fetch(url + path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
    },
  );
});

describe('what HTTP has a status for', () => {
  const script = '/assets/plain-abc123.js';

  it.each([
    ['a Range beyond the end', { Range: 'bytes=99999-' }, 416, 'bad_input'],
    ['a file that has changed', { 'If-Match': '"another"' }, 412, 'conflict'],
  ])('[H1] %s is answered with it, as JSON', async (_what, headers, status, code) => {
    const { url } = await startApp();
    const response = await fetch(url + script, { headers });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
    if (status === 416) expect(response.headers.get('content-range')).toBe('bytes */10');
  });

  it('[H1] a Range within the file is answered with that part', async () => {
    const { url } = await startApp();
    const response = await fetch(url + script, { headers: { Range: 'bytes=0-5' } });
    expect([response.status, await response.text()]).toEqual([206, 'export']);
  });

  it('[H1] a body in a coding that is not known is 415', async () => {
    const { url } = await startApp();
    const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'compress' };
    const response = await fetch(`${url}/api/sweeps`, { method: 'POST', headers, body: '{}' });
    expect([response.status, await response.json()]).toMatchObject([415, { error: { code: 'bad_input' } }]);
  });
});

describe('compressed twins', () => {
  const script = '/assets/main-abc123.js';

  it.each([
    ['br, gzip', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['*', 'br'],
    ['zstd', null],
    ['identity', null],
  ])('a program that accepts %s is sent %s, its type that of the file, apart in every cache', async (accepts, sent) => {
    const { url } = await startApp();
    const { headers, ...response } = await raw(url + script, { 'Accept-Encoding': accepts });
    expect(headers['content-encoding'] ?? null).toBe(sent);
    expect(headers['content-type']).toMatch('javascript');
    expect(headers.vary).toBe('Accept-Encoding');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const text = { br: brotliDecompressSync, gzip: gunzipSync }[sent ?? ''] ?? ((body: Buffer) => body);
    expect(text(response.body).toString()).toBe('export {};');
  });

  it('what has no twin is sent as it is', async () => {
    const { url } = await startApp();
    const { headers } = await raw(`${url}/assets/plain-abc123.js`, { 'Accept-Encoding': 'br, gzip' });
    expect([headers['content-encoding'], headers.vary]).toEqual([undefined, 'Accept-Encoding']);
  });

  it('a twin that is held already is not sent again', async () => {
    const { url } = await startApp();
    const { headers } = await raw(url + script, { 'Accept-Encoding': 'br' });
    const again = await raw(url + script, { 'Accept-Encoding': 'br', 'If-None-Match': headers.etag! });
    expect(again.status).toBe(304);
    const plain = await raw(url + script, { 'Accept-Encoding': 'identity', 'If-None-Match': headers.etag! });
    expect(plain.status).toBe(200);
  });

  it('the build leaves them beside everything that the page loads, at less than half its size', () => {
    const folder = join(process.cwd(), 'dist/client/assets');
    const scripts = readdirSync(folder).filter((file) => /\.(js|css)$/.test(file));
    const bytes = (file: string): number | undefined => statSync(join(folder, file), { throwIfNoEntry: false })?.size;
    const sum = (ending: string): number =>
      scripts.reduce((total, file) => total + (bytes(file + ending) ?? bytes(file)!), 0);
    expect(scripts.length).toBeGreaterThan(5);
    expect(sum('.br')).toBeLessThan(sum('') / 2);
    expect(sum('.gz')).toBeLessThan(sum('') / 2);
  });
});

/** As it came: `fetch` would undo the coding. */
function raw(
  url: string,
  headers: OutgoingHttpHeaders,
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    }).on('error', reject);
  });
}

describe('headers', () => {
  it.each(['/', '/api/health', '/api/docs', '/nothing', '/api/nothing'])(
    '[H7] %s comes with a strict CSP, without sniffing, framing or a promise of https',
    async (path) => {
      const { url } = await startApp();
      const { headers } = await fetch(url + path);
      const policy = headers.get('content-security-policy')!;
      expect(policy.split(';').sort()).toEqual([
        "base-uri 'none'",
        "default-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "script-src-attr 'none'",
      ]);
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.has('strict-transport-security')).toBe(false);
      expect(headers.has('x-powered-by')).toBe(false);
      expect(headers.has('access-control-allow-origin')).toBe(false);
    },
  );

  it('answers of the API are never kept', async () => {
    const { url, service } = await startApp();
    const { id } = service.addRun();
    for (const path of ['/api/health', '/api/runs', `/api/runs/${id}/frames?format=csv`])
      expect((await fetch(url + path)).headers.get('cache-control')).toBe('no-store');
  });
});
