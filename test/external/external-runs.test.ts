/** Runs of other programs over a memory store and a clock of the test's own: every rule of [P1] to [P10]. */
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type NewRun, newRunSchema, type OpenedRun, reportSchema, sentFramesSchema } from '../../shared/ingest.js';
import type { Result } from '../../shared/errors.js';
import type { Run, RunAction } from '../../shared/run.js';
import type { Writer } from '../../server/access/principal.js';
import { ExternalRuns } from '../../server/external/external-runs.js';
import { RunRegistry } from '../../server/runs/run-registry.js';
import { RunStream } from '../../server/runs/run-stream.js';
import { programChangeOf } from '../../server/external/program-changes.js';
import { silentLog } from '../../server/runs/service-log.js';
import { StorageHealth } from '../../server/runs/storage-health.js';
import { StoreCommands } from '../../server/service/store-commands.js';
import { createMemoryStore } from '../../server/store/memory-store.js';
import type { RunStore } from '../../server/store/run-store.js';
import { type FailingStore, failingStore } from '../support/failing-store.js';

const START = Date.parse('2026-03-01T00:00:00Z');
const SILENT_MS = 30_000;

let stored: RunStore;
let store: FailingStore;
let stream: RunStream;
let external: ExternalRuns;

/** What a server begins with, over what is stored. One that was there before writes nothing more, as if it had been killed. */
function serve(): void {
  store.isBroken = true;
  store = failingStore(stored, Infinity);
  const now = (): Date => new Date();
  const registry = new RunRegistry(store);
  const health = new StorageHealth(now);
  stream = new RunStream({
    ...{ store, registry, retryMs: 1000 },
    refused: (error) => void health.refused('runs', error),
    accepted: () => health.accepted('runs'),
  });
  const commands = new StoreCommands(store, stream, silentLog);
  external = new ExternalRuns(
    { store, stream, health, commands, excess: () => null, now, silentMs: SILENT_MS },
    registry.runs(),
  );
  const [ownStream, ownExternal] = [stream, external];
  onTestFinished(() => {
    ownExternal.close();
    ownStream.close();
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  stored = createMemoryStore();
  store = failingStore(stored, Infinity);
  serve();
  return () => vi.useRealTimers();
});

const ACCEPTS = ['pause', 'resume', 'stop', 'checkpoint', 'set'] as const;

function opened(request: Partial<NewRun> = {}): OpenedRun & { from: Writer } {
  const parsed = newRunSchema.parse({ accepts: [...ACCEPTS], ...request });
  const answer = data(external.open(parsed, 'test'));
  return { ...answer, from: { id: answer.writer, runId: answer.id } };
}

function data<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.data;
}

/** Waits for an answer while the test's clock goes on for a tick. */
async function told<T>(answer: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(50);
  return answer;
}

interface Sent {
  seq: number;
  step?: number;
  at?: number;
  values?: Record<string, number | string>;
  position?: string;
}

function frames(from: Writer, sent: Sent[]) {
  const body = sent.map(({ seq, step = seq, at = START + 1000 * seq, values = { loss: 1 / (seq + 1) }, ...rest }) => ({
    ...{ seq, step, at, values, ...rest },
  }));
  return external.frames(from, sentFramesSchema.parse(body));
}

function report(from: Writer, seq: number, status: string, at = Date.now(), message?: string) {
  return external.report(from, reportSchema.parse({ seq, status, at, ...(message !== undefined && { message }) }));
}

function run(id: string): Run {
  return stream.run(id)!;
}

/** As a viewer's command goes, without the rest of the service. */
function command(id: string, action: RunAction): string {
  const change = programChangeOf(run(id), action, new Date().toISOString(), 'ann');
  if (!change.ok) return change.error.code;
  if (change.data === null) return 'same';
  stream.commitNow({ runs: [change.data.run], log: change.data.log });
  external.tell(id);
  return change.data.run.status;
}

function rows(id: string): (number | string)[][] {
  const block = store.frames(id, -1, Infinity);
  const width = block.rows === 0 ? 0 : block.values.length / block.rows;
  return Array.from({ length: block.rows }, (_, row) => [
    block.steps[row]!,
    ...block.values.subarray(row * width, (row + 1) * width),
  ]);
}

describe('opening', () => {
  it('[P1] makes a run that is its program’s own, running, with what was told of it', () => {
    const { id, nextSeq } = opened({ name: 'toy', project: 'p', config: { lr: 0.1 }, total: 9, tags: ['a', 'a'] });
    expect(nextSeq).toBe(0);
    expect(run(id)).toMatchObject({
      ...{ id, source: 'external', sweepId: null, name: 'toy', project: 'p', config: { lr: 0.1 }, total: 9 },
      ...{ status: 'running', stepName: 'step', series: [], tags: ['a'], accepts: [...ACCEPTS] },
    });
    expect(store.log(id)).toMatchObject([{ event: 'created', by: 'test' }]);
  });

  it.each([
    ['never', true, 'conflict'],
    ['allow', true, 'resumed'],
    ['must', true, 'resumed'],
    ['never', false, 'created'],
    ['allow', false, 'created'],
    ['must', false, 'not_found'],
  ] as const)('[P1] with resume "%s", where there is such a run: %s, is %s', (resume, isThere, outcome) => {
    if (isThere) opened({ id: 'mine' });
    const answer = external.open(newRunSchema.parse({ id: 'mine', resume }), 'test');
    expect(answer.ok ? store.log('mine').at(-1)?.event : answer.error.code).toBe(outcome);
  });

  it('[P1] once for a request id, after another start of the server, too, with a token in the place of the one before', async () => {
    const first = opened({ requestId: 'r' });
    await told(frames(first.from, [{ seq: 0 }, { seq: 1 }]));
    serve();
    const again = opened({ requestId: 'r' });
    expect(again).toMatchObject({ id: first.id, writer: first.writer, nextSeq: 2 });
    expect(external.principal(first.ingestToken)).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
    expect(external.principal(again.ingestToken)).toMatchObject({
      ...{ ok: true, data: { role: 'program', writer: { id: first.writer, runId: first.id } } },
    });
    expect(external.principal('something else')).toBeNull();
    expect(store.runs()).toHaveLength(1);
  });

  it('[P1] tells the position that came with the last frames stored [P3]', async () => {
    const { from } = opened({ requestId: 'r' });
    await told(frames(from, [{ seq: 0 }, { seq: 1, position: 'line 2' }, { seq: 2 }]));
    expect(opened({ requestId: 'r' })).toMatchObject({ nextSeq: 3, position: 'line 2' });
    await told(frames(from, [{ seq: 2, position: 'known already' }]));
    serve();
    expect(opened({ requestId: 'r' })).toMatchObject({ nextSeq: 3, position: 'line 2' });
  });

  it('leaves nothing where the disk is full', () => {
    store.isBroken = true;
    const answer = external.open(newRunSchema.parse({ id: 'mine' }), 'test');
    expect(answer).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(stream.run('mine')).toBeUndefined();
  });
});

describe('frames', () => {
  it('[P2] are stored once, however often and in whatever cut they come', async () => {
    const { id, from } = opened();
    expect(data(await told(frames(from, [{ seq: 0 }, { seq: 1 }])))).toMatchObject({ nextSeq: 2, control: 'run' });
    expect(data(await told(frames(from, [{ seq: 0 }])))).toMatchObject({ nextSeq: 2 });
    const changed = { seq: 1, values: { loss: 9 } };
    expect(data(await told(frames(from, [changed, { seq: 2 }])))).toMatchObject({ nextSeq: 3 });
    const gap = await told(frames(from, [{ seq: 5 }]));
    expect(gap).toMatchObject({ ok: false, error: { code: 'conflict', details: { nextSeq: 3 } } });
    expect(rows(id)).toEqual([
      [0, 0, 1],
      [1, 1, 1 / 2],
      [2, 2, 1 / 3],
    ]);
  });

  it('[P2] are acknowledged when they are stored, and not before', async () => {
    const { id, from } = opened();
    let isAnswered = false;
    const answer = frames(from, [{ seq: 0 }]).then((result) => {
      isAnswered = true;
      return result;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect([isAnswered, store.nextSeq(id)]).toEqual([false, 0]);
    expect(data(await told(answer)).nextSeq).toBe(1);
    expect(store.nextSeq(id)).toBe(1);
  });

  it('[P2] that the disk refuses are unavailable, and stored once when it takes them and they come again', async () => {
    const { id, from } = opened();
    store.isBroken = true;
    const refused = await told(frames(from, [{ seq: 0 }]));
    expect(refused).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    const meanwhile = await told(frames(from, [{ seq: 0 }, { seq: 1 }]));
    expect(meanwhile).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    store.isBroken = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(data(await told(frames(from, [{ seq: 0 }, { seq: 1 }]))).nextSeq).toBe(2);
    expect(rows(id)).toHaveLength(2);
  });

  it('[P2] survive the server: what was acknowledged is there, what was not is asked for', async () => {
    const { id, from } = opened();
    await told(frames(from, [{ seq: 0 }]));
    void frames(from, [{ seq: 1 }]);
    serve();
    const gap = await told(frames(from, [{ seq: 2 }]));
    expect(gap).toMatchObject({ ok: false, error: { code: 'conflict', details: { nextSeq: 1 } } });
    expect(data(await told(frames(from, [{ seq: 1 }, { seq: 2 }]))).nextSeq).toBe(3);
    expect(rows(id)).toHaveLength(3);
  });

  it('[P3] add series as they appear, and tell no value from NaN and the infinities', async () => {
    const { id, from } = opened();
    await told(
      frames(from, [
        { seq: 0, step: 0, values: { loss: 1 } },
        { seq: 1, step: 2.5, values: { acc: 'NaN', seconds: 4 } },
        { seq: 2, step: -1, values: { loss: '-Infinity', acc: 'Infinity' } },
      ]),
    );
    expect(run(id)).toMatchObject({ series: ['loss', 'acc', 'logged/seconds'], step: -1 });
    expect(rows(id)).toEqual([
      [0, 0, 1, NaN, NaN],
      [2.5, 1, NaN, NaN, 4],
      [-1, 2, -Infinity, Infinity, NaN],
    ]);
    expect(store.frames(id, -1, 9).nan).toEqual([[1, 2]]);
  });

  it.each([
    [{ step: 'a' }, 'step'],
    [{ seq: -1 }, 'seq'],
    [{ at: 'soon' }, 'at'],
    [{ values: { loss: 'much' } }, 'values.loss'],
    [{ values: { loss: null } }, 'values.loss'],
    [{ values: { 'a\u0000': 1 } }, 'a series must be named'],
    [{ values: [] }, 'values'],
    [{ epoch: 1 }, 'epoch'],
  ])('[P3] that do not fit are refused by the name of the field: %j', (wrong, named) => {
    const parsed = sentFramesSchema.safeParse([{ seq: 0, step: 0, at: START, values: {}, ...wrong }]);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(named);
  });

  it('[P10] of another writer begin a branch with a seam, and so does each return', async () => {
    const one = opened({ id: 'mine' });
    await told(
      frames(one.from, [
        { seq: 0, step: 0 },
        { seq: 1, step: 5 },
      ]),
    );
    const two = opened({ id: 'mine', resume: 'must' });
    expect(run('mine').seams).toBeUndefined();
    await told(frames(two.from, [{ seq: 0, step: 3, at: START + 60_000 }]));
    await told(frames(two.from, [{ seq: 1, step: 4, at: START + 61_000 }]));
    await told(frames(one.from, [{ seq: 2, step: 6 }]));
    expect(run('mine').seams).toMatchObject([
      { seq: 2, step: 5, kind: 'resume' },
      { seq: 4, step: 4, kind: 'resume' },
    ]);
    expect(rows('mine').map(([step]) => step)).toEqual([0, 5, 3, 4, 6]);
  });

  it('tell how long it will take where there is a total', async () => {
    const { id, from } = opened({ total: 10 });
    await told(frames(from, [{ seq: 0 }, { seq: 1 }]));
    await told(frames(from, [{ seq: 2 }]));
    expect(run(id).etaSeconds).toBe(8);
  });

  it('tell nothing of it while all frames bear one time', async () => {
    const { id, from } = opened({ total: 10 });
    await told(
      frames(
        from,
        [0, 1, 2].map((seq) => ({ seq, at: START })),
      ),
    );
    expect(run(id).etaSeconds).toBeUndefined();
  });
});

describe('output', () => {
  it('[P4] is numbered over all writers and stored once', async () => {
    const { id, from } = opened();
    const line = (text: string) => ({ text, stream: 'stdout' as const, at: null });
    expect(data(await told(external.output(from, { seq: 0, lines: [line('a'), line('b')] }))).nextSeq).toBe(2);
    await told(external.output(from, { seq: 1, lines: [line('b'), line('c')] }));
    const next = opened({ id, resume: 'allow' });
    await told(external.output(next.from, { seq: 0, lines: [line('d')] }));
    expect(store.output(id, -1, 9).map(({ n, text }) => `${n} ${text}`)).toEqual(['0 a', '1 b', '2 c', '3 d']);
  });
});

describe('statuses', () => {
  it('[P5, P8] a pause lasts until the program confirms, and so does going on', async () => {
    const { id, from } = opened();
    expect(command(id, 'pause')).toBe('pausing');
    expect(data(await external.control(from, 0, 0)).control).toBe('pause');
    expect(data(await told(report(from, 0, 'paused')))).toMatchObject({ nextSeq: 1, control: 'pause' });
    expect(run(id).status).toBe('paused');
    expect(command(id, 'resume')).toBe('paused');
    expect(run(id).requested).toBe('resume');
    expect(command(id, 'resume')).toBe('same');
    expect(data(await external.control(from, 0, 0)).control).toBe('run');
    await told(report(from, 1, 'running'));
    expect(run(id)).toMatchObject({ status: 'running' });
    expect(run(id)).not.toHaveProperty('requested');
    expect(store.log(id).map(({ event, by }) => `${event} ${by}`)).toEqual([
      ...['created test', 'pause-requested ann', 'paused program', 'resume-requested ann', 'resumed program'],
    ]);
  });

  it.each([
    [['pause', 'resume'], 'running', 'run'],
    [['pause', 'stop'], 'stopping', 'stop'],
    [['stop', 'pause'], 'stopping', 'stop'],
  ] as const)('[P8] %j in a row make it %s', (actions, status, control) => {
    const { id, from } = opened();
    for (const action of actions) command(id, action);
    expect(run(id).status).toBe(status);
    return expect(external.control(from, 0, 0)).resolves.toMatchObject({ data: { control } });
  });

  it('[P8] what its program does not accept is a conflict, and restart and extend always are', () => {
    const { id } = opened({ accepts: ['pause'] });
    for (const action of ['resume', 'stop', 'restart', 'extend'] as const) expect(command(id, action)).toBe('conflict');
    expect(command(id, 'pause')).toBe('pausing');
  });

  it('[P5] a pause that the program took after it was called off is one that it is told to leave', async () => {
    const { id, from } = opened();
    command(id, 'pause');
    command(id, 'resume');
    expect(data(await told(report(from, 0, 'paused'))).control).toBe('run');
    expect(run(id)).toMatchObject({ status: 'paused', requested: 'resume' });
  });

  it('[P5] the end is the program’s word, with its message; late frames are appended all the same', async () => {
    const { id, from } = opened();
    await told(report(from, 0, 'failed', START + 5000, 'Traceback …'));
    expect(run(id)).toMatchObject({
      ...{ status: 'failed', endedAt: '2026-03-01T00:00:05.000Z' },
      error: { code: 'program_failed', message: 'Traceback …' },
    });
    await told(frames(from, [{ seq: 0 }]));
    expect(rows(id)).toHaveLength(1);
    await told(report(from, 0, 'completed'));
    expect(run(id).status).toBe('failed');
  });

  it('[P5] of a writer that another one has followed it is only noted', async () => {
    const one = opened({ id: 'mine' });
    const two = opened({ id: 'mine', resume: 'allow' });
    await told(report(one.from, 0, 'failed'));
    expect(run('mine').status).toBe('running');
    expect(store.log('mine').at(-1)).toMatchObject({ event: 'failed', by: 'program' });
    expect(data(await external.control(one.from, 0, 0)).control).toBe('stop');
    expect(data(await external.control(two.from, 0, 0)).control).toBe('run');
  });

  it('[P10] counts training without pauses, and of each writer from its first frame', async () => {
    const { id, from } = opened();
    const second = 1000;
    await told(
      frames(from, [
        { seq: 0, at: START },
        { seq: 1, at: START + 10 * second },
      ]),
    );
    await told(report(from, 0, 'paused', START + 12 * second));
    await told(report(from, 1, 'running', START + 100 * second));
    await told(frames(from, [{ seq: 2, at: START + 105 * second }]));
    expect(run(id).seconds).toBe(17);
    const next = opened({ id, resume: 'allow' });
    await told(
      frames(next.from, [
        { seq: 0, at: START + 500 * second },
        { seq: 1, at: START + 503 * second },
      ]),
    );
    expect(run(id).seconds).toBe(20);
  });
});

describe('silence', () => {
  it('[P9] is told with when the program was heard last, and over when it is heard', async () => {
    const { id, from } = opened();
    await vi.advanceTimersByTimeAsync(10_000);
    await told(frames(from, [{ seq: 0 }]));
    await vi.advanceTimersByTimeAsync(SILENT_MS - 1000);
    expect(run(id).silentSince).toBeUndefined();
    await vi.advanceTimersByTimeAsync(7000);
    expect(run(id)).toMatchObject({ status: 'running', silentSince: '2026-03-01T00:00:10.000Z' });
    await told(frames(from, [{ seq: 1 }]));
    expect(run(id).silentSince).toBeUndefined();
    expect(rows(id)).toHaveLength(2);
  });

  it('[P9] a program that waits for what it is asked is not silent', async () => {
    const { id, from } = opened();
    for (let round = 0; round < 4; round += 1) {
      const waited = external.control(from, Number.MAX_SAFE_INTEGER, 30_000);
      await vi.advanceTimersByTimeAsync(30_000);
      await waited;
    }
    expect(run(id).silentSince).toBeUndefined();
  });

  it('[P9] is since when the program was heard by an earlier server', async () => {
    const { id, from } = opened();
    await vi.advanceTimersByTimeAsync(10_000);
    await told(frames(from, [{ seq: 0 }]));
    await vi.advanceTimersByTimeAsync(10_000);
    serve();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(run(id).silentSince).toBeUndefined();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(run(id).silentSince).toBe('2026-03-01T00:00:10.000Z');
    serve();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(run(id).silentSince).toBe('2026-03-01T00:00:10.000Z');
    expect(store.log(id).filter(({ event }) => event === 'silent')).toHaveLength(1);
    await told(frames(from, [{ seq: 1 }]));
    expect(run(id).silentSince).toBeUndefined();
  });

  it('[P9] is told of soon after a start before which nobody was heard for long', async () => {
    const { id } = opened();
    vi.setSystemTime(START + 3_600_000);
    serve();
    await vi.advanceTimersByTimeAsync(SILENT_MS / 6);
    expect(run(id).silentSince).toBe('2026-03-01T00:00:00.000Z');
  });

  it.each([
    ['to the moment by a server that ends', true, '2026-03-01T00:01:50.000Z'],
    ['to a minute by one that is killed', false, '2026-03-01T00:01:00.000Z'],
  ])('[P9] of a program that only waits is kept %s', async (_how, isEnded, since) => {
    const { id, from } = opened();
    void external.control(from, Number.MAX_SAFE_INTEGER, 300_000);
    await vi.advanceTimersByTimeAsync(110_000);
    if (isEnded) {
      external.close();
      stream.flush();
    }
    serve();
    await vi.advanceTimersByTimeAsync(40_000);
    expect(run(id).silentSince).toBe(since);
  });

  it('nothing is left to be written by a server that has ended, however often it is told to', async () => {
    const { from } = opened();
    external.close();
    stream.close();
    await vi.advanceTimersByTimeAsync(5);
    // Heard by a call that was under way.
    await external.control(from, 0, 0);
    external.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('[P9] is not over for a reader of what a program left that opens its run again', async () => {
    const request = newRunSchema.parse({ id: 'left', requestId: 'r' });
    data(external.open(request, 'test', false));
    await vi.advanceTimersByTimeAsync(SILENT_MS + 5000);
    expect(run('left').silentSince).toBeDefined();
    serve();
    data(external.open(request, 'test', false));
    expect(run('left').silentSince).toBe('2026-03-01T00:00:00.000Z');
    data(external.open(request, 'test'));
    expect(run('left').silentSince).toBeUndefined();
  });

  it('[P9] lets a person stop the run, whose program may still say how it ended', async () => {
    const { id, from } = opened({ accepts: [] });
    expect(command(id, 'stop')).toBe('conflict');
    await vi.advanceTimersByTimeAsync(SILENT_MS + 6000);
    expect(command(id, 'stop')).toBe('stopped');
    expect(run(id).silentSince).toBeUndefined();
    expect(data(await told(frames(from, [{ seq: 0 }])))).toMatchObject({ nextSeq: 1, control: 'stop' });
    await told(report(from, 0, 'completed'));
    expect(run(id).status).toBe('completed');
  });
});

describe('what is asked', () => {
  it('[P7] is told at once to who waits, with a later version, over a restart of the server, too', async () => {
    const { id, from } = opened();
    const { version } = data(await external.control(from, 0, 0));
    const waited = external.control(from, version, 30_000);
    await vi.advanceTimersByTimeAsync(3000);
    command(id, 'pause');
    const answer = data(await waited);
    expect(answer.control).toBe('pause');
    expect(answer.version).toBeGreaterThan(version);
    expect(Date.now()).toBe(START + 3000);
    serve();
    const later = data(await external.control(from, answer.version - 1, 30_000));
    expect(later.version).toBeGreaterThanOrEqual(answer.version);
  });

  it('[P7] is answered when the time is over, and to nobody who went away', async () => {
    const { from } = opened();
    const { version } = data(await external.control(from, 0, 0));
    const gone = new AbortController();
    const waits = [external.control(from, version, 30_000), external.control(from, version, 30_000, gone.signal)];
    gone.abort();
    await waits[1];
    expect(Date.now()).toBe(START);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(data(await waits[0]!)).toEqual({ control: 'run', version });
  });

  it('[P6, P8] a control is set by viewers to a value of its own kind, and stays until it is set again', async () => {
    const { id, from } = opened();
    data(external.describe(from, { controls: { lr: 0.1, name: 'a' } }));
    const set = (name: string, value: number | string) =>
      external.ask(run(id), { runId: id, action: 'set', name, value }, 'ann');
    expect(set('lr', 0.01).ok).toBe(true);
    expect(set('lr', 'fast')).toMatchObject({ ok: false, error: { code: 'bad_input', message: /number/ } });
    expect(set('beta', 1)).toMatchObject({ ok: false, error: { code: 'bad_input', message: /lr, name/ } });
    expect(data(external.ask(run(id), { runId: id, action: 'checkpoint' }, 'ann')).status).toBe('running');
    serve();
    expect(data(await external.control(from, 0, 0))).toMatchObject({ values: { lr: 0.01 }, checkpoint: 1 });
    expect(store.log(id).at(-2)).toMatchObject({
      event: 'set-requested',
      by: 'ann',
      details: { name: 'lr', value: 0.01 },
    });
  });

  it('[P8] what is set is told as requested until its program tells of that control, ends, or begins anew', async () => {
    const { id, from } = opened({ controls: { lr: 0.1, beta: 0.9, name: 'a' } });
    const set = (name: string, value: number | string) =>
      data(external.ask(run(id), { runId: id, action: 'set', name, value }, 'ann')).requestedControls;
    expect(set('lr', 0.01)).toEqual({ lr: 0.01 });
    expect(set('beta', 0.5)).toEqual({ lr: 0.01, beta: 0.5 });
    serve();
    expect(run(id)).toMatchObject({ controls: { lr: 0.1, beta: 0.9 }, requestedControls: { lr: 0.01, beta: 0.5 } });
    data(external.describe(from, { summary: { best: 1 } }));
    // It took another value than was asked: an answer all the same.
    data(external.describe(from, { controls: { lr: 0.05 } }));
    expect(run(id)).toMatchObject({ controls: { lr: 0.05, beta: 0.9 }, requestedControls: { beta: 0.5 } });
    expect(set('beta', 0.9)).toBeUndefined();
    set('name', 'b');
    await told(report(from, 0, 'completed'));
    expect(run(id)).not.toHaveProperty('requestedControls');

    const second = opened({ controls: { lr: 0.1 } });
    data(external.ask(run(second.id), { runId: second.id, action: 'set', name: 'lr', value: 1 }, 'ann'));
    opened({ id: second.id, resume: 'must' });
    expect(run(second.id)).not.toHaveProperty('requestedControls');
  });

  it('[P6] what a program obeys may change while it trains', () => {
    const { id, from } = opened({ accepts: ['pause'] });
    expect([command(id, 'stop'), command(id, 'pause'), command(id, 'resume')]).toEqual([
      'conflict',
      'pausing',
      'conflict',
    ]);
    data(external.describe(from, { accepts: ['resume', 'stop'] }));
    expect([command(id, 'resume'), command(id, 'pause'), command(id, 'stop')]).toEqual([
      'running',
      'conflict',
      'stopping',
    ]);
    expect(store.run(id)?.accepts).toEqual(['resume', 'stop']);
  });

  it('[P6] documents are merged by their keys, up to a size', () => {
    const { id, from } = opened({ config: { a: 1, b: 2 } });
    data(external.describe(from, { config: { b: 3, c: null }, summary: { best: 1 } }));
    expect(run(id)).toMatchObject({ config: { a: 1, b: 3, c: null }, summary: { best: 1 } });
    const large = external.describe(from, { config: { d: 'x'.repeat(65_536) } });
    expect(large).toMatchObject({ ok: false, error: { code: 'too_large' } });
    expect(run(id).config).not.toHaveProperty('d');
  });
});

it('a run that was deleted is nobody’s', async () => {
  const { id, from, ingestToken } = opened();
  const waited = external.control(from, Number.MAX_SAFE_INTEGER, 30_000);
  store.deleteRun(id);
  stream.publishRemoved([id]);
  external.forget([id]);
  expect(await waited).toMatchObject({ ok: false, error: { code: 'not_found' } });
  expect(external.principal(ingestToken)).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
  expect(await frames(from, [{ seq: 0 }])).toMatchObject({ ok: false, error: { code: 'not_found' } });
});
