import { map, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import type { FrameBlock } from '../../shared/frames.js';
import type { Run } from '../../shared/run.js';
import { createMemoryStore } from '../../server/store/memory-store.js';
import type { RunStore } from '../../server/store/run-store.js';
import { RunRegistry } from '../../server/runs/run-registry.js';
import { RunStream, type Staged } from '../../server/runs/run-stream.js';
import type { Committed } from '../../server/runs/run-stream.js';
import { testBlock } from '../support/test-frames.js';
import { testRun, testSweep } from '../support/test-run.js';

/** A frame of one column that holds its seq. */
function frames(runId: string, fromSeq: number, rows = 1): FrameBlock {
  return testBlock(
    runId,
    fromSeq,
    rows,
    Float32Array.from({ length: rows }, (_, row) => fromSeq + row),
  );
}

/** `frames a0-2` · `measured a` · `running a 2, paused b 0`: as they are then · `removed a` */
function summaryOf(registry: RunRegistry, committed: Committed): string {
  switch (committed.type) {
    case 'frames':
      return `frames ${committed.blocks.map(({ runId, fromSeq, rows }) => `${runId}${fromSeq}-${fromSeq + rows - 1}`).join(', ')}`;
    case 'measured':
      return `measured ${committed.runId}`;
    case 'changed': {
      if (committed.removed) return `removed ${committed.removed.join()}`;
      const runs = committed.runs.map(({ id }) => registry.run(id)!);
      return runs.map(({ id, status, step }) => `${status} ${id} ${step}`).join(', ');
    }
  }
}

const measurements = (runId: string): Pick<Staged, 'measurements'> => ({
  measurements: [{ runId, measurement: { epoch: 0, sample: 'fixed', values: {} } }],
});

/** Two runs, a and b, that are running; every commit is noted with its virtual time. */
function setUp(options: { refuse?: () => boolean } = {}) {
  const memory = createMemoryStore();
  memory.commit({
    sweeps: [testSweep('s')],
    runs: ['a', 'b'].map((id) => testRun(id, 's', { status: 'running', step: -1 })),
  });
  const commits: string[] = [];
  const store: RunStore = Object.assign(Object.create(memory) as RunStore, {
    commit(commit: Parameters<RunStore['commit']>[0]): void {
      if (options.refuse?.()) throw new Error('the disk is full');
      memory.commit(commit);
      const parts = Object.entries(commit).filter(([, rows]) => (rows as unknown[]).length > 0);
      commits.push(parts.map(([name, rows]) => `${(rows as unknown[]).length} ${name}`).join(', '));
    },
    ...Object.fromEntries((['nextSeq'] as const).map((name) => [name, (id: string) => memory[name](id)])),
    frames: (...parameters: Parameters<RunStore['frames']>) => memory.frames(...parameters),
    measurement: (...parameters: Parameters<RunStore['measurement']>) => memory.measurement(...parameters),
    measurements: () => {
      throw new Error('of a run with many heads each is a megabyte, and one is asked for');
    },
  });
  const refused: unknown[] = [];
  const registry = new RunRegistry(memory);
  const stream = new RunStream({
    store,
    registry,
    refused: (error) => refused.push(error),
    accepted: () => refused.push('accepted'),
  });
  const run = (id: string, fields: Partial<Run>): Run => ({ ...memory.run(id)!, ...fields });
  const summary = (committed: Committed): string => summaryOf(registry, committed);
  return { memory, stream, commits, refused, run, summary };
}

/** Stages `staged` when the marbles say so, and expects what is published. */
function expectPublished(
  { stream, summary }: ReturnType<typeof setUp>,
  marbles: string,
  staged: Record<string, () => void>,
  expected: string,
  published: Record<string, string>,
): void {
  new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted)).run(({ hot, expectObservable }) => {
    hot(marbles).subscribe((mark) => staged[mark]!());
    const summaries$: Observable<string> = stream.committed$.pipe(map(summary));
    expectObservable(summaries$).toBe(expected, published);
  });
}

describe('a tick', () => {
  test('news of all runs within a tick is one commit, published after it: frames, measurements, then progress', () => {
    const set = setUp();
    const { stream, run } = set;
    expectPublished(
      set,
      'a b c',
      {
        a: () => stream.stage({ run: run('a', { step: 0 }), frames: [frames('a', 0)], ...measurements('a') }),
        b: () => stream.stage({ run: run('b', { step: 1 }), frames: [frames('b', 0, 2)] }),
        c: () => stream.stage({ run: run('a', { step: 2 }), frames: [frames('a', 1, 2)] }),
      },
      '50ms (fmp)',
      { f: 'frames a0-2, b0-1', m: 'measured a', p: 'running a 2, running b 1' },
    );
    expect(set.commits).toEqual(['3 frames, 1 measurements, 2 runs']);
  });

  test('a change of status ends the tick at once, and follows every frame that came before it', () => {
    const set = setUp();
    const { stream, run } = set;
    expectPublished(
      set,
      'a b',
      {
        a: () => stream.stage({ run: run('a', { step: 5 }), frames: [frames('a', 0, 6)] }),
        b: () => stream.stage({ run: run('a', { step: 5, status: 'completed' }) }),
      },
      '-(fs)',
      { f: 'frames a0-5', s: 'completed a 5' },
    );
    expect(set.memory.run('a')).toMatchObject({ status: 'completed', step: 5 });
  });

  test('progress is published at most once a second, the last of it too', () => {
    const set = setUp();
    const { stream, run } = set;
    let epoch = 0;
    const step = (): void => {
      stream.stage({ run: run('a', { step: epoch }), frames: [frames('a', epoch)] });
      epoch += 1;
    };
    expectPublished(set, 'a 99ms a 99ms a', { a: step }, '50ms (fp) 96ms g 99ms h 799ms q', {
      f: 'frames a0-0',
      p: 'running a 0',
      g: 'frames a1-1',
      h: 'frames a2-2',
      q: 'running a 2',
    });
  });

  test('a status that was published takes its earlier progress along', () => {
    const set = setUp();
    const { stream, run } = set;
    expectPublished(
      set,
      'a 99ms b 99ms c',
      {
        a: () => stream.stage({ run: run('a', { step: 0 }), frames: [frames('a', 0)] }),
        b: () => stream.stage({ run: run('a', { step: 1 }), frames: [frames('a', 1)] }),
        c: () => stream.stage({ run: run('a', { step: 1, status: 'paused' }) }),
      },
      '50ms (fp) 96ms g 49ms s',
      { f: 'frames a0-0', p: 'running a 0', g: 'frames a1-1', s: 'paused a 1' },
    );
  });

  test('what the store refuses is kept, and committed and published when it can be', () => {
    let isFull = true;
    const set = setUp({ refuse: () => isFull });
    const { stream, run } = set;
    expectPublished(
      set,
      'a 99ms b 99ms c',
      {
        a: () => stream.stage({ run: run('a', { step: 0 }), frames: [frames('a', 0)] }),
        b: () => stream.stage({ run: run('a', { step: 1 }), frames: [frames('a', 1)] }),
        c: () => (isFull = false),
      },
      '1050ms (fp)',
      { f: 'frames a0-1', p: 'running a 1' },
    );
    expect(set.refused).toEqual([new Error('the disk is full'), 'accepted']);
  });

  test('what was refused is published before it is told that the store accepts again', () => {
    let isFull = true;
    const set = setUp({ refuse: () => isFull });
    const { stream, run, refused, summary } = set;
    stream.committed$.subscribe((committed) => refused.push(summary(committed)));
    stream.stage({ frames: [frames('a', 0)] });
    stream.stage({ run: run('a', { status: 'paused' }) });
    isFull = false;
    stream.flush();
    expect(refused).toEqual([new Error('the disk is full'), 'frames a0-0', 'paused a -1', 'accepted']);
  });

  test('a command that was refused leaves nothing to try again: whether the store accepts is tried by itself', () => {
    let isFull = true;
    const set = setUp({ refuse: () => isFull });
    const { stream, run, refused } = set;
    expectPublished(
      set,
      'a 1999ms b',
      {
        a: () => expect(() => stream.commitNow({ runs: [run('a', { status: 'pausing' })] })).toThrow('full'),
        b: () => (isFull = false),
      },
      '-',
      {},
    );
    expect(refused).toEqual([new Error('the disk is full'), new Error('the disk is full'), 'accepted']);
    expect(set.memory.run('a')?.status).toBe('running');
    stream.close();
  });
});

describe('a command', () => {
  test('is committed after what was staged before it, and published after that', () => {
    const set = setUp();
    const { stream, run, summary } = set;
    const published: string[] = [];
    stream.committed$.subscribe((committed) => published.push(summary(committed)));
    stream.stage({ run: run('a', { step: 0 }), frames: [frames('a', 0)] });
    stream.commitNow({ runs: [run('b', { status: 'pausing' })] });
    expect(published).toEqual(['frames a0-0', 'running a 0', 'pausing b -1']);
    expect(set.commits).toEqual(['1 frames, 1 runs', '1 runs']);
  });

  test('that the store refuses throws and publishes nothing', () => {
    const set = setUp({ refuse: () => true });
    const published: string[] = [];
    set.stream.committed$.subscribe((committed) => published.push(set.summary(committed)));
    expect(() => set.stream.commitNow({ runs: [set.run('b', { status: 'pausing' })] })).toThrow('the disk is full');
    expect(published).toEqual([]);
    expect(set.stream.run('b')?.status).toBe('running');
  });

  test('given by a listener does not overtake the news that it answers', () => {
    const set = setUp();
    const { stream, run, summary } = set;
    const published: string[] = [];
    stream.committed$.subscribe((committed) => {
      if (committed.type === 'frames') stream.commitNow({ runs: [run('b', { status: 'pausing' })] });
    });
    stream.committed$.subscribe((committed) => published.push(summary(committed)));
    stream.stage({ frames: [frames('a', 0)], ...measurements('a') });
    stream.flush();
    expect(published).toEqual(['frames a0-0', 'measured a', 'pausing b -1']);
  });
});

describe('rows that are known', () => {
  test('only those with a new seq are taken, staged ones counted; a gap is an error', () => {
    const { stream } = setUp();
    stream.stage({ frames: [frames('a', 0, 3)] });
    expect(stream.newPart(frames('a', 0, 3))).toBeNull();
    expect(stream.newPart(frames('a', 1, 4))).toEqual(frames('a', 3, 2));
    expect(() => stream.newPart(frames('a', 4))).toThrow('frame 4 came where 3 was expected');
    expect(stream.newPart(frames('b', 0))).toEqual(frames('b', 0));
  });

  test('those that are kept can be looked up, stored or staged, across the seam of both', () => {
    const { stream } = setUp();
    stream.stage({ frames: [frames('a', 0, 3)] });
    stream.flush();
    stream.stage({ frames: [frames('a', 3), frames('b', 0), frames('a', 4, 2)], ...measurements('a') });
    expect(stream.frames('a', 1, 2)).toEqual(frames('a', 1, 2));
    expect(stream.frames('a', 1, 4)).toEqual(frames('a', 1, 4));
    expect(stream.frames('a', 4, 9)).toEqual(frames('a', 4, 2));
    expect(stream.frames('b', 0, 1)).toEqual(frames('b', 0));
    expect(stream.measurement('a', { epoch: 0, sample: 'fixed' })).toMatchObject({ epoch: 0 });
    expect(stream.measurement('a', { epoch: 0, sample: 'script' })).toBeUndefined();
    expect(stream.measurement('b', { epoch: 0, sample: 'fixed' })).toBeUndefined();
    stream.flush();
    expect(stream.measurement('a', { epoch: 0, sample: 'fixed' })).toMatchObject({ epoch: 0 });
    stream.close();
  });
});

test('closing commits what is staged, publishes it and completes', () => {
  const set = setUp();
  const published: string[] = [];
  set.stream.committed$.subscribe({
    next: (committed) => published.push(set.summary(committed)),
    complete: () => published.push('complete'),
  });
  set.stream.stage({ frames: [frames('a', 0, 2)] });
  set.stream.close();
  expect(published).toEqual(['frames a0-1', 'complete']);
  expect(set.memory.nextSeq('a')).toBe(2);
});
