/** Snapshot, then deltas: no gap, no duplicate, whatever the network does in between. */
import { describe, expect, it, vi } from 'vitest';
import type { Result } from '../../../shared/errors.js';
import type { FramesMessage, FramesText, SubscribeAnswer } from '../../../shared/protocol.js';
import { RunSource, Trajectories } from '../../../client/data/trajectories.js';
import { framesText } from '../../support/test-frames.js';

const COLUMNS = ['seconds', 'loss', 'accuracy'];

/** Every value of a row is its seq, as is its step. */
function text(fromSeq: number, rows: number, columns = COLUMNS.length): FramesText {
  const seqs = Array.from({ length: rows }, (_, row) => fromSeq + row);
  return framesText(fromSeq, seqs, new Float32Array(seqs.flatMap((seq) => Array<number>(columns).fill(seq))));
}

function block(fromSeq: number, rows: number, runId = 'r'): FramesMessage {
  return { runId, ...text(fromSeq, rows) };
}

function answer(fromSeq: number, rows: number, more?: true): Result<SubscribeAnswer> {
  return { ok: true, data: { columns: COLUMNS, dtype: 'f32', ...text(fromSeq, rows), ...(more && { more }) } };
}

function setUp() {
  const asked: { after: number; done: (answer: Result<SubscribeAnswer>) => void }[] = [];
  const changed = vi.fn();
  const failed = vi.fn();
  const source = new RunSource((after, done) => asked.push({ after, done }), changed, failed);
  const held = (): number[] =>
    Array.from({ length: source.columns?.rows ?? 0 }, (_, row) => source.columns!.at('loss', row));
  return { source, asked, changed, failed, held };
}

const upTo = (rows: number): number[] => Array.from({ length: rows }, (_, seq) => seq);

describe('run source', () => {
  it('takes the snapshot, then every live frame', () => {
    const { source, asked, held } = setUp();
    source.refetch();
    expect(asked[0]?.after).toBe(-1);
    asked[0]?.done(answer(0, 3));
    source.receive(block(3, 1));
    source.receive(block(4, 2));
    expect(held()).toEqual(upTo(6));
  });

  it('asks again from the last seq held while there is more', () => {
    const { source, asked, held } = setUp();
    source.refetch();
    asked[0]?.done(answer(0, 5, true));
    expect(asked[1]?.after).toBe(4);
    asked[1]?.done(answer(5, 5, true));
    expect(asked[2]?.after).toBe(9);
    asked[2]?.done(answer(10, 1));
    expect(asked).toHaveLength(3);
    expect(held()).toEqual(upTo(11));
  });

  it('drops what it holds and takes the rest of an overlapping block', () => {
    const { source, asked, held, changed } = setUp();
    source.refetch();
    asked[0]?.done(answer(0, 6));
    source.receive(block(2, 3));
    expect(changed).toHaveBeenCalledTimes(1);
    source.receive(block(4, 4));
    expect(changed).toHaveBeenCalledTimes(2);
    expect(held()).toEqual(upTo(8));
  });

  it('takes columns that come in mid-run, and doubles at steps of their own', () => {
    const { source, asked, changed } = setUp();
    source.refetch();
    const first = framesText(0, [100], new Float64Array([1, 0.1]));
    asked[0]?.done({ ok: true, data: { columns: ['seconds', 'loss'], dtype: 'f64', ...first } });
    const columns = ['seconds', 'loss', 'late'];
    source.receive({ runId: 'r', columns, ...framesText(1, [200], new Float64Array([2, 0.2, 0.7])) });
    source.receive({ runId: 'r', ...framesText(2, [300], new Float64Array([3, 0.3, NaN])) });
    expect(changed).toHaveBeenCalledTimes(3);
    expect(source.columns!.names).toEqual(columns);
    expect([100, 200, 300].map((step) => source.columns!.at('loss', step))).toEqual([0.1, 0.2, 0.3]);
    expect([100, 200, 300].map((step) => source.columns!.at('late', step))).toEqual([NaN, 0.7, NaN]);
  });

  it('answers a gap with one refetch, not one per block', () => {
    const { source, asked, held } = setUp();
    source.refetch();
    asked[0]?.done(answer(0, 2));
    source.receive(block(5, 1));
    source.receive(block(6, 1));
    expect(asked).toHaveLength(2);
    expect(asked[1]?.after).toBe(1);
    asked[1]?.done(answer(2, 5));
    source.receive(block(7, 1));
    expect(held()).toEqual(upTo(8));
  });

  it('ignores the answer of a connection that is gone', () => {
    const { source, asked, held } = setUp();
    source.refetch();
    source.disconnected();
    source.refetch();
    asked[0]?.done(answer(0, 2));
    expect(held()).toEqual([]);
    asked[1]?.done(answer(0, 4));
    expect(held()).toEqual(upTo(4));
  });

  it('goes on from the last seq held after a reconnection', () => {
    const { source, asked, held } = setUp();
    source.refetch();
    asked[0]?.done(answer(0, 4));
    source.disconnected();
    source.refetch();
    expect(asked[1]?.after).toBe(3);
    asked[1]?.done(answer(4, 3));
    expect(held()).toEqual(upTo(7));
  });

  it('reports a refusal and can be asked again', () => {
    const { source, asked, failed, held } = setUp();
    source.refetch();
    asked[0]?.done({ ok: false, error: { code: 'unavailable', message: 'closing' } });
    expect(failed).toHaveBeenCalledWith({ code: 'unavailable', message: 'closing' });
    source.refetch();
    asked[1]?.done(answer(0, 1));
    expect(held()).toEqual([0]);
  });
});

describe('trajectories', () => {
  it('follow exactly the runs they are told, and let the others go', () => {
    const subscribed: string[] = [];
    const unsubscribe = vi.fn();
    const trajectories = new Trajectories({
      subscribe: (runId) => (_after, done) => {
        subscribed.push(runId);
        done(answer(0, 1));
      },
      unsubscribe,
    });
    const told = vi.fn();
    trajectories.follow(['a', 'b']);
    trajectories.onFrames(told);
    trajectories.follow(['b', 'c']);
    expect(subscribed).toEqual(['a', 'b', 'c']);
    expect(unsubscribe.mock.calls).toEqual([['a']]);
    expect(trajectories.columns('a')).toBeUndefined();
    trajectories.receive([block(1, 1, 'a'), block(1, 1, 'b')]);
    expect(told.mock.calls).toEqual([['c'], ['b']]);
    expect(trajectories.columns('b')?.rows).toBe(2);
  });
});
