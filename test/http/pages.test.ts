/** The page's files and the headers under which it runs. */
import { describe, expect, it } from 'vitest';
import { startApp } from '../support/running-app.js';

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
