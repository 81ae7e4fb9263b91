/** Who may connect: the rule itself, and that sockets and HTTP both keep it. */
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { isAllowed } from '../../server/realtime/admission.js';
import { connected, type RunningApp, startApp } from '../support/running-app.js';

const PORT = 4317;

describe('the rule', () => {
  it.each([
    ['127.0.0.1:4317', undefined],
    ['localhost:4317', undefined],
    ['LOCALHOST:4317', undefined],
    ['[::1]:4317', undefined],
    ['127.0.0.1:4317', 'http://127.0.0.1:4317'],
    ['127.0.0.1:4317', 'http://localhost:4317'],
    ['localhost:4317', 'http://[::1]:4317'],
  ])('[C1] [C2] Host %s with Origin %s may connect', (host, origin) => {
    expect(isAllowed(host, origin, PORT)).toBe(true);
  });

  it.each([
    [undefined, undefined],
    ['', undefined],
    ['127.0.0.1', undefined],
    ['127.0.0.1:4318', undefined],
    ['127.0.0.2:4317', undefined],
    ['evil.example:4317', undefined],
    ['localhost.evil.example:4317', undefined],
    ['localhost:4317.evil.example', undefined],
    ['user@localhost:4317', undefined],
    ['::1:4317', undefined],
    ['127.0.0.1:4317', 'null'],
    ['127.0.0.1:4317', ''],
    ['127.0.0.1:4317', 'https://127.0.0.1:4317'],
    ['127.0.0.1:4317', 'http://127.0.0.1'],
    ['127.0.0.1:4317', 'http://127.0.0.1:5173'],
    ['127.0.0.1:4317', 'http://127.0.0.1:4317/'],
    ['127.0.0.1:4317', 'http://evil.example'],
    ['127.0.0.1:4317', 'http://127.0.0.1:4317.evil.example'],
    ['127.0.0.1:4317', 'http://user@127.0.0.1:4317'],
    ['evil.example:4317', 'http://evil.example:4317'],
  ])('[C1] [C2] Host %s with Origin %s may not', (host, origin) => {
    expect(isAllowed(host, origin, PORT)).toBe(false);
  });

  it('[C1] on port 80, and there alone, the port may be left out', () => {
    expect(isAllowed('localhost', 'http://localhost', 80)).toBe(true);
    expect(isAllowed('localhost', undefined, 8080)).toBe(false);
  });
});

const refused: [host: (port: number) => string, origin: ((port: number) => string) | undefined][] = [
  [() => 'evil.example', undefined],
  [() => '127.0.0.1:1', undefined],
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
    expect(body).toMatch(`with port ${running.port}`);
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
        error: { code: 'forbidden', message: expect.stringContaining(`with port ${running.port}`) },
      });
    },
  );
});

describe('those who may', () => {
  it.each(['http://127.0.0.1', 'http://localhost', 'http://[::1]'])(
    '[C2] a page of %s and the right port connects',
    async (origin) => {
      const running = await startApp();
      const { status } = await upgrade(running, {
        host: `localhost:${running.port}`,
        origin: `${origin}:${running.port}`,
      });
      expect(status).toBe(101);
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
