/** A proxy between page and server that passes HTTP on and no WebSocket: the page says so, and comes back by itself. */
import { createServer, request as httpRequest, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages();
const { open } = pages;

type Upgrades = 'refused' | 'cut' | 'hanging' | 'closed' | 'passed';

let proxy: Server;
const sockets = new Set<Socket>();
let upgrades: Upgrades;
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => proxy.close(resolve));
});

async function startProxy(): Promise<string> {
  const { hostname, port } = new URL(pages.server.url);
  proxy = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const passed = httpRequest({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  proxy.on('connection', (socket) => sockets.add(socket));
  proxy.on('upgrade', ({ url, rawHeaders }, socket: Socket, head) => {
    socket.on('error', () => undefined);
    if (upgrades === 'refused') return void socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    if (upgrades === 'cut') return void socket.destroy();
    if (upgrades === 'hanging') return;
    const server = connect(Number(port), hostname);
    server.on('error', () => undefined);
    sockets.add(server);
    const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []));
    server.write(`GET ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    server.write(head);
    socket.pipe(server);
    if (upgrades === 'passed') server.pipe(socket);
    // The answer to the upgrade comes through, and with it the end.
    else server.once('data', (data) => socket.end(String(data).replace(/\r\n\r\n[^]*/, '\r\n\r\n')));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/`;
}

describe('a page whose WebSocket does not get through', () => {
  it.each(['refused', 'cut', 'hanging', 'closed'] as const)('says so and is there once it does (%s)', async (how) => {
    upgrades = how;
    const page = await open('view=trajectories', {}, await startProxy());
    await page.getByRole('alert').getByText('WebSockets do not get through').waitFor();
    upgrades = 'passed';
    for (const socket of sockets) if (how === 'hanging') socket.destroy();
    await page.locator('tr.run').first().waitFor();
    await expect.poll(() => page.getByText('WebSockets do not get through').count(), soon).toBe(0);
  });

  it('says instead that the server cannot be reached where HTTP has no answer either', async () => {
    upgrades = 'cut';
    const page = await open('view=trajectories', {}, await startProxy());
    await page.getByRole('alert').getByText('WebSockets do not get through').waitFor();
    await page.route('**/api/health', (route) => route.abort());
    await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
  });
});
