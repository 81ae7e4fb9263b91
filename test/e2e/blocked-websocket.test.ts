/** A proxy between page and server that passes HTTP on and no WebSocket: the page says so, and comes back by itself. */
import { createServer, request as httpRequest, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages();
const { open } = pages;

type Upgrades = 'refused' | 'cut' | 'hanging' | 'closed' | 'passed';

interface Proxy {
  url: string;
  /** What becomes of upgrades from now on. */
  upgrades: Upgrades;
  sockets: Set<Socket>;
  server: Server;
}

let proxies: Proxy[] = [];
afterEach(async () => {
  for (const { server, sockets } of proxies) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
  proxies = [];
});

async function startProxy(first: Upgrades): Promise<Proxy> {
  const { hostname, port } = new URL(pages.server.url);
  const sockets = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const passed = httpRequest({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  const proxy: Proxy = { url: '', upgrades: first, sockets, server };
  proxies.push(proxy);
  server.on('connection', (socket) => sockets.add(socket));
  server.on('upgrade', ({ url, rawHeaders }, socket: Socket, head) => {
    const { upgrades } = proxy;
    socket.on('error', () => undefined);
    if (upgrades === 'refused') return void socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    if (upgrades === 'cut') return void socket.destroy();
    if (upgrades === 'hanging') return;
    const behind = connect(Number(port), hostname);
    behind.on('error', () => undefined);
    sockets.add(behind);
    const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []));
    behind.write(`GET ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    behind.write(head);
    socket.pipe(behind);
    if (upgrades === 'passed') behind.pipe(socket);
    // The answer to the upgrade comes through, and with it the end.
    else behind.once('data', (data) => socket.end(String(data).replace(/\r\n\r\n[^]*/, '\r\n\r\n')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return proxy;
}

describe('a page whose WebSocket does not get through', () => {
  it('says so and is there once it does, however it is blocked', async () => {
    const says = async (how: Upgrades): Promise<void> => {
      const proxy = await startProxy(how);
      const page = await open('view=trajectories', {}, proxy.url);
      await page.getByRole('alert').getByText('WebSockets do not get through').waitFor();
      proxy.upgrades = 'passed';
      for (const socket of proxy.sockets) if (how === 'hanging') socket.destroy();
      await page.locator('tr.run').first().waitFor();
      await expect.poll(() => page.getByText('WebSockets do not get through').count(), soon).toBe(0);
    };
    // Side by side, because two of them take ten seconds to find out.
    await Promise.all((['refused', 'cut', 'hanging', 'closed'] as const).map(says));
  });

  it('says instead that the server cannot be reached where HTTP has no answer either', async () => {
    const { url } = await startProxy('cut');
    const page = await open('view=trajectories', {}, url);
    await page.getByRole('alert').getByText('WebSockets do not get through').waitFor();
    await page.route('**/api/health', (route) => route.abort());
    await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
  });
});
