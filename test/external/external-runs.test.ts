/** What programs send: how runs are opened, and how frames and output are stored, by the rules of [P1] to [P4] and [P10]. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { newRunSchema, sentFramesSchema } from '../../shared/ingest.js';
import { ACCEPTS, data, ExternalBed, START, told } from '../support/external-bed.js';

let bed: ExternalBed;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  bed = new ExternalBed();
  return () => vi.useRealTimers();
});

describe('opening', () => {
  it('[P1] makes a run that is its program’s own, running, with what was told of it', () => {
    const { id, nextSeq } = bed.open({ name: 'toy', project: 'p', config: { lr: 0.1 }, total: 9, tags: ['a', 'a'] });
    expect(nextSeq).toBe(0);
    expect(bed.run(id)).toMatchObject({
      ...{ id, source: 'external', sweepId: null, name: 'toy', project: 'p', config: { lr: 0.1 }, total: 9 },
      ...{ status: 'running', stepName: 'step', series: [], tags: ['a'], accepts: [...ACCEPTS] },
    });
    expect(bed.store.log(id)).toMatchObject([{ event: 'created', by: 'test' }]);
  });

  it.each([
    ['never', true, 'conflict'],
    ['allow', true, 'resumed'],
    ['must', true, 'resumed'],
    ['never', false, 'created'],
    ['allow', false, 'created'],
    ['must', false, 'not_found'],
  ] as const)('[P1] with resume "%s", where there is such a run: %s, is %s', (resume, isThere, outcome) => {
    if (isThere) bed.open({ id: 'mine' });
    const answer = bed.external.open(newRunSchema.parse({ id: 'mine', resume }), 'test');
    expect(answer.ok ? bed.store.log('mine').at(-1)?.event : answer.error.code).toBe(outcome);
  });

  it('[P1] once for a request id, after another start of the server, too, with a token in the place of the one before', async () => {
    const first = bed.open({ requestId: 'r' });
    await told(bed.send(first.from, [{ seq: 0 }, { seq: 1 }]));
    bed.serve();
    const again = bed.open({ requestId: 'r' });
    expect(again).toMatchObject({ id: first.id, writer: first.writer, nextSeq: 2 });
    expect(bed.external.principal(first.ingestToken)).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
    expect(bed.external.principal(again.ingestToken)).toMatchObject({
      ...{ ok: true, data: { role: 'program', writer: { id: first.writer, runId: first.id } } },
    });
    expect(bed.external.principal('something else')).toBeNull();
    expect(bed.store.runs()).toHaveLength(1);
  });

  it('[P1] tells the position that came with the last frames stored [P3]', async () => {
    const { from } = bed.open({ requestId: 'r' });
    await told(bed.send(from, [{ seq: 0 }, { seq: 1, position: 'line 2' }, { seq: 2 }]));
    expect(bed.open({ requestId: 'r' })).toMatchObject({ nextSeq: 3, position: 'line 2' });
    await told(bed.send(from, [{ seq: 2, position: 'known already' }]));
    bed.serve();
    expect(bed.open({ requestId: 'r' })).toMatchObject({ nextSeq: 3, position: 'line 2' });
  });

  it('leaves nothing where the disk is full', () => {
    bed.store.isBroken = true;
    const answer = bed.external.open(newRunSchema.parse({ id: 'mine' }), 'test');
    expect(answer).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(bed.stream.run('mine')).toBeUndefined();
  });
});

describe('frames', () => {
  it('[P2] are stored once, however often and in whatever cut they come', async () => {
    const { id, from } = bed.open();
    expect(data(await told(bed.send(from, [{ seq: 0 }, { seq: 1 }])))).toMatchObject({ nextSeq: 2, control: 'run' });
    expect(data(await told(bed.send(from, [{ seq: 0 }])))).toMatchObject({ nextSeq: 2 });
    const changed = { seq: 1, values: { loss: 9 } };
    expect(data(await told(bed.send(from, [changed, { seq: 2 }])))).toMatchObject({ nextSeq: 3 });
    const gap = await told(bed.send(from, [{ seq: 5 }]));
    expect(gap).toMatchObject({ ok: false, error: { code: 'conflict', details: { nextSeq: 3 } } });
    expect(bed.rows(id)).toEqual([
      [0, 0, 1],
      [1, 1, 1 / 2],
      [2, 2, 1 / 3],
    ]);
  });

  it('[P2] are acknowledged when they are stored, and not before', async () => {
    const { id, from } = bed.open();
    let isAnswered = false;
    const answer = bed.send(from, [{ seq: 0 }]).then((result) => {
      isAnswered = true;
      return result;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect([isAnswered, bed.store.nextSeq(id)]).toEqual([false, 0]);
    expect(data(await told(answer)).nextSeq).toBe(1);
    expect(bed.store.nextSeq(id)).toBe(1);
  });

  it('[P2] that the disk refuses are unavailable, and stored once when it takes them and they come again', async () => {
    const { id, from } = bed.open();
    bed.store.isBroken = true;
    const refused = await told(bed.send(from, [{ seq: 0 }]));
    expect(refused).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    const meanwhile = await told(bed.send(from, [{ seq: 0 }, { seq: 1 }]));
    expect(meanwhile).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    bed.store.isBroken = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(data(await told(bed.send(from, [{ seq: 0 }, { seq: 1 }]))).nextSeq).toBe(2);
    expect(bed.rows(id)).toHaveLength(2);
  });

  it('[P2] survive the server: what was acknowledged is there, what was not is asked for', async () => {
    const { id, from } = bed.open();
    await told(bed.send(from, [{ seq: 0 }]));
    void bed.send(from, [{ seq: 1 }]);
    bed.serve();
    const gap = await told(bed.send(from, [{ seq: 2 }]));
    expect(gap).toMatchObject({ ok: false, error: { code: 'conflict', details: { nextSeq: 1 } } });
    expect(data(await told(bed.send(from, [{ seq: 1 }, { seq: 2 }]))).nextSeq).toBe(3);
    expect(bed.rows(id)).toHaveLength(3);
  });

  it('[P3] add series as they appear, and tell no value from NaN and the infinities', async () => {
    const { id, from } = bed.open();
    await told(
      bed.send(from, [
        { seq: 0, step: 0, values: { loss: 1 } },
        { seq: 1, step: 2.5, values: { acc: 'NaN', seconds: 4 } },
        { seq: 2, step: -1, values: { loss: '-Infinity', acc: 'Infinity' } },
      ]),
    );
    expect(bed.run(id)).toMatchObject({ series: ['loss', 'acc', 'logged/seconds'], step: -1 });
    expect(bed.rows(id)).toEqual([
      [0, 0, 1, NaN, NaN],
      [2.5, 1, NaN, NaN, 4],
      [-1, 2, -Infinity, Infinity, NaN],
    ]);
    expect(bed.store.frames(id, -1, 9).nan).toEqual([[1, 2]]);
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
    const one = bed.open({ id: 'mine' });
    await told(
      bed.send(one.from, [
        { seq: 0, step: 0 },
        { seq: 1, step: 5 },
      ]),
    );
    const two = bed.open({ id: 'mine', resume: 'must' });
    expect(bed.run('mine').seams).toBeUndefined();
    await told(bed.send(two.from, [{ seq: 0, step: 3, at: START + 60_000 }]));
    await told(bed.send(two.from, [{ seq: 1, step: 4, at: START + 61_000 }]));
    await told(bed.send(one.from, [{ seq: 2, step: 6 }]));
    expect(bed.run('mine').seams).toMatchObject([
      { seq: 2, step: 5, kind: 'resume' },
      { seq: 4, step: 4, kind: 'resume' },
    ]);
    expect(bed.rows('mine').map(([step]) => step)).toEqual([0, 5, 3, 4, 6]);
  });

  it('tell how long it will take where there is a total', async () => {
    const { id, from } = bed.open({ total: 10 });
    await told(bed.send(from, [{ seq: 0 }, { seq: 1 }]));
    await told(bed.send(from, [{ seq: 2 }]));
    expect(bed.run(id).etaSeconds).toBe(8);
  });

  it('tell nothing of it while all frames bear one time', async () => {
    const { id, from } = bed.open({ total: 10 });
    await told(
      bed.send(
        from,
        [0, 1, 2].map((seq) => ({ seq, at: START })),
      ),
    );
    expect(bed.run(id).etaSeconds).toBeUndefined();
  });
});

describe('output', () => {
  it('[P4] is numbered over all writers and stored once', async () => {
    const { id, from } = bed.open();
    const line = (text: string) => ({ text, stream: 'stdout' as const, at: null });
    expect(data(await told(bed.external.output(from, { seq: 0, lines: [line('a'), line('b')] }))).nextSeq).toBe(2);
    await told(bed.external.output(from, { seq: 1, lines: [line('b'), line('c')] }));
    const next = bed.open({ id, resume: 'allow' });
    await told(bed.external.output(next.from, { seq: 0, lines: [line('d')] }));
    expect(bed.store.output(id, -1, 9).map(({ n, text }) => `${n} ${text}`)).toEqual(['0 a', '1 b', '2 c', '3 d']);
  });
});

it('a run that was deleted is nobody’s', async () => {
  const { id, from, ingestToken } = bed.open();
  const waited = bed.external.control(from, Number.MAX_SAFE_INTEGER, 30_000);
  bed.store.deleteRun(id);
  bed.stream.publishRemoved([id]);
  bed.external.forget([id]);
  expect(await waited).toMatchObject({ ok: false, error: { code: 'not_found' } });
  expect(bed.external.principal(ingestToken)).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
  expect(await bed.send(from, [{ seq: 0 }])).toMatchObject({ ok: false, error: { code: 'not_found' } });
});
