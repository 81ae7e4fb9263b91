/** Full measurements as the page holds them: asked for once, kept up, and asked for again after a loss. */
import { describe, expect, it, vi } from 'vitest';
import { Measurements } from '../../../client/data/measurements.js';
import { fail, ok, type Result } from '../../../shared/errors.js';
import { whenChanged } from '../../../client/data/signals.js';
import type { Measurement } from '../../../shared/measurement.js';

const at = (epoch: number, cv = 0.2, sample: Measurement['sample'] = 'fixed'): Measurement => ({
  ...{ epoch, sample, values: { emb: { cv, valid: 300 } } },
});
const atOnce = (work: () => void): void => work();
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('full measurements', () => {
  it('are asked for once a run, and told when they are here', async () => {
    const read = vi.fn(() => Promise.resolve(ok([at(0)])));
    const measurements = new Measurements(read, atOnce, atOnce);
    const heard = vi.fn();
    whenChanged(() => measurements.of('a'), heard);
    expect([measurements.of('a'), measurements.of('a')]).toEqual([undefined, undefined]);
    await settled();
    expect(measurements.of('a')).toEqual([at(0)]);
    expect([read.mock.calls.length, heard.mock.calls.length]).toEqual([1, 1]);
  });

  it('take what is told of a followed run, a newer one of the same epoch and sample in place of the older', async () => {
    const measurements = new Measurements(() => Promise.resolve(ok([at(25), at(0)])), atOnce, atOnce);
    measurements.receive('a', at(50));
    measurements.of('a');
    await settled();
    expect(measurements.of('a')!.map(({ epoch }) => epoch)).toEqual([0, 25]);
    measurements.receive('a', at(25, 0.3));
    measurements.receive('a', at(50));
    measurements.receive('a', at(0, 0.1, 'script'));
    const held = measurements.of('a')!;
    expect(held.map(({ epoch, sample }) => `${epoch} ${sample}`)).toEqual([
      '0 fixed',
      '0 script',
      '25 fixed',
      '50 fixed',
    ]);
    expect(held[2]!.values.emb!.cv).toBe(0.3);
  });

  it('are nothing before all of a run are here, though one is told meanwhile', async () => {
    const read = vi.fn(() => Promise.resolve(ok([at(0)])));
    read.mockResolvedValueOnce(fail('internal', 'no'));
    const measurements = new Measurements(read, atOnce, atOnce);
    measurements.of('a');
    measurements.receive('a', at(25));
    expect(measurements.of('a')).toBeUndefined();
    await settled();
    expect(measurements.of('a')).toBeUndefined();
    measurements.receive('a', at(25));
    await settled();
    expect(measurements.of('a')!.map(({ epoch }) => epoch)).toEqual([0, 25]);
  });

  it('are asked for again by the next reader where they could not be had, and after a lost connection', async () => {
    const read = vi.fn(() => Promise.resolve(ok([at(0)])));
    read.mockResolvedValueOnce(fail('internal', 'no'));
    const measurements = new Measurements(read, atOnce, atOnce);
    measurements.of('a');
    await settled();
    expect(measurements.of('a')).toBeUndefined();
    await settled();
    expect(measurements.of('a')).toHaveLength(1);
    expect(read).toHaveBeenCalledTimes(2);
    read.mockResolvedValueOnce(ok([at(0), at(25)]));
    measurements.reconnected();
    await settled();
    expect(measurements.of('a')).toHaveLength(2);
  });

  it('are let go with their run, also while they are on their way', async () => {
    let answer!: () => void;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const read = vi.fn(() => answered.then(() => ok([at(0)])));
    const measurements = new Measurements(read, atOnce, atOnce);
    measurements.of('a');
    measurements.of('b');
    await settled();
    measurements.keep(new Set(['a']));
    answer();
    await settled();
    measurements.receive('b', at(25));
    measurements.reconnected();
    await settled();
    expect(read.mock.calls.map(([runId]: string[]) => runId)).toEqual(['a', 'b', 'a']);
    expect(measurements.of('a')).toEqual([at(0)]);
    expect(measurements.of('b')).toBeUndefined();
  });

  it('that arrived of a run before it was let go are no answer to who asks for it again', async () => {
    const told: (() => void)[] = [];
    const answers: Result<Measurement[]>[] = [ok([at(0)]), fail('internal', 'no'), ok([at(0), at(25)])];
    const read = (runId: string): Promise<Result<Measurement[]>> =>
      runId === 'b' ? new Promise(() => undefined) : Promise.resolve(answers.shift()!);
    const measurements = new Measurements(read, (tell) => told.push(tell), atOnce);
    measurements.of('b');
    measurements.of('a');
    await settled();
    measurements.keep(new Set(['b']));
    measurements.of('a');
    for (const tell of told) tell();
    await settled();
    expect(measurements.of('a')).toBeUndefined();
    await settled();
    for (const tell of told) tell();
    expect(measurements.of('a')).toEqual([at(0), at(25)]);
  });

  it('that are told while others are on their way stand over an older answer', async () => {
    const measurements = new Measurements(() => Promise.resolve(ok([at(25, 0.2)])), atOnce, atOnce);
    measurements.of('a');
    measurements.receive('a', at(25, 0.3));
    await settled();
    expect(measurements.of('a')).toEqual([at(25, 0.3)]);
  });

  it('wait until the page has nothing else to do, and are not asked for if they are let go of meanwhile', async () => {
    const idle: (() => void)[] = [];
    const read = vi.fn(() => Promise.resolve(ok([at(0)])));
    const measurements = new Measurements(read, atOnce, (work) => idle.push(work));
    measurements.of('a');
    measurements.of('b');
    await settled();
    expect(read).not.toHaveBeenCalled();
    measurements.keep(new Set(['b']));
    for (const work of idle) work();
    await settled();
    expect(read.mock.calls).toEqual([['b']]);
    expect(measurements.of('b')).toEqual([at(0)]);
  });

  it('that are asked for together are told together: once all are here, or after a while', async () => {
    const answers = new Map<string, (answer: Result<Measurement[]>) => void>();
    const due: (() => void)[] = [];
    const measurements = new Measurements(
      (runId) => new Promise((resolve) => answers.set(runId, resolve)),
      (work) => due.push(work),
      atOnce,
    );
    const heard = vi.fn();
    whenChanged(() => ['a', 'b', 'c'].map((id) => measurements.of(id)), heard);
    await settled();
    for (const runId of ['a', 'b']) answers.get(runId)!(ok([at(0)]));
    await settled();
    measurements.receive('b', at(25));
    expect([due.length, heard.mock.calls.length]).toEqual([1, 0]);
    due[0]!();
    expect(heard.mock.calls).toEqual([[[[at(0)], [at(0), at(25)], undefined]]]);
    measurements.receive('a', at(25));
    answers.get('c')!(ok([at(0)]));
    await settled();
    expect(heard.mock.calls.slice(1)).toEqual([[[[at(0), at(25)], [at(0), at(25)], [at(0)]]]]);
  });
});
