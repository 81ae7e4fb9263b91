/** How much clients may ask: each limit is said in words, and costs nobody else anything. */
import { connect } from 'node:net';
import { describe, expect, it, test } from 'vitest';
import type { Limits } from '../../server/api/limits.js';
import { create, holds, start } from '../support/fixture-service.js';
import { ask, connected, type RunningApp, startApp } from '../support/running-app.js';

/** A raw connection; resolves with all that came until the server ended it. */
function raw({ port }: RunningApp, sent = ''): { ended: Promise<string>; end: () => void } {
  const socket = connect({ host: '127.0.0.1', port });
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  if (sent !== '') socket.write(sent);
  socket.on('error', () => undefined);
  return { ended: new Promise((resolve) => socket.once('close', () => resolve(text))), end: () => socket.destroy() };
}

const limited = (limits: Partial<Limits>): Promise<RunningApp> => startApp({ limits });
const isServed = async ({ url }: RunningApp): Promise<boolean> => {
  try {
    return (await fetch(`${url}/api/health`, { headers: { connection: 'close' } })).ok;
  } catch {
    return false;
  }
};

describe('connections', () => {
  it.each([
    ['in all', { connections: 3 }, /this server has 3 connections open/],
    ['from one address', { connectionsPerAddress: 3 }, /your address has 3 connections open/],
  ])('%s: one too many is told so and cut, and there is room again when others go', async (_title, limits, message) => {
    const running = await limited(limits);
    const idle = Array.from({ length: 3 }, () => raw(running));
    await expect.poll(() => isServed(running)).toBe(false);
    expect(await raw(running).ended).toMatch(message);
    for (const { end } of idle) end();
    await expect.poll(() => isServed(running)).toBe(true);
  });

  it('that send the head of a request byte by byte, or a body that never ends, are cut', async () => {
    const running = await limited({ handshakeSeconds: 1, idleSeconds: 2 });
    const slow = raw(running, 'GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-');
    const body = raw(
      running,
      'POST /api/sweeps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    const idle = raw(running, '');
    expect(await slow.ended).toMatch(/^HTTP\/1\.1 408|^$/);
    expect(await body.ended).toMatch(/^HTTP\/1\.1 408|^$/);
    expect(await idle.ended).toMatch(/^HTTP\/1\.1 408|^$/);
    expect(await isServed(running)).toBe(true);
  });

  it('that become a WebSocket and then say nothing are cut', async () => {
    const running = await limited({ handshakeSeconds: 1 });
    const silent = raw(
      running,
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    expect(await silent.ended).toMatch(/^HTTP\/1\.1 101/);
    expect(running.app.io.engine.clientsCount).toBe(0);
  });

  it('that are watched stay, however long nothing happens', async () => {
    const running = await limited({ idleSeconds: 1 });
    const socket = await connected(running.client());
    let ends = 0;
    socket.on('disconnect', () => (ends += 1));
    // Longer than the limit: a wait on real time, since it is about what does not happen.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(await ask(socket, 'runs:watch')).toMatchObject({ ok: true });
    expect(ends).toBe(0);
  });
});

describe('messages', () => {
  it('a larger body and a larger event than allowed', async () => {
    const running = await limited({ bodyBytes: 1024, messageBytes: 1024 });
    const response = await fetch(`${running.url}/api/sweeps`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'x'.repeat(2000) }),
    });
    expect(response.status).toBe(413);
    expect(await response.text()).toMatch(/larger than 1 kB/);
    const socket = await connected(running.client({ reconnection: false }));
    const ended = new Promise((resolve) => socket.once('disconnect', resolve));
    socket.emit('sweep:create', { name: 'x'.repeat(2000) }, () => undefined);
    expect(await ended).toBe('transport close');
  });

  it('more events than a socket may send', async () => {
    const running = await limited({ events: 3 });
    const socket = await connected(running.client());
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(socket, 'runs:watch')));
    expect(answers.slice(0, 3)).toMatchObject(Array(3).fill({ ok: true }));
    expect(answers.slice(3)).toMatchObject(Array(2).fill({ ok: false, error: { code: 'too_many_requests' } }));
  });
});

describe('what is kept and trained', () => {
  test('sweeps and runs beyond their numbers are refused, and may be again when some are gone', async () => {
    const service = start({ limits: { sweeps: 2, runs: 3 } });
    const one = create(service, { heads: [1, 2] });
    create(service);
    expect(service.createSweep({ dims: [8], heads: [1] })).toMatchObject({
      error: { code: 'conflict', message: expect.stringMatching(/there are 2 sweeps.*--max-sweeps allows 2/) },
    });
    for (const runId of one.runIds) service.control({ runId, action: 'stop' });
    await expect.poll(() => service.runs.sweep(one.id)?.counts).toEqual({ stopped: 2 });
    expect(service.control({ runId: one.runIds[0]!, action: 'restart' })).toMatchObject({
      error: { code: 'conflict', message: expect.stringMatching(/there are 3 runs.*--max-runs allows 3/) },
    });
    expect(service.deleteSweep(one.id)).toMatchObject({ ok: true });
    expect(service.createSweep({ dims: [8], heads: [1], epochs: 1 })).toMatchObject({ ok: true });
  });

  test('a sweep that may take more memory than allowed is refused with how much, those at a time counted', () => {
    const service = start({ workers: 2, limits: { memoryBytes: 150 * 2 ** 20 } });
    expect(service.createSweep({ dims: [8], heads: [1, 2], ...holds })).toMatchObject({
      error: {
        code: 'bad_input',
        message: expect.stringMatching(/2 runs at a time may take \d+ MB of memory.*--max-memory allows 150 MB/),
      },
    });
    expect(service.runs.sweeps()).toEqual([]);
  });
});
