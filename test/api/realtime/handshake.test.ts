/** What a connection must say first, in which form, and what ends it. */
import { once } from 'node:events';
import { createConnection, type Socket as NetSocket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask, connected, next, type RunningApp, startApp, type TestClient } from '../../support/running-app.js';

/** The error with which a client is refused. */
function refusalOf(socket: TestClient): Promise<Error & { data?: unknown }> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => reject(new Error('it was let in')));
    socket.once('connect_error', resolve);
    socket.connect();
  });
}

describe('version', () => {
  it.each([
    [{}, /auth has none/],
    [{ version: 1 }, /must be 2, .* auth says 1/],
    [{ version: '2' }, /auth says "2"/],
    [{ version: 2, token: 7 }, /token must be a text/],
  ])('[C3] auth %j is refused by a connect_error that says why', async (auth, message) => {
    const { client } = await startApp();
    const error = await refusalOf(client({ auth }));
    expect(error.data).toMatchObject({ code: 'bad_input', message: expect.stringMatching(message) });
    expect(error.message).toMatch(message);
  });

  it('[C3] version 2 connects, with a token or without', async () => {
    const { client } = await startApp();
    await connected(client({ auth: { version: 2, token: 'for later' } }));
    await connected(client());
  });
});

describe('CONNECT', () => {
  it('[C3] a connection that repeats it is one viewer, and ends', async () => {
    const running = await startApp();
    const other = await connected(running.client());
    await ask(other, 'runs:watch');
    const counts: number[] = [];
    other.on('presence', ({ viewers }) => counts.push(viewers));
    const wire = await rawWebSocket(running);
    const ended = once(wire, 'close');
    for (let time = 0; time < 2000 && !wire.destroyed; time += 1) wire.write(text('40{"version":2}'));
    await ended;
    const alone = next(other, 'presence');
    await connected(running.client());
    await alone;
    expect(Math.max(...counts)).toBeLessThanOrEqual(2);
    expect(running.app.io.of('/').sockets.size).toBe(2);
  });

  it.each(['40{"version":9}', '40/other,{"version":2}'])(
    '[C3] a connection that is refused upon %s ends, however often it asks',
    async (message) => {
      const running = await startApp();
      const wire = await rawWebSocket(running);
      const ended = once(wire, 'close');
      for (let time = 0; time < 2000 && !wire.destroyed; time += 1) wire.write(text(message));
      await ended;
      expect(running.app.io.engine.clientsCount).toBe(0);
    },
  );

  it('[C3] who left may connect again on the same connection', async () => {
    const { client } = await startApp();
    const socket = await connected(client({ forceNew: false }));
    const sibling = socket.io.socket('/');
    expect(sibling).toBe(socket);
    socket.io._destroy = () => undefined;
    socket.disconnect();
    await connected(socket);
    expect(await ask(socket, 'runs:watch')).toMatchObject({ ok: true });
  });
});

describe('transport', () => {
  it('[C4] long polling is refused', async () => {
    const { client } = await startApp();
    const error = await refusalOf(client({ transports: ['polling'], reconnection: false }));
    expect(error).toBeInstanceOf(Error);
  });

  it('[C4] an event above 16 kB ends the connection, one below is answered', async () => {
    const { client } = await startApp();
    const socket = await connected(client({ reconnection: false }));
    expect(await ask(socket, 'sweep:create', { name: 'x'.repeat(15_000) })).toMatchObject({ ok: false });
    const ended = new Promise((resolve) => socket.once('disconnect', resolve));
    socket.emit('sweep:create', { dims: [64], heads: [1], name: 'x'.repeat(17_000) }, () => undefined);
    expect(await ended).toMatch(/transport/);
  });

  it('[C4] a message in thousands of fragments ends the connection', async () => {
    const running = await startApp();
    const wire = await rawWebSocket(running);
    const ended = once(wire, 'close');
    wire.write(fragment(0x01));
    for (let piece = 0; piece < 5000 && !wire.destroyed; piece += 1) wire.write(fragment(0x00));
    await ended;
    expect(running.app.io.engine.clientsCount).toBe(0);
  });
});

describe('closing', () => {
  it('[C7] a server that closes ends the connections such that viewers come back by themselves', async () => {
    const { app, client, service } = await startApp();
    const socket = await connected(client({ reconnection: true }));
    const reason = new Promise((resolve) => socket.once('disconnect', resolve));
    await app.close();
    expect(await reason).toBe('transport close');
    expect(socket.active).toBe(true);
    expect(service.isClosed).toBe(true);
    expect(app.http.listening).toBe(false);
  });

  it('[C7] what the service commits at its end still reaches the viewers, then that it was the end', async () => {
    const { app, client, service } = await startApp();
    const { id } = service.addRun();
    const socket = await connected(client({ reconnection: false }));
    await ask(socket, 'runs:watch');
    await ask(socket, 'run:subscribe', { runId: id, after: -1 });
    const heard: string[] = [];
    socket.on('run:frames', () => heard.push('frames'));
    socket.on('runs:changed', ({ runs }) => heard.push(runs[0]!.status!));
    socket.on('server:notice', ({ closing }) => heard.push(closing ? 'closing' : 'notice'));
    socket.on('disconnect', () => heard.push('disconnect'));
    const close = service.close.bind(service);
    service.close = () => {
      service.addFrames(id, 1);
      service.setStatus(id, 'paused');
      return close();
    };
    const gone = new Promise((resolve) => socket.once('disconnect', resolve));
    await app.close();
    await gone;
    expect(heard).toEqual(['frames', 'paused', 'closing', 'disconnect']);
  });

  it('[C7] a viewer that reads nothing does not hold up the end', async () => {
    const running = await startApp();
    const wire = await rawWebSocket(running);
    wire.pause();
    await running.app.close();
    expect(running.app.http.listening).toBe(false);
  });
});

describe('presence', () => {
  it('[W4] those who watch hear how many viewers are connected', async () => {
    const { client } = await startApp();
    const first = await connected(client());
    expect(await ask(first, 'runs:watch')).toMatchObject({ ok: true, data: { viewers: 1, role: 'controller' } });
    const counts: number[] = [];
    const settled = (count: number) =>
      new Promise<void>((resolve) =>
        first.on('presence', ({ viewers }) => {
          counts.push(viewers);
          if (viewers === count) resolve();
        }),
      );
    const three = settled(3);
    const second = await connected(client());
    await connected(client());
    await three;
    const two = settled(2);
    second.disconnect();
    await two;
    expect(counts.at(-1)).toBe(2);
  });

  it('[W4] viewers that do not watch hear neither presence nor changes', async () => {
    const { client, service } = await startApp();
    const watching = await connected(client());
    const other = await connected(client());
    await ask(watching, 'runs:watch');
    const heard: string[] = [];
    other.onAny((event: string) => heard.push(event));
    const changed = next(watching, 'runs:changed');
    service.addRun();
    await changed;
    // Its answer comes after whatever was sent to it before.
    await ask(other, 'run:unsubscribe', { runId: 'none' });
    expect(heard).toEqual([]);
  });
});

/** A connection that has become a WebSocket, and speaks no Socket.IO yet. */
async function rawWebSocket({ port }: RunningApp): Promise<NetSocket> {
  const wire = createConnection(port, '127.0.0.1');
  // It may be reset while it still writes.
  wire.on('error', () => undefined);
  wire.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\n` +
      'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await once(wire, 'data');
  return wire;
}

/** A masked frame (mask 0) of a whole text of less than 126 bytes. */
function text(content: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | content.length, 0, 0, 0, 0]), Buffer.from(content)]);
}

/** One masked frame (mask 0) of one byte that is not the last of its message. */
function fragment(opcode: number): Buffer {
  return Buffer.from([opcode, 0x81, 0, 0, 0, 0, 0x34]);
}
