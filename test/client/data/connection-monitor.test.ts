/** The connection as one value, and commands that show as pending until their effect is seen. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConnectionMonitor, type HttpAnswer, type MonitoredSocket } from '../../../client/data/connection-monitor.js';
import { PendingCommands } from '../../../client/data/pending-commands.js';
import { RunList } from '../../../client/data/run-list.js';
import type { RunStatus } from '../../../shared/run.js';
import { testRun } from '../../support/test-run.js';

class FakeSocket {
  active = true;
  readonly #listeners = new Map<string, (argument?: unknown) => void>();
  #any: () => void = () => undefined;
  on = (event: string, listener: (argument?: unknown) => void) => this.#listeners.set(event, listener);
  onAny = (listener: () => void) => (this.#any = listener);
  emit(event: string, argument?: unknown): void {
    this.#listeners.get(event)?.(argument);
  }
  connect = vi.fn();
  frame(): void {
    this.#any();
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(answers: HttpAnswer[] = []) {
  const socket = new FakeSocket();
  let now = 1000;
  const ask = () => Promise.resolve(answers.shift() ?? ({ kind: 'busy' } as const));
  const reload = { failed: vi.fn(), succeeded: vi.fn() };
  const monitor = new ConnectionMonitor(socket as unknown as MonitoredSocket, ask, () => now, reload);
  return { socket, monitor, reload, at: (time: number) => (now = time) };
}

describe('connection monitor', () => {
  it('counts a lost connection from the last that was heard', () => {
    const { socket, monitor, at } = setUp();
    expect(monitor.status.value).toEqual({ kind: 'connecting' });
    socket.emit('connect');
    expect(monitor.status.value).toEqual({ kind: 'live' });
    at(5000);
    socket.frame();
    at(9000);
    socket.emit('disconnect', 'transport close');
    expect(monitor.status.value).toEqual({ kind: 'reconnecting', since: 5000 });
    at(12_000);
    socket.emit('connect');
    expect(monitor.status.value).toEqual({ kind: 'live' });
  });

  it('says that the server closes once it has said so, until it is back', () => {
    const { socket, monitor, at } = setUp();
    socket.emit('connect');
    socket.emit('server:notice', { storage: null });
    expect(monitor.status.value).toEqual({ kind: 'live' });
    socket.emit('server:notice', { storage: null, closing: true });
    expect(monitor.status.value).toEqual({ kind: 'closing', since: 1000 });
    at(2000);
    socket.frame();
    socket.emit('disconnect', 'transport close');
    expect(monitor.status.value).toEqual({ kind: 'closing', since: 2000 });
    socket.emit('connect_error', new Error('websocket error'));
    expect(monitor.status.value).toEqual({ kind: 'closing', since: 2000 });
    socket.emit('connect');
    expect(monitor.status.value).toEqual({ kind: 'live' });
    socket.emit('disconnect', 'transport close');
    expect(monitor.status.value).toMatchObject({ kind: 'reconnecting' });
  });

  it('tells a refusal, with its reason, from a server that is away', () => {
    const { socket, monitor } = setUp();
    socket.emit('connect_error', new Error('websocket error'));
    expect(monitor.status.value).toMatchObject({ kind: 'reconnecting' });
    socket.active = false;
    socket.emit('connect_error', new Error('this server speaks version 2'));
    expect(monitor.status.value).toEqual({
      ...{ kind: 'refused', reason: 'this server speaks version 2', why: 'version' },
    });
    // It may let the page in later.
    vi.runAllTimers();
    expect(socket.connect).toHaveBeenCalledTimes(1);
    socket.emit('connect');
    expect(monitor.status.value).toEqual({ kind: 'live' });
  });

  it('reloads a page that is refused for its version, and none that is refused for something else', () => {
    const { socket, monitor, reload } = setUp();
    const refuse = (code: string, message: string): void =>
      socket.emit('connect_error', Object.assign(new Error(message), { data: { code, message } }));
    socket.active = false;
    refuse('forbidden', 'the Origin is not one of this version');
    expect(monitor.status.value).toMatchObject({ kind: 'refused', why: 'other' });
    expect(reload.failed).not.toHaveBeenCalled();
    refuse('bad_input', 'version must be 3, the protocol that this server speaks; the handshake’s auth says 2');
    expect(monitor.status.value).toMatchObject({ kind: 'refused', why: 'version' });
    expect(reload.failed.mock.calls).toEqual([['version']]);
    socket.emit('connect');
    expect(reload.succeeded).toHaveBeenCalledTimes(1);
  });

  const trouble = async (answers: HttpAnswer['kind'][], wasLive = false): Promise<unknown> => {
    const { socket, monitor } = setUp(answers.map((kind) => ({ kind, reason: 'not this Host' })));
    if (wasLive) socket.emit('connect');
    for (const _ of answers) {
      socket.emit('connect_error', new Error('websocket error'));
      await vi.advanceTimersByTimeAsync(0);
    }
    const { value } = monitor.status;
    return value.kind === 'reconnecting' ? value.trouble : value;
  };

  it('tells a blocked WebSocket from a server that is away, starts, or refuses this page', async () => {
    expect(await trouble(['healthy'])).toBe('blocked');
    expect(await trouble(['unreachable'])).toBe('unreachable');
    expect(await trouble(['busy'])).toBeUndefined();
    expect(await trouble(['healthy', 'unreachable'])).toBe('unreachable');
    expect(await trouble(['refused'])).toEqual({ kind: 'refused', reason: 'not this Host', why: 'other' });
  });

  it('reloads a page that is signed out, by the handshake’s own word or by what strangers are told', async () => {
    const { socket, monitor, reload } = setUp([{ kind: 'signed out' }]);
    socket.emit('connect');
    socket.emit('disconnect', 'transport close');
    socket.emit('connect_error', new Error('websocket error'));
    await vi.advanceTimersByTimeAsync(0);
    expect(monitor.status.value).toMatchObject({ kind: 'refused', why: 'access' });
    socket.active = false;
    const data = { code: 'unauthorized', message: 'this token is not valid, or not any more' };
    socket.emit('connect_error', Object.assign(new Error(data.message), { data }));
    expect(monitor.status.value).toEqual({ kind: 'refused', reason: data.message, why: 'access' });
    expect(reload.failed.mock.calls).toEqual([['access'], ['access']]);
  });

  it('does not take a server that has just come back for one that is blocked', async () => {
    expect(await trouble(['healthy'], true)).toBeUndefined();
    expect(await trouble(['unreachable', 'healthy'], true)).toBeUndefined();
    expect(await trouble(['healthy', 'healthy'], true)).toBe('blocked');
  });
});

describe('pending commands', () => {
  const run = (status: RunStatus) => testRun('a', 's', { status });
  function watched(status: RunStatus) {
    const list = new RunList();
    list.snapshot({ sweeps: [], runs: [run(status)], viewers: 1, role: 'controller' });
    return { list, pending: new PendingCommands(list) };
  }

  it('are pending until the event that shows their effect, not until the ack', () => {
    const { list, pending } = watched('running');
    pending.begin(['a'], 'pause');
    pending.accepted('a', run('pausing'));
    expect(pending.byRun.value.get('a')?.action).toBe('pause');
    list.changed({ runs: [run('running')] });
    expect(pending.byRun.value.has('a')).toBe(true);
    list.changed({ runs: [run('pausing')] });
    expect(pending.byRun.value.has('a')).toBe(false);
  });

  it('end with the ack when they changed nothing', () => {
    const { pending } = watched('paused');
    pending.begin(['a'], 'pause');
    pending.accepted('a', run('paused'));
    expect(pending.byRun.value.size).toBe(0);
  });

  it('of several runs end one by one, each with its own event', () => {
    const list = new RunList();
    const runs = ['a', 'b'].map((id) => ({ ...run('running'), id }));
    list.snapshot({ sweeps: [], runs, viewers: 1, role: 'controller' });
    const pending = new PendingCommands(list);
    pending.begin(['a', 'b'], 'stop');
    list.changed({ runs: [{ ...run('stopping'), id: 'b' }] });
    expect([...pending.byRun.value.keys()]).toEqual(['a']);
    pending.end(['a']);
    expect(pending.byRun.value.size).toBe(0);
  });

  it('are pending, for a restart, until the new run is there', () => {
    const { list, pending } = watched('failed');
    pending.begin(['a'], 'restart');
    pending.accepted('a', { ...run('queued'), id: 'b' });
    expect(pending.byRun.value.get('a')?.action).toBe('restart');
    list.changed({ runs: [{ ...run('queued'), id: 'b' }] });
    expect(pending.byRun.value.size).toBe(0);
  });

  it('do not outlast a lost connection, whose events will not come again', () => {
    const { pending } = watched('running');
    pending.begin(['a'], 'pause');
    pending.reconnected();
    expect(pending.byRun.value.size).toBe(0);
  });
});
