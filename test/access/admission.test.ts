/** Who may connect: the rule itself, and that sockets and HTTP both keep it. */
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { askedBy, hostTrouble, originTrouble } from '../../server/access/addresses.js';
import { connected, type RunningApp, startApp } from '../support/running-app.js';

function told(host: string | undefined, origin: string | undefined): string | null {
  const asking = {
    headers: { ...(host !== undefined && { host }), ...(origin !== undefined && { origin }) },
    httpVersion: '1.1',
    socket: { localPort: 4317 },
  };
  return hostTrouble(asking) ?? originTrouble(origin, askedBy(asking, 0), []);
}

describe('the rule', () => {
  it.each([
    ['127.0.0.1:4317', undefined],
    ['localhost:4317', undefined],
    ['LOCALHOST:4317', undefined],
    ['[::1]:4317', undefined],
    ['localhost', undefined],
    ['localhost:8080', undefined],
    ['127.0.0.1:4317', 'http://127.0.0.1:4317'],
    ['localhost:8080', 'http://localhost:8080'],
    ['LocalHost:8080', 'http://localhost:8080'],
    ['[::1]:9000', 'http://[::1]:9000'],
    ['localhost', 'http://localhost'],
    ['localhost:80', 'http://localhost'],
  ])('[C1] [C2] Host %s with Origin %s may connect', (host, origin) => {
    expect(told(host, origin)).toBeNull();
  });

  it.each([
    [undefined, undefined],
    ['', undefined],
    ['127.0.0.2:4317', undefined],
    ['evil.example:4317', undefined],
    ['localhost.evil.example:4317', undefined],
    ['localhost:4317.evil.example', undefined],
    ['localhost:', undefined],
    ['localhost.:4317', undefined],
    ['localhost:80:80', undefined],
    ['user@localhost:4317', undefined],
    ['::1:4317', undefined],
    ['evil.example:4317', 'http://evil.example:4317'],
  ])('[C1] Host %s with Origin %s may not', (host, origin) => {
    expect(told(host, origin)).toMatch(/the Host must be .* open http:\/\/localhost:\d+$/);
  });

  it.each([
    ['127.0.0.1:4317', 'null'],
    ['127.0.0.1:4317', ''],
    ['127.0.0.1:4317', 'https://127.0.0.1:4317'],
    ['127.0.0.1:4317', 'http://127.0.0.1'],
    ['127.0.0.1:4317', 'http://127.0.0.1:5173'],
    ['127.0.0.1:4317', 'http://localhost:4317'],
    ['localhost:8080', 'http://localhost:4317'],
    ['127.0.0.1:4317', 'http://127.0.0.1:4317/'],
    ['127.0.0.1:4317', 'http://evil.example'],
    ['127.0.0.1:4317', 'http://127.0.0.1:4317.evil.example'],
    ['127.0.0.1:4317', 'http://user@127.0.0.1:4317'],
  ])('[C2] Host %s with Origin %s may not', (host, origin) => {
    expect(told(host, origin)).toMatch(`own page, which is http://${host}`);
  });

  it('[C1] the advice names the port by which the request came, through a tunnel, too', () => {
    expect(told('laptop.lan:8080', undefined)).toMatch(/open http:\/\/localhost:8080$/);
    expect(told('laptop.lan', undefined)).toMatch(/open http:\/\/localhost:4317$/);
  });
});

const refused: [host: (port: number) => string, origin: ((port: number) => string) | undefined][] = [
  [() => 'evil.example', undefined],
  [(port) => `127.0.0.1:${port}`, () => 'null'],
  [(port) => `127.0.0.1:${port}`, () => 'http://evil.example'],
  [(port) => `127.0.0.1:${port}`, (port) => `https://127.0.0.1:${port}`],
  [(port) => `127.0.0.1:${port}`, () => 'http://127.0.0.1:1'],
];

describe.each(refused)('Host %s, Origin %s', (host, origin) => {
  const headers = ({ port }: RunningApp) => ({ host: host(port), ...(origin && { origin: origin(port) }) });

  it('[C1] [C2] a raw upgrade is refused before it becomes a WebSocket', async () => {
    const running = await startApp();
    const { status, body } = await upgrade(running, headers(running));
    expect(status).toBe(400);
    expect(body).toMatch(/not allowed: /);
    expect(running.app.io.engine.clientsCount).toBe(0);
  });

  it('[C1] [C2] socket.io-client is refused', async () => {
    const running = await startApp();
    await expect(connected(running.client({ extraHeaders: headers(running), reconnection: false }))).rejects.toThrow();
    expect(running.app.io.engine.clientsCount).toBe(0);
  });

  it.each(['/', '/api/health', '/assets/main-abc123.js', '/api/docs', '/nothing'])(
    '[C1] [C2] GET %s is 403',
    async (path) => {
      const running = await startApp();
      const { status, body } = await get(running, path, headers(running));
      expect(status).toBe(403);
      expect(JSON.parse(body)).toEqual({
        error: { code: 'forbidden', message: expect.stringMatching(/^not allowed: /) },
      });
    },
  );
});

describe('those who may', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]'])(
    '[C1] [C2] a page of %s connects and asks by the port of a tunnel',
    async (name) => {
      const running = await startApp();
      const headers = { host: `${name}:8080`, origin: `http://${name}:8080` };
      expect((await upgrade(running, headers)).status).toBe(101);
      expect((await get(running, '/api/health', headers)).status).toBe(200);
    },
  );

  it('[C2] programs, which send no Origin, connect', async () => {
    const running = await startApp();
    const socket = await connected(running.client());
    expect(socket.connected).toBe(true);
  });
});

const webSocketHeaders = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

function upgrade(
  { port }: RunningApp,
  headers: Record<string, string>,
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({
      ...{ host: '127.0.0.1', port, path: '/socket.io/?EIO=4&transport=websocket' },
      headers: { ...webSocketHeaders, ...headers },
    });
    asked.on('error', reject);
    asked.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode, body: '' });
    });
    asked.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    asked.end();
  });
}

/** Unlike `fetch`, sends the Host that it is told. */
function get(
  { port }: RunningApp,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}
