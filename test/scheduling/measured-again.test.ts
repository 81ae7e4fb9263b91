/** Completed runs that are measured again: told more where that can be had, and left as they are where it cannot. */
import { of, Subject } from 'rxjs';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Executor } from '../../server/execution/executor.js';
import type { TrainerEvent, TrainerJob } from '../../server/execution/trainer-process.js';
import { withNullsOf } from '../../server/scheduling/measuring.js';
import { createSweepService } from '../../server/service/create-sweep-service.js';
import type { SweepService } from '../../server/service/sweep-service.js';
import { createMemoryStore } from '../../server/store/memory-store.js';
import type { RunStore } from '../../server/store/run-store.js';
import type { Measurement, NullDeparture } from '../../shared/measurement.js';
import type { Run } from '../../shared/run.js';
import { testCheckpoints, until } from '../support/fixture-service.js';
import { testRun, testSweep } from '../support/test-run.js';

const chance = (cv: number): NullDeparture => ({ cv, sd: 0.1, departure: 1 });
const measurement = (values: Measurement['values']): Measurement => ({ epoch: 10, sample: 'fixed', values });
const KNOWN = measurement({ emb: { cv: 0.2, valid: 300, nulls: { gaussian: chance(0.1) } } });
const AGAIN = measurement({ emb: { cv: 0.2, valid: 300, nulls: { gaussian: chance(0.1), shuffled: chance(0.12) } } });
const CLAIMED: TrainerEvent = { type: 'claimed', engine: { name: 'cpu', version: '1', ops: 'kernels', threads: 1 } };

interface Scripted {
  service: SweepService;
  store: RunStore;
  jobs: TrainerJob[];
  /** What the trainer says. */
  events$: Subject<TrainerEvent>;
}

function started(run: Partial<Run> = {}, events$ = new Subject<TrainerEvent>()): Scripted {
  const store = createMemoryStore();
  const done = testRun('r', 's', { status: 'completed', step: 10, total: 10, engine: 'cpu', ...run });
  store.commit({ sweeps: [testSweep('s')], runs: [done] });
  store.commit({ measurements: [{ runId: 'r', measurement: KNOWN }] });
  const jobs: TrainerJob[] = [];
  const executor: Executor = {
    capacity$: of(1),
    warm: () => undefined,
    engine: () => null,
    close: () => Promise.resolve(),
    train: (job) => {
      jobs.push(job);
      return events$;
    },
  };
  const service = createSweepService({ store, checkpoints: testCheckpoints(), executor });
  onTestFinished(() => service.close());
  return { service, store, jobs, events$ };
}

const runOf = (service: SweepService): Run => service.runs.run('r')!;
const measure = (service: SweepService) => service.control({ runId: 'r', action: 'measure' }, 'ana');
const events = (service: SweepService) => service.histories.log('r').map(({ event }) => event);

describe('a completed run', () => {
  test('is told what it was not told before, and is otherwise as it was', async () => {
    const { service, store, jobs, events$ } = started();
    const before = runOf(service);
    expect(measure(service)).toMatchObject({ ok: true, data: { status: 'completed', measuring: true } });
    // What is under way succeeds and changes nothing.
    expect(measure(service)).toMatchObject({ ok: true, data: { measuring: true } });
    expect(jobs).toMatchObject([{ runId: 'r', measures: true, config: { nulls: ['gaussian', 'shuffled'] } }]);
    for (const event of [CLAIMED, { type: 'measured', measurement: AGAIN }] satisfies TrainerEvent[])
      events$.next(event);
    events$.next({ type: 'ended', status: 'completed' });
    await until(service, () => runOf(service).measuring === undefined);
    expect(runOf(service)).toEqual({ ...before, config: { ...before.config, nulls: ['gaussian', 'shuffled'] } });
    expect(store.measurements('r')).toEqual([AGAIN]);
    expect(events(service)).toEqual(['measure-requested', 'measured']);
    expect(measure(service)).toMatchObject({ ok: true, data: runOf(service) });
    expect(jobs).toHaveLength(1);
  });

  test.each<[string, TrainerEvent[]]>([
    ['trained with the kernels', [{ type: 'ended', status: 'refused', message: 'it was trained with the kernels a' }]],
    ['exit code 139', [CLAIMED, { type: 'ended', status: 'crashed', message: 'the trainer ended with exit code 139' }]],
    ['no checkpoint', [CLAIMED, { type: 'ended', status: 'failed', message: 'there is no checkpoint of its end' }]],
    [
      'came out different',
      [
        CLAIMED,
        { type: 'measured', measurement: measurement({ emb: { ...AGAIN.values.emb!, cv: 0.3 } }) },
        { type: 'ended', status: 'completed' },
      ],
    ],
  ])('stays as it is where it cannot be measured, and its log says why: %s', async (why, told) => {
    const { service, store, events$ } = started();
    const before = runOf(service);
    measure(service);
    for (const event of told) events$.next(event);
    await until(service, () => runOf(service).measuring === undefined);
    expect(runOf(service)).toEqual(before);
    expect(store.measurements('r')).toEqual([KNOWN]);
    expect(service.histories.log('r').at(-1)).toMatchObject({
      event: 'not-measured',
      cause: expect.stringContaining(why) as string,
    });
    // It may be asked again.
    expect(measure(service)).toMatchObject({ data: { measuring: true } });
  });

  test('stays as it is where no trainer can be had at all', async () => {
    const events$ = new Subject<TrainerEvent>();
    events$.error(new Error('no processes left'));
    const { service } = started({}, events$);
    measure(service);
    await until(service, () => events(service).includes('not-measured'));
    expect(runOf(service)).not.toHaveProperty('measuring');
  });

  test('is measured by the next server where the last one did not come to it', () => {
    const { jobs } = started({ measuring: true });
    expect(jobs).toMatchObject([{ runId: 'r', measures: true }]);
  });

  test('may be deleted meanwhile', () => {
    const { service, events$ } = started();
    measure(service);
    expect(service.deleteRun('r')).toMatchObject({ ok: true });
    events$.next({ type: 'measured', measurement: AGAIN });
    events$.next({ type: 'ended', status: 'completed' });
    expect(service.runs.run('r')).toBeUndefined();
  });
});

test.each([{ status: 'paused' }, { status: 'stopped' }, { source: 'external' }] satisfies Partial<Run>[])(
  'a run that is no completed one of this server is refused: %o',
  (fields) => {
    const { service, jobs } = started(fields);
    expect(measure(service)).toMatchObject({ ok: false, error: { code: 'conflict' } });
    expect([runOf(service).measuring, jobs]).toEqual([undefined, []]);
  },
);

describe('what is known', () => {
  test('takes the nulls that were not told before, and nothing else', () => {
    const valueless = { cv: null, valid: null, reason: 'fewer than 5 rows' };
    const metrics = { stable_rank: { value: 3 } };
    const known = measurement({ emb: { ...KNOWN.values.emb!, metrics }, Q_h0: valueless });
    const unknown = { cv: 0.3, valid: 300, nulls: { gaussian: chance(0.1) } };
    const again = measurement({ emb: AGAIN.values.emb!, Q_h0: valueless, unknown });
    expect(withNullsOf(known, again)).toEqual(measurement({ emb: { ...AGAIN.values.emb!, metrics }, Q_h0: valueless }));
  });

  test('stays as it is where the new one tells no more', () => {
    expect(withNullsOf(AGAIN, KNOWN)).toBeNull();
    expect(withNullsOf(measurement({ emb: { cv: 0.2, valid: 300 } }), KNOWN)).toEqual(KNOWN);
  });
});
