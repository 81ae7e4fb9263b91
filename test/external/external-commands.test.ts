/** What programs and viewers ask of each other: statuses, silence, controls, by the rules of [P5] to [P9]. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { newRunSchema } from '../../shared/ingest.js';
import { data, ExternalBed, SILENT_MS, START, told } from '../support/external-bed.js';

let bed: ExternalBed;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  bed = new ExternalBed();
  return () => vi.useRealTimers();
});

describe('statuses', () => {
  it('[P5, P8] a pause lasts until the program confirms, and so does going on', async () => {
    const { id, from } = bed.open();
    expect(bed.command(id, 'pause')).toBe('pausing');
    expect(data(await bed.external.control(from, 0, 0)).control).toBe('pause');
    expect(data(await told(bed.report(from, 0, 'paused')))).toMatchObject({ nextSeq: 1, control: 'pause' });
    expect(bed.run(id).status).toBe('paused');
    expect(bed.command(id, 'resume')).toBe('paused');
    expect(bed.run(id).requested).toBe('resume');
    expect(bed.command(id, 'resume')).toBe('same');
    expect(data(await bed.external.control(from, 0, 0)).control).toBe('run');
    await told(bed.report(from, 1, 'running'));
    expect(bed.run(id)).toMatchObject({ status: 'running' });
    expect(bed.run(id)).not.toHaveProperty('requested');
    expect(bed.store.log(id).map(({ event, by }) => `${event} ${by}`)).toEqual([
      ...['created test', 'pause-requested ann', 'paused program', 'resume-requested ann', 'resumed program'],
    ]);
  });

  it.each([
    [['pause', 'resume'], 'running', 'run'],
    [['pause', 'stop'], 'stopping', 'stop'],
    [['stop', 'pause'], 'stopping', 'stop'],
  ] as const)('[P8] %j in a row make it %s', (actions, status, control) => {
    const { id, from } = bed.open();
    for (const action of actions) bed.command(id, action);
    expect(bed.run(id).status).toBe(status);
    return expect(bed.external.control(from, 0, 0)).resolves.toMatchObject({ data: { control } });
  });

  it('[P8] what its program does not accept is a conflict, and restart and extend always are', () => {
    const { id } = bed.open({ accepts: ['pause'] });
    for (const action of ['resume', 'stop', 'restart', 'extend'] as const)
      expect(bed.command(id, action)).toBe('conflict');
    expect(bed.command(id, 'pause')).toBe('pausing');
  });

  it('[P5] a pause that the program took after it was called off is one that it is told to leave', async () => {
    const { id, from } = bed.open();
    bed.command(id, 'pause');
    bed.command(id, 'resume');
    expect(data(await told(bed.report(from, 0, 'paused'))).control).toBe('run');
    expect(bed.run(id)).toMatchObject({ status: 'paused', requested: 'resume' });
  });

  it('[P5] the end is the program’s word, with its message; late frames are appended all the same', async () => {
    const { id, from } = bed.open();
    await told(bed.report(from, 0, 'failed', START + 5000, 'Traceback …'));
    expect(bed.run(id)).toMatchObject({
      ...{ status: 'failed', endedAt: '2026-03-01T00:00:05.000Z' },
      error: { code: 'program_failed', message: 'Traceback …' },
    });
    await told(bed.send(from, [{ seq: 0 }]));
    expect(bed.rows(id)).toHaveLength(1);
    await told(bed.report(from, 0, 'completed'));
    expect(bed.run(id).status).toBe('failed');
  });

  it('[P5] of a writer that another one has followed it is only noted', async () => {
    const one = bed.open({ id: 'mine' });
    const two = bed.open({ id: 'mine', resume: 'allow' });
    await told(bed.report(one.from, 0, 'failed'));
    expect(bed.run('mine').status).toBe('running');
    expect(bed.store.log('mine').at(-1)).toMatchObject({ event: 'failed', by: 'program' });
    expect(data(await bed.external.control(one.from, 0, 0)).control).toBe('stop');
    expect(data(await bed.external.control(two.from, 0, 0)).control).toBe('run');
  });

  it('[P10] counts training without pauses, and of each writer from its first frame', async () => {
    const { id, from } = bed.open();
    const second = 1000;
    await told(
      bed.send(from, [
        { seq: 0, at: START },
        { seq: 1, at: START + 10 * second },
      ]),
    );
    await told(bed.report(from, 0, 'paused', START + 12 * second));
    await told(bed.report(from, 1, 'running', START + 100 * second));
    await told(bed.send(from, [{ seq: 2, at: START + 105 * second }]));
    expect(bed.run(id).seconds).toBe(17);
    const next = bed.open({ id, resume: 'allow' });
    await told(
      bed.send(next.from, [
        { seq: 0, at: START + 500 * second },
        { seq: 1, at: START + 503 * second },
      ]),
    );
    expect(bed.run(id).seconds).toBe(20);
  });
});

describe('silence', () => {
  it('[P9] is told with when the program was heard last, and over when it is heard', async () => {
    const { id, from } = bed.open();
    await vi.advanceTimersByTimeAsync(10_000);
    await told(bed.send(from, [{ seq: 0 }]));
    await vi.advanceTimersByTimeAsync(SILENT_MS - 1000);
    expect(bed.run(id).silentSince).toBeUndefined();
    await vi.advanceTimersByTimeAsync(7000);
    expect(bed.run(id)).toMatchObject({ status: 'running', silentSince: '2026-03-01T00:00:10.000Z' });
    await told(bed.send(from, [{ seq: 1 }]));
    expect(bed.run(id).silentSince).toBeUndefined();
    expect(bed.rows(id)).toHaveLength(2);
  });

  it('[P9] a program that waits for what it is asked is not silent', async () => {
    const { id, from } = bed.open();
    for (let round = 0; round < 4; round += 1) {
      const waited = bed.external.control(from, Number.MAX_SAFE_INTEGER, 30_000);
      await vi.advanceTimersByTimeAsync(30_000);
      await waited;
    }
    expect(bed.run(id).silentSince).toBeUndefined();
  });

  it('[P9] is since when the program was heard by an earlier server', async () => {
    const { id, from } = bed.open();
    await vi.advanceTimersByTimeAsync(10_000);
    await told(bed.send(from, [{ seq: 0 }]));
    await vi.advanceTimersByTimeAsync(10_000);
    bed.serve();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(bed.run(id).silentSince).toBeUndefined();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(bed.run(id).silentSince).toBe('2026-03-01T00:00:10.000Z');
    bed.serve();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(bed.run(id).silentSince).toBe('2026-03-01T00:00:10.000Z');
    expect(bed.store.log(id).filter(({ event }) => event === 'silent')).toHaveLength(1);
    await told(bed.send(from, [{ seq: 1 }]));
    expect(bed.run(id).silentSince).toBeUndefined();
  });

  it('[P9] is told of soon after a start before which nobody was heard for long', async () => {
    const { id } = bed.open();
    vi.setSystemTime(START + 3_600_000);
    bed.serve();
    await vi.advanceTimersByTimeAsync(SILENT_MS / 6);
    expect(bed.run(id).silentSince).toBe('2026-03-01T00:00:00.000Z');
  });

  it.each([
    ['to the moment by a server that ends', true, '2026-03-01T00:01:50.000Z'],
    ['to a minute by one that is killed', false, '2026-03-01T00:01:00.000Z'],
  ])('[P9] of a program that only waits is kept %s', async (_how, isEnded, since) => {
    const { id, from } = bed.open();
    void bed.external.control(from, Number.MAX_SAFE_INTEGER, 300_000);
    await vi.advanceTimersByTimeAsync(110_000);
    if (isEnded) {
      bed.external.close();
      bed.stream.flush();
    }
    bed.serve();
    await vi.advanceTimersByTimeAsync(40_000);
    expect(bed.run(id).silentSince).toBe(since);
  });

  it('nothing is left to be written by a server that has ended, however often it is told to', async () => {
    const { from } = bed.open();
    bed.external.close();
    bed.stream.close();
    await vi.advanceTimersByTimeAsync(5);
    // Heard by a call that was under way.
    await bed.external.control(from, 0, 0);
    bed.external.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('[P9] is not over for a reader of what a program left that opens its run again', async () => {
    const request = newRunSchema.parse({ id: 'left', requestId: 'r' });
    data(bed.external.open(request, 'test', false));
    await vi.advanceTimersByTimeAsync(SILENT_MS + 5000);
    expect(bed.run('left').silentSince).toBeDefined();
    bed.serve();
    data(bed.external.open(request, 'test', false));
    expect(bed.run('left').silentSince).toBe('2026-03-01T00:00:00.000Z');
    data(bed.external.open(request, 'test'));
    expect(bed.run('left').silentSince).toBeUndefined();
  });

  it('[P9] lets a person stop the run, whose program may still say how it ended', async () => {
    const { id, from } = bed.open({ accepts: [] });
    expect(bed.command(id, 'stop')).toBe('conflict');
    await vi.advanceTimersByTimeAsync(SILENT_MS + 6000);
    expect(bed.command(id, 'stop')).toBe('stopped');
    expect(bed.run(id).silentSince).toBeUndefined();
    expect(data(await told(bed.send(from, [{ seq: 0 }])))).toMatchObject({ nextSeq: 1, control: 'stop' });
    await told(bed.report(from, 0, 'completed'));
    expect(bed.run(id).status).toBe('completed');
  });
});

describe('what is asked', () => {
  it('[P7] is told at once to who waits, with a later version, over a restart of the server, too', async () => {
    const { id, from } = bed.open();
    const { version } = data(await bed.external.control(from, 0, 0));
    const waited = bed.external.control(from, version, 30_000);
    await vi.advanceTimersByTimeAsync(3000);
    bed.command(id, 'pause');
    const answer = data(await waited);
    expect(answer.control).toBe('pause');
    expect(answer.version).toBeGreaterThan(version);
    expect(Date.now()).toBe(START + 3000);
    bed.serve();
    const later = data(await bed.external.control(from, answer.version - 1, 30_000));
    expect(later.version).toBeGreaterThanOrEqual(answer.version);
  });

  it('[P7] is answered when the time is over, and to nobody who went away', async () => {
    const { from } = bed.open();
    const { version } = data(await bed.external.control(from, 0, 0));
    const gone = new AbortController();
    const waits = [
      bed.external.control(from, version, 30_000),
      bed.external.control(from, version, 30_000, gone.signal),
    ];
    gone.abort();
    await waits[1];
    expect(Date.now()).toBe(START);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(data(await waits[0]!)).toEqual({ control: 'run', version });
  });

  it('[P6, P8] a control is set by viewers to a value of its own kind, and stays until it is set again', async () => {
    const { id, from } = bed.open();
    data(bed.external.describe(from, { controls: { lr: 0.1, name: 'a' } }));
    const set = (name: string, value: number | string) =>
      bed.external.ask(bed.run(id), { runId: id, action: 'set', name, value }, 'ann');
    expect(set('lr', 0.01).ok).toBe(true);
    expect(set('lr', 'fast')).toMatchObject({ ok: false, error: { code: 'bad_input', message: /number/ } });
    expect(set('beta', 1)).toMatchObject({ ok: false, error: { code: 'bad_input', message: /lr, name/ } });
    expect(data(bed.external.ask(bed.run(id), { runId: id, action: 'checkpoint' }, 'ann')).status).toBe('running');
    bed.serve();
    expect(data(await bed.external.control(from, 0, 0))).toMatchObject({ values: { lr: 0.01 }, checkpoint: 1 });
    expect(bed.store.log(id).at(-2)).toMatchObject({
      event: 'set-requested',
      by: 'ann',
      details: { name: 'lr', value: 0.01 },
    });
  });

  it('[P8] what is set is told as requested until its program tells of that control, ends, or begins anew', async () => {
    const { id, from } = bed.open({ controls: { lr: 0.1, beta: 0.9, name: 'a' } });
    const set = (name: string, value: number | string) =>
      data(bed.external.ask(bed.run(id), { runId: id, action: 'set', name, value }, 'ann')).requestedControls;
    expect(set('lr', 0.01)).toEqual({ lr: 0.01 });
    expect(set('beta', 0.5)).toEqual({ lr: 0.01, beta: 0.5 });
    bed.serve();
    expect(bed.run(id)).toMatchObject({ controls: { lr: 0.1, beta: 0.9 }, requestedControls: { lr: 0.01, beta: 0.5 } });
    data(bed.external.describe(from, { summary: { best: 1 } }));
    // It took another value than was asked: an answer all the same.
    data(bed.external.describe(from, { controls: { lr: 0.05 } }));
    expect(bed.run(id)).toMatchObject({ controls: { lr: 0.05, beta: 0.9 }, requestedControls: { beta: 0.5 } });
    expect(set('beta', 0.9)).toBeUndefined();
    set('name', 'b');
    await told(bed.report(from, 0, 'completed'));
    expect(bed.run(id)).not.toHaveProperty('requestedControls');

    const second = bed.open({ controls: { lr: 0.1 } });
    data(bed.external.ask(bed.run(second.id), { runId: second.id, action: 'set', name: 'lr', value: 1 }, 'ann'));
    bed.open({ id: second.id, resume: 'must' });
    expect(bed.run(second.id)).not.toHaveProperty('requestedControls');
  });

  it('[P6] what a program obeys may change while it trains', () => {
    const { id, from } = bed.open({ accepts: ['pause'] });
    expect([bed.command(id, 'stop'), bed.command(id, 'pause')]).toEqual(['conflict', 'pausing']);
    data(bed.external.describe(from, { accepts: ['resume', 'stop'] }));
    expect([bed.command(id, 'resume'), bed.command(id, 'pause'), bed.command(id, 'stop')]).toEqual([
      'running',
      'conflict',
      'stopping',
    ]);
    expect(bed.store.run(id)?.accepts).toEqual(['resume', 'stop']);
  });

  it('[P6] what was asked of a program that obeys nothing any more is taken back', () => {
    const { id, from } = bed.open({ controls: { lr: 0.1 } });
    bed.command(id, 'pause');
    data(bed.external.ask(bed.run(id), { runId: id, action: 'set', name: 'lr', value: 1 }, 'ann'));
    data(bed.external.describe(from, { accepts: [] }));
    expect(bed.run(id)).not.toHaveProperty('requestedControls');
    expect([bed.command(id, 'resume'), bed.command(id, 'pause')]).toEqual(['running', 'conflict']);
  });

  it('[P6] documents are merged by their keys, up to a size', () => {
    const { id, from } = bed.open({ config: { a: 1, b: 2 } });
    data(bed.external.describe(from, { config: { b: 3, c: null }, summary: { best: 1 } }));
    expect(bed.run(id)).toMatchObject({ config: { a: 1, b: 3, c: null }, summary: { best: 1 } });
    const large = bed.external.describe(from, { config: { d: 'x'.repeat(65_536) } });
    expect(large).toMatchObject({ ok: false, error: { code: 'too_large' } });
    expect(bed.run(id).config).not.toHaveProperty('d');
  });
});
