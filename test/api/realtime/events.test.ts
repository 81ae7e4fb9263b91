/** What events do and how they are answered: every one with an ack, malformed ones with the field at fault. */
import { describe, expect, it } from 'vitest';
import type { RunsChanged, WatchAnswer } from '../../../shared/protocol.js';
import { type Delta, withDelta } from '../../../shared/delta.js';
import type { Run } from '../../../shared/run.js';
import { ask, connected, next, next as nextOf, startApp } from '../../support/running-app.js';

/** For what is polled: a wait ends with its condition. */
const soon = { timeout: 60_000 };

const bad = (message: RegExp | string) => ({
  ok: false,
  error: { code: 'bad_input', message: expect.stringMatching(message) },
});

describe('malformed events', () => {
  it.each([
    ['run:subscribe', [], /^run:subscribe must be an object with runId and after$/],
    ['run:subscribe', [null], /^run:subscribe must be an object/],
    ['run:subscribe', ['abc'], /^run:subscribe must be an object/],
    ['run:subscribe', [{ runId: 7, after: -1 }], /^runId must be/],
    ['run:subscribe', [{ runId: 'a' }], /^after must be/],
    ['run:subscribe', [{ runId: 'a', after: -2 }], /^after must be/],
    ['run:subscribe', [{ runId: 'a', after: 0.5 }], /^after must be/],
    ['run:subscribe', [{ runId: 'a', after: '0' }], /^after must be/],
    [
      'run:subscribe',
      [{ runId: 'a', after: -1, extra: 1 }],
      /^run:subscribe has no field extra; it has runId, after, series$/,
    ],
    ['run:unsubscribe', [{}], /^runId must be/],
    ['run:control', [[]], /^run:control must be an object with runId and action$/],
    ['run:control', [{ runId: 'a', action: 'explode' }], /^action must be one of pause, resume/],
    ['run:control', [{ runId: 'a', action: 'extend' }], /^total must be given/],
    ['run:control', [{ runId: 'a', action: 'pause', total: 5 }], /^total must be given/],
    ['run:control', [{ runId: 'a', action: 'extend', total: 1.5 }], /^total must be a whole number/],
    ['run:control', [{ runId: 'a', action: 'restart', requestId: '' }], /^requestId must be/],
    ['sweep:create', [{ dims: [64], heads: [3] }], /64 is not divisible by 3/],
    ['sweep:create', [{ dims: [64], heads: [0] }], /^heads must be/],
    ['sweep:create', ['dims'], /^a sweep must be an object/],
  ])('[C5] %s %j is answered with bad_input and the field', async (event, payload, message) => {
    const { client, logged } = await startApp();
    const socket = await connected(client());
    expect(await ask(socket, event, ...payload)).toMatchObject(bad(message));
    expect(logged).toEqual([]);
  });

  it.each(['no:such', 'toString', '__proto__', 'error', 'constructor'])(
    '[C5] the unknown event %s is answered and does no harm',
    async (event) => {
      const { client } = await startApp();
      const socket = await connected(client());
      expect(await ask(socket, event, {})).toMatchObject(bad(/no such event/));
      expect(await ask(socket, 'runs:watch')).toMatchObject({ ok: true });
    },
  );

  it('[C5] an event whose name is a number is an unknown one, and the server lives on', async () => {
    const { client } = await startApp();
    const socket = await connected(client());
    expect(await ask(socket, 5 as unknown as string, {})).toMatchObject(bad(/no such event: 5/));
    expect(await ask(socket, 'runs:watch')).toMatchObject({ ok: true });
  });

  it('[C5] an event without an ack is acted on; a malformed or unknown one is passed over', async () => {
    const { client, service } = await startApp();
    const socket = await connected(client());
    const untyped = socket as unknown as { emit(event: string, ...parameters: unknown[]): void };
    untyped.emit('run:subscribe');
    untyped.emit('no:such', 1, 2, 3);
    untyped.emit('sweep:create', { dims: [8], heads: [1] });
    expect(await ask(socket, 'runs:watch')).toMatchObject({ ok: true, data: { runs: [{ config: { dim: 8 } }] } });
    expect(service.runs.runs()).toHaveLength(1);
  });

  it('[S6] an unknown run is answered with not_found', async () => {
    const { client } = await startApp();
    const socket = await connected(client());
    const notFound = { ok: false, error: { code: 'not_found', message: expect.stringContaining('nope') } };
    expect(await ask(socket, 'run:subscribe', { runId: 'nope', after: -1 })).toMatchObject(notFound);
    expect(await ask(socket, 'run:control', { runId: 'nope', action: 'stop' })).toMatchObject(notFound);
    expect(await ask(socket, 'run:unsubscribe', { runId: 'nope' })).toEqual({ ok: true, data: null });
  });

  it('[C5] an unexpected failure is answered as internal; the log alone has the details, under the same id', async () => {
    const { client, service, logged } = await startApp();
    service.control = () => {
      throw new Error('secret of the disk');
    };
    const socket = await connected(client());
    const answer = (await ask(socket, 'run:control', { runId: 'a', action: 'stop' })) as {
      error: { code: string; message: string };
    };
    expect(answer.error.code).toBe('internal');
    expect(answer.error.message).not.toMatch('secret');
    const id = /unexpected error (\S+);/.exec(answer.error.message)![1]!;
    expect(logged.join()).toMatch('secret of the disk');
    expect(logged.join()).toMatch(id);
  });
});

describe('limits', () => {
  it('[C6] a loop that never ends is refused in part, and that socket alone', async () => {
    const { client } = await startApp();
    const [loop, other] = await Promise.all([connected(client()), connected(client())]);
    const answers = await Promise.all(
      Array.from({ length: 6000 }, () => ask(loop, 'run:unsubscribe', { runId: 'a' }) as Promise<{ ok: boolean }>),
    );
    expect(answers.filter(({ ok }) => ok).length).toBe(5000);
    expect(answers.at(-1)).toMatchObject({ ok: false, error: { code: 'too_many_requests' } });
    expect(await ask(other, 'runs:watch')).toMatchObject({ ok: true });
  });

  it('[C6] 500 sockets from one address connect, and each follows a run', async () => {
    const { client, service } = await startApp();
    const { id } = service.addRun();
    const sockets = await Promise.all(Array.from({ length: 500 }, () => connected(client())));
    const answers = await Promise.all(sockets.map((socket) => ask(socket, 'run:subscribe', { runId: id, after: -1 })));
    expect(answers.every((answer) => (answer as { ok: boolean }).ok)).toBe(true);
    const received = Promise.all(sockets.map((socket) => next(socket, 'run:frames')));
    service.addFrames(id, 1);
    expect((await received).every(([message]) => message!.runId === id && message!.rows === 1)).toBe(true);
  });
});

describe('sweeps and control', () => {
  it('[W1] watching answers what there is', async () => {
    const { client, service } = await startApp();
    service.addRun();
    const socket = await connected(client());
    const [sweeps, runs] = [service.runs.sweeps(), service.runs.runs()];
    expect(runs).toMatchObject([{ status: 'queued', place: 1 }]);
    // A place is told within a tick.
    await expect
      .poll(() => ask(socket, 'runs:watch'), soon)
      .toEqual({ ok: true, data: { sweeps, runs, viewers: 1, workers: 2, role: 'controller' } });
  });

  it('[W1] a long list comes in parts, the newest first; what changed or went meanwhile ends right', async () => {
    const { client, service } = await startApp();
    const sweeps = Array.from({ length: 6 }, (_, index) =>
      service.createSweep({
        dims: [8],
        heads: [1],
        seeds: Array.from({ length: 100 }, (_, seed) => seed),
        name: `${index}`,
      }),
    ).map((created) => (created.ok ? created.data : undefined)!);
    const socket = await connected(client());
    const held = new Map<string, Run>();
    const order: string[] = [];
    socket.on('runs:changed', ({ runs, removed = [] }) => {
      for (const run of runs) held.set(run.id, withDelta(held.get(run.id), run));
      for (const id of removed) held.delete(id);
    });
    let next: string | undefined;
    for (let part = 0; part === 0 || next !== undefined; part += 1) {
      const { data } = (await ask(socket, 'runs:watch', next === undefined ? {} : { after: next })) as {
        data: WatchAnswer;
      };
      order.unshift(...data.runs.map(({ id }) => id));
      for (const run of data.runs) held.set(run.id, run);
      next = data.next;
      if (part > 0) continue;
      expect(data.sweeps.map(({ name }) => name).at(-1)).toBe('5');
      expect(next).toBeDefined();
      // One that has come, one that has not, and one of each that goes.
      service.setStatus(sweeps[5]!.runIds[99]!, 'stopped');
      service.setStatus(sweeps[0]!.runIds[0]!, 'stopped');
      for (const id of [sweeps[5]!.runIds[98]!, sweeps[0]!.runIds[1]!]) {
        service.setStatus(id, 'stopped');
        service.deleteRun(id);
      }
    }
    await ask(socket, 'run:unsubscribe', { runId: 'none' });
    const changed = nextOf(socket, 'runs:changed');
    service.setStatus(sweeps[3]!.runIds[0]!, 'stopped');
    await changed;
    expect(order.filter((id) => held.has(id))).toEqual(service.runs.runs().map(({ id }) => id));
    expect(order.map((id) => held.get(id)).filter((run) => run !== undefined)).toEqual(service.runs.runs());
    expect(await ask(socket, 'runs:watch', { after: 'nonsense' })).toMatchObject(bad(/^after must be/));
  });

  it('[W2] two viewers hear the same of a new sweep, of a control and of a deletion', async () => {
    const { client, service } = await startApp();
    const [one, two] = await Promise.all([connected(client()), connected(client())]);
    await Promise.all([ask(one, 'runs:watch'), ask(two, 'runs:watch')]);
    const heard = [one, two].map((socket) => {
      const changes: RunsChanged[] = [];
      socket.on('runs:changed', (change) => changes.push(change));
      return changes;
    });
    /** What both have heard since, as soon as that is in it: places are told a tick after what moves them. */
    const heardByBoth = async (isSo: (change: RunsChanged) => boolean): Promise<RunsChanged[]> => {
      await expect.poll(() => heard.every((changes) => changes.some(isSo)), soon).toBe(true);
      const [first, second] = heard.map((changes) => changes.splice(0));
      expect(first).toEqual(second);
      return first!;
    };
    const placed = (runId: string, place: number) => (change: RunsChanged) =>
      change.runs.some((run) => run.id === runId && run.place === place);
    const withoutPlace = ({ place: _place, ...run }: Run | Delta<Run>) => run;

    const created = (await ask(one, 'sweep:create', { dims: [8], heads: [1, 2] })) as {
      data: { id: string; runIds: string[] };
    };
    const [runId, other] = created.data.runIds as [string, string];
    const unstopped = service.runs.run(runId)!;
    const [begun] = await heardByBoth(placed(runId, unstopped.place!));
    expect(begun!.runs.map((run) => run.id)).toEqual(created.data.runIds);
    expect(begun!.sweeps).toEqual(service.runs.sweeps());
    expect(withoutPlace(begun!.runs[0]!)).toEqual(withoutPlace(unstopped));

    const stopped = (await ask(two, 'run:control', { runId, action: 'stop' })) as { data: Run };
    expect(stopped.data.status).toBe('stopped');
    const [ended] = await heardByBoth((change) =>
      change.runs.some(({ id, status }) => id === runId && status === 'stopped'),
    );
    expect(ended!.runs).toContainEqual(expect.objectContaining({ id: runId, status: 'stopped' }));

    service.deleteRun(runId);
    const gone = await heardByBoth(({ removed }) => removed?.includes(runId) === true);
    expect(gone.at(-1)).toMatchObject({ removed: [runId], sweeps: [{ id: created.data.id, runIds: [other] }] });
  });

  it('[R1] [R2] control answers the run as it is now; repeating it changes nothing; what cannot be is a conflict', async () => {
    const { client, service } = await startApp();
    const { id: runId } = service.addRun();
    const socket = await connected(client());
    const control = (action: string) => ask(socket, 'run:control', { runId, action });
    expect(await control('pause')).toMatchObject({ ok: true, data: { status: 'paused' } });
    expect(await control('pause')).toMatchObject({ ok: true, data: { status: 'paused' } });
    service.setStatus(runId, 'completed');
    expect(await control('pause')).toMatchObject({
      ok: false,
      error: { code: 'conflict', details: { status: 'completed' } },
    });
    expect(await control('restart')).toMatchObject({ ok: true, data: { attempt: 2, previousRunId: runId } });
    expect(await ask(socket, 'run:control', { runId, action: 'extend', total: 500 })).toMatchObject({
      ok: true,
      data: { status: 'queued', total: 500 },
    });
  });

  it('[R3] a sweep that is created twice with one requestId is one sweep', async () => {
    const { client, service } = await startApp();
    const socket = await connected(client());
    const request = { dims: [8], heads: [1], requestId: 'once' };
    const first = await ask(socket, 'sweep:create', request);
    expect(await ask(socket, 'sweep:create', request)).toEqual(first);
    expect(service.runs.sweeps()).toHaveLength(1);
  });
});

describe('a disk that refuses writes', () => {
  const storage = { message: 'the disk is full', since: '2026-01-02T03:04:05.000Z' };

  it('[W5] is told to those who watch, and withdrawn after the frames and statuses that waited', async () => {
    const { client, service } = await startApp();
    const run = service.addRun();
    const socket = await connected(client());
    const other = await connected(client());
    const unasked: unknown[] = [];
    other.on('server:notice', (notice) => unasked.push(notice));
    expect(await ask(socket, 'runs:watch')).not.toHaveProperty('data.notice');
    await ask(socket, 'run:subscribe', { runId: run.id, after: -1 });

    const told = next(socket, 'server:notice');
    service.storage$.next(storage);
    expect(await told).toEqual({ storage });

    const heard: string[] = [];
    socket.on('run:frames', () => heard.push('frames'));
    socket.on('runs:changed', ({ runs }) => heard.push(...runs.flatMap(({ status }) => status ?? [])));
    const withdrawn = next(socket, 'server:notice');
    service.addFrames(run.id, 2);
    service.setStatus(run.id, 'paused');
    service.storage$.next(null);
    expect(await withdrawn).toEqual({ storage: null });
    expect(heard).toEqual(['frames', 'paused']);
    await ask(other, 'run:unsubscribe', { runId: run.id });
    expect(unasked).toEqual([]);
  });

  it('[W1] [W5] is in the answer to those who come to watch meanwhile', async () => {
    const { client, service } = await startApp();
    service.storage$.next(storage);
    const socket = await connected(client());
    expect(await ask(socket, 'runs:watch')).toMatchObject({ ok: true, data: { notice: { storage } } });
  });
});

it('commands over the socket say so to the log of their runs', async () => {
  const { client, service } = await startApp();
  const socket = await connected(client());
  await ask(socket, 'sweep:create', { dims: [8], heads: [1] });
  await ask(socket, 'run:control', { runId: service.runs.runs()[0]!.id, action: 'pause' });
  expect(service.sources).toEqual(['viewer', 'viewer']);
});
