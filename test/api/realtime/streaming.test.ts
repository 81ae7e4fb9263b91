/** Frames to viewers: each once, in order, after it is committed; whenever they come, however they read. */
import { describe, expect, it } from 'vitest';
import { withDelta } from '../../../shared/delta.js';
import { type FramesMessage, type SubscribeAnswer, TICK_MS } from '../../../shared/protocol.js';
import type { Run } from '../../../shared/run.js';
import { valueAt } from '../../support/scripted-service.js';
import { FrameFollower } from '../../support/frame-follower.js';
import { ask, connected, next, type RunningApp, startApp } from '../../support/running-app.js';
import { columnsFor, rowsOf, timeAt } from '../../support/test-frames.js';

/** Gives the event loop, and with it every socket, a turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

type Answer = { ok: true; data: SubscribeAnswer };

describe('subscribing', () => {
  it('[S1] [F1] [F2] answers every committed frame after the seq held, in the columns it names', async () => {
    const { client, service } = await startApp();
    const run = service.addRun(2);
    service.addFrames(run.id, 7);
    const socket = await connected(client());
    const { data } = (await ask(socket, 'run:subscribe', { runId: run.id, after: 2 })) as Answer;
    expect(data).toMatchObject({ columns: columnsFor(2), fromSeq: 3, rows: 4 });
    expect(data).not.toHaveProperty('more');
    expect(data.columns.slice(0, 5)).toEqual(['seconds', 'loss', 'accuracy', 'emb', 'Q_full']);
    expect(data.dtype).toBe('f32');
    const { steps, times, values } = rowsOf(data);
    expect([...steps]).toEqual([3, 4, 5, 6]);
    expect([...times]).toEqual([3, 4, 5, 6].map(timeAt));
    const columns = data.columns.length;
    expect([...values]).toEqual(
      Array.from({ length: 4 * columns }, (_, index) => valueAt(3 + Math.floor(index / columns), index % columns)),
    );
  });

  it('[F1] no value is NaN', async () => {
    const { client, service } = await startApp();
    const run = service.addRun();
    service.addFrames(run.id, 1);
    const socket = await connected(client());
    const { data } = (await ask(socket, 'run:subscribe', { runId: run.id, after: -1 })) as Answer;
    expect(rowsOf(data).values[1]).toBeNaN();
  });

  it('[S1] a run without frames, and a holder of all, are answered with no rows', async () => {
    const { client, service } = await startApp();
    const run = service.addRun();
    const socket = await connected(client());
    const empty = { fromSeq: 0, rows: 0, data: '' };
    expect(await ask(socket, 'run:subscribe', { runId: run.id, after: -1 })).toMatchObject({ ok: true, data: empty });
    service.addFrames(run.id, 3);
    expect(await ask(socket, 'run:subscribe', { runId: run.id, after: 2 })).toMatchObject({
      ok: true,
      data: { ...empty, fromSeq: 3 },
    });
  });

  it('[S2] [F3] a long history comes in chunks of at most 1 MB, and live frames begin after the last', async () => {
    const { client, service } = await startApp();
    const run = service.addRun(8);
    service.addFrames(run.id, 12_000);
    const socket = await connected(client());
    const chunk = (await ask(socket, 'run:subscribe', { runId: run.id, after: -1 })) as Answer;
    expect(chunk.data.more).toBe(true);
    expect(chunk.data.data.length).toBeLessThanOrEqual(2 ** 20);
    const follower = new FrameFollower(socket, run.id);
    for (let tick = 0; follower.answers < 4; tick += 1) {
      service.addFrames(run.id, 1);
      await turn();
    }
    service.addFrames(run.id, 1);
    await follower.has(service.histories.nextSeq(run.id) - 1);
    expect(follower.faults).toEqual([]);
    expect(follower.answers).toBeGreaterThan(3);
    expect(follower.wrongValues()).toEqual([]);
  });

  it('[S2] after an answer with more, a subscription of before is over until the last chunk is asked for', async () => {
    const { client, service } = await startApp();
    const run = service.addRun(8);
    const socket = await connected(client());
    await ask(socket, 'run:subscribe', { runId: run.id, after: -1 });
    const all = next(socket, 'run:frames');
    service.addFrames(run.id, 12_000);
    await all;
    let live = 0;
    socket.on('run:frames', () => (live += 1));
    const chunk = (await ask(socket, 'run:subscribe', { runId: run.id, after: -1 })) as Answer;
    expect(chunk.data.more).toBe(true);
    const follower = new FrameFollower(await connected(client()), run.id);
    await follower.has(11_999);
    service.addFrames(run.id, 1);
    await follower.has(12_000);
    await ask(socket, 'run:unsubscribe', { runId: 'none' });
    expect(live).toBe(0);
  });

  it('[S5] after unsubscribing no frames come, of the other runs they do', async () => {
    const { client, service } = await startApp();
    const [kept, left] = [service.addRun(), service.addRun()];
    const socket = await connected(client());
    for (const { id } of [kept, left]) await ask(socket, 'run:subscribe', { runId: id, after: -1 });
    const both = next(socket, 'run:frames');
    service.addFrames(kept.id, 1);
    service.addFrames(left.id, 1);
    expect((await both).map(({ runId }) => runId).sort()).toEqual([kept.id, left.id].sort());
    await ask(socket, 'run:unsubscribe', { runId: left.id });
    const one = next(socket, 'run:frames');
    service.addFrames(left.id, 1);
    service.addFrames(kept.id, 1);
    expect((await one).map(({ runId, fromSeq }) => [runId, fromSeq])).toEqual([[kept.id, 1]]);
  });

  it('[S1] who asks for what is still to come gets that and nothing before', async () => {
    const { client, service } = await startApp();
    const run = service.addRun();
    const socket = await connected(client());
    await ask(socket, 'run:subscribe', { runId: run.id, after: 4 });
    const frames = next(socket, 'run:frames');
    const other = new FrameFollower(await connected(client()), run.id);
    service.addFrames(run.id, 3);
    await other.has(2);
    service.addFrames(run.id, 4);
    expect(await frames).toMatchObject([{ fromSeq: 5, rows: 2 }]);
    const after = next(socket, 'run:frames');
    service.addFrames(run.id, 1);
    expect(await after).toMatchObject([{ fromSeq: 7, rows: 1 }]);
  });
});

describe('live', () => {
  it('[F3] [S3] viewers that come at any moment of a fast stream get every frame once, the answer first', async () => {
    const { client, service } = await startApp();
    const runs = [service.addRun(1), service.addRun(2), service.addRun(4)];
    const followers: FrameFollower[] = [];
    const isLive = (): boolean => followers.some(({ messages }) => messages > 3);
    // On a fast machine the steps take less time than a few ticks.
    for (let step = 0; step < 400 || !isLive(); step += 1) {
      for (const [index, { id }] of runs.entries()) service.addFrames(id, 1 + ((step + index) % 3));
      if (step < 400 && step % 10 === 0) {
        // Each begins in the middle of a tick, some with one run, some with all.
        const chosen = step % 20 === 0 ? runs : [runs[step % 3]!];
        const socket = client();
        followers.push(...chosen.map(({ id }) => new FrameFollower(socket, id)));
        socket.connect();
      }
      await turn();
    }
    await Promise.all(followers.map((follower) => follower.has(service.histories.nextSeq(follower.runId) - 1)));
    expect(followers.flatMap(({ faults }) => faults)).toEqual([]);
    expect(followers.flatMap((follower) => follower.wrongValues())).toEqual([]);
    expect(isLive()).toBe(true);
  });

  it('[F3] [S4] viewers whose connection breaks mid-stream lack nothing and get nothing twice', async () => {
    const { app, client, service } = await startApp();
    const runs = [service.addRun(1), service.addRun(2)];
    const sockets = Array.from({ length: 6 }, () => client());
    const followers = sockets.flatMap((socket) => runs.map(({ id }) => new FrameFollower(socket, id)));
    for (const socket of sockets) socket.connect();
    let breaks = 0;
    for (let step = 0; breaks < 20; step += 1) {
      for (const { id } of runs) service.addFrames(id, 2);
      const connections = [...app.io.sockets.sockets.values()];
      if (step % 25 === 24 && connections.length > 0) {
        connections[step % connections.length]!.conn.close(true);
        breaks += 1;
      }
      await turn();
    }
    await Promise.all(followers.map((follower) => follower.has(service.histories.nextSeq(follower.runId) - 1)));
    expect(followers.flatMap(({ faults }) => faults)).toEqual([]);
    expect(followers.flatMap((follower) => follower.wrongValues())).toEqual([]);
    expect(Math.max(...followers.map(({ answers }) => answers))).toBeGreaterThan(1);
  });

  it('[F3] a subscription that changes again and again in a fast stream leaves no gap in the others', async () => {
    const { client, service } = await startApp();
    const [steady, fickle] = [service.addRun(), service.addRun()];
    const socket = await connected(client());
    const follower = new FrameFollower(socket, steady.id);
    for (let step = 0; step < 300; step += 1) {
      service.addFrames(steady.id, 1);
      service.addFrames(fickle.id, 1);
      if (step % 3 === 0) {
        const event = step % 2 === 0 ? 'run:subscribe' : 'run:unsubscribe';
        void ask(socket, event, { runId: fickle.id, ...(event === 'run:subscribe' && { after: -1 }) });
      }
      await turn();
    }
    await follower.has(299);
    expect(follower.faults).toEqual([]);
  });

  it('[F4] frames of all runs leave in one list, at most once a tick, to every viewer the same', async () => {
    const { client, service } = await startApp();
    const runs = [service.addRun(), service.addRun()];
    const sockets = await Promise.all([connected(client()), connected(client())]);
    // In different orders: the set counts.
    for (const { id } of runs) await ask(sockets[0], 'run:subscribe', { runId: id, after: -1 });
    for (const { id } of runs.toReversed()) await ask(sockets[1], 'run:subscribe', { runId: id, after: -1 });
    const first = Promise.all(sockets.map((socket) => next(socket, 'run:frames')));
    for (const { id } of runs) service.addFrames(id, 1);
    await first;

    const lists = sockets.map((socket) => {
      const received: FramesMessage[][] = [];
      socket.on('run:frames', (list) => received.push(list));
      return received;
    });
    const started = performance.now();
    while (lists.some((list) => list.length < 6)) {
      for (const { id } of runs) service.addFrames(id, 1);
      await turn();
    }
    expect(performance.now() - started).toBeGreaterThan(4 * TICK_MS);
    const [one, two] = lists.map((list) => JSON.stringify(list.slice(0, 6)));
    expect(one === two).toBe(true);
    expect(lists[1]!.slice(0, 6).map((list) => list.length)).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it('[F5] [W3] a status comes after every frame that was committed before it', async () => {
    const { client, service } = await startApp();
    const run = service.addRun();
    const socket = await connected(client());
    await ask(socket, 'runs:watch');
    const follower = new FrameFollower(socket, run.id);
    // Answered after the subscription: nothing is committed before it stands.
    await ask(socket, 'run:unsubscribe', { runId: 'none' });
    const heldAt: [status: string, held: number, committed: number][] = [];
    let told: Run = run;
    socket.on('runs:changed', ({ runs }) => {
      for (const delta of runs) {
        told = withDelta(told, delta);
        heldAt.push([told.status, follower.nextSeq - 1, told.step]);
      }
    });
    for (const status of ['running', 'pausing', 'paused', 'queued', 'running', 'completed'] as const) {
      service.addFrames(run.id, 5);
      service.setStatus(run.id, status);
      if (status !== 'pausing') await turn();
    }
    await follower.has(29);
    await ask(socket, 'runs:watch');
    const changed = next(socket, 'runs:changed');
    service.setStatus(run.id, 'stopped');
    await changed;
    expect(heldAt.length).toBeGreaterThan(1);
    for (const [, held, committed] of heldAt) expect(held).toBeGreaterThanOrEqual(committed);
    expect(heldAt.at(-1)).toEqual(['stopped', 29, 29]);
  });

  it('[F7] a full measurement comes to those who follow the run, after its frame', async () => {
    const { client, service } = await startApp();
    const [run, other] = [service.addRun(), service.addRun()];
    const [one, two] = await Promise.all([connected(client()), connected(client())]);
    const heard: string[] = [];
    await ask(one, 'run:subscribe', { runId: run.id, after: -1 });
    await ask(two, 'run:subscribe', { runId: other.id, after: -1 });
    one.on('run:frames', () => heard.push('frames'));
    one.on('run:measured', () => heard.push('measured'));
    two.on('run:measured', () => heard.push('of another run'));
    const measurement = { epoch: 0, sample: 'script', values: { emb: { cv: 0.2, valid: 300 } } } as const;
    for (const times of [1, 2]) {
      const arrived = next(one, 'run:measured');
      service.addFrames(run.id, 1);
      service.addMeasurement(run.id, measurement);
      expect(await arrived).toEqual({ runId: run.id, measurement });
      expect(heard).toEqual(Array.from({ length: times }, () => ['frames', 'measured']).flat());
    }
    await ask(two, 'run:unsubscribe', { runId: other.id });
    expect(heard).not.toContain('of another run');
  });
});

describe('viewers that read slowly', () => {
  /** Stops reading from the connection, so that what is sent to it piles up at the server. */
  const wireOf = (socket: Awaited<ReturnType<RunningApp['client']>>) =>
    (socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws._socket;

  it('[F6] are taken off the live feed, and lack nothing once they read again', async () => {
    const { app, client, service } = await startApp();
    const runs = [service.addRun(8), service.addRun(8)];
    // One that reads nothing answers no ping: its connection has to last as long as the test may take.
    app.io.engine.opts.pingTimeout = 120_000;
    const [slow, quick] = await Promise.all([connected(client()), connected(client())]);
    await ask(slow, 'runs:watch');
    const followers = runs.map(({ id }) => new FrameFollower(slow, id));
    const others = runs.map(({ id }) => new FrameFollower(quick, id));
    for (const { id } of runs) service.addFrames(id, 1);
    await Promise.all([...followers, ...others].map((follower) => follower.has(0)));

    const connection = app.io.sockets.sockets.get(slow.id!)!.conn as unknown as {
      writeBuffer: { data?: { length: number } }[];
    };
    const waiting = () => connection.writeBuffer.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
    wireOf(slow).pause();
    // Frames of 272 bytes by the thousand, until what waits grows no more.
    let before = -1;
    for (let block = 0; block < 1200; block += 1) {
      for (const { id } of runs) service.addFrames(id, 400);
      if (block % 4 === 0) {
        const held = service.histories.nextSeq(runs[0]!.id) - 1;
        await others[0]!.has(held);
        if (waiting() > 2 ** 20 && waiting() === before) break;
        before = waiting();
      }
    }
    const whenAside = waiting();
    const statuses: [string, number][] = [];
    slow.on('runs:changed', ({ runs: changed }) => {
      for (const { status } of changed) if (status != null) statuses.push([status, followers[0]!.nextSeq]);
    });
    for (let block = 0; block < 20; block += 1) {
      for (const { id } of runs) service.addFrames(id, 400);
      await others[0]!.has(service.histories.nextSeq(runs[0]!.id) - 1);
    }
    service.setStatus(runs[0]!.id, 'completed');
    expect(waiting()).toBe(whenAside);

    const total = service.histories.nextSeq(runs[0]!.id);
    wireOf(slow).resume();
    await Promise.all([...followers, ...others].map((follower) => follower.has(total - 1)));
    for (const { id } of runs) service.addFrames(id, 1);
    await Promise.all(followers.map((follower) => follower.has(total)));
    expect(followers.flatMap(({ faults }) => faults)).toEqual([]);
    expect(followers.flatMap((follower) => follower.wrongValues())).toEqual([]);
    await ask(slow, 'run:unsubscribe', { runId: 'none' });
    expect(statuses).toEqual([['completed', expect.any(Number)]]);
    expect(statuses[0]![1]).toBeGreaterThanOrEqual(total);
  }, 120_000);
});
