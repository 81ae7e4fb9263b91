import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../../server/experiments/attention-cv/engine/backend.js';
import { engineModel } from '../../../server/experiments/attention-cv/engine-model.js';
import { Trainer, type TrainedEpoch } from '../../../server/experiments/attention-cv/trainer.js';
import { LOCAL_COLUMNS } from '../../../shared/run.js';
import { seriesNames } from '../../../shared/experiments/attention-cv/series.js';
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import { sha256 } from '../../support/golden.js';

const config: RunConfig = {
  dim: 30,
  heads: 3,
  headDim: 10,
  seed: 7,
  lr: 1e-2,
  epochs: 9,
  vocab: 50,
  seqLen: 5,
  classes: 6,
  samplesPerClass: 7,
  every: 1,
  samples: 300,
  sampleSeed: 0,
};

/** Everything of a frame but the seconds, as bits. */
function bits(frame: TrainedEpoch): string {
  const values = frame.values.slice();
  values[LOCAL_COLUMNS.indexOf('seconds')] = 0;
  return sha256(values) + JSON.stringify(frame.measurements);
}

const cvs = (frame: TrainedEpoch): Float32Array => frame.values.subarray(LOCAL_COLUMNS.length);

const [wasm, cpu, tensor] = await Promise.all([engineModel('wasm'), engineModel('cpu'), engineModel('wasm/tensor')]);

describe('Trainer', () => {
  beforeAll(async () => {
    await openEngine('wasm', 'tensor');
  });

  it('ends bit for bit the same when it is resumed from its state after any epoch', () => {
    const whole = new Trainer(config, wasm);
    const expected = [...whole.epochs()].map(bits);
    const final = whole.state();
    for (let cut = 0; cut <= config.epochs; cut++) {
      const first = new Trainer(config, wasm);
      const seen: string[] = [];
      for (const frame of first.epochs()) {
        seen.push(bits(frame));
        if (frame.epoch === cut) break;
      }
      const second = new Trainer(config, wasm, first.state());
      for (const frame of second.epochs()) seen.push(bits(frame));
      expect(seen).toEqual(expected);
      const { seconds: _seconds, ...state } = second.state();
      expect(state).toEqual({ ...final, seconds: undefined });
    }
  });

  it('trains on past its first total when it is extended', () => {
    const short = new Trainer({ ...config, epochs: 4 }, wasm);
    const head = [...short.epochs()];
    const rest = [...new Trainer(config, wasm, short.state()).epochs()];
    const whole = [...new Trainer(config, wasm).epochs()];
    const losses = (frames: TrainedEpoch[]): number[] => frames.map((frame) => frame.values[2]!);
    expect(losses([...head, ...rest])).toEqual(losses(whole));
    expect(cvs(rest.at(-1)!)).toEqual(cvs(whole.at(-1)!));
  });

  it('measures every Nth epoch, the first, middle and last always, without changing the training', () => {
    const sparse = [...new Trainer({ ...config, every: 3 }, wasm).epochs()];
    const dense = [...new Trainer(config, wasm).epochs()];
    sparse.forEach((frame, epoch) => {
      const measured = [0, 3, 4, 6, 9].includes(epoch);
      expect(frame.values.subarray(1, 3)).toEqual(dense[epoch]!.values.subarray(1, 3));
      if (measured) expect(cvs(frame)).toEqual(cvs(dense[epoch]!));
      else expect([...cvs(frame)].every(Number.isNaN)).toBe(true);
      expect(frame.measurements).toEqual(dense[epoch]!.measurements);
    });
  });

  it('measures once with no epochs, and at the first and last with one', () => {
    const none = [...new Trainer({ ...config, epochs: 0 }, wasm).epochs()];
    expect(none.map((frame) => frame.measurements.length)).toEqual([2]);
    const one = [...new Trainer({ ...config, epochs: 1 }, wasm).epochs()];
    expect(one.map((frame) => frame.measurements.length)).toEqual([2, 2]);
  });

  it('says in which epoch the loss stopped being finite', () => {
    const trainer = new Trainer({ ...config, lr: 10, epochs: 60, every: 60 }, wasm);
    // Weights near the top of float32 overflow in the first product.
    const state = trainer.state();
    state.parameters.fill(1e30);
    const frames = [
      ...new Trainer({ ...config, lr: 10, epochs: 60, every: 60 }, wasm, { ...state, epoch: 0 }).epochs(),
    ];
    expect(frames[0]).toMatchObject({ epoch: 1, finite: false });
  });

  it.each([
    ['kernels', wasm],
    ['tensors', tensor],
  ])('gives signs of life within an epoch (%s)', (_ops, model) => {
    let beats = 0;
    const samplesPerClass = 200;
    const trainer = new Trainer({ ...config, samplesPerClass }, model, null, { beat: () => (beats += 1) });
    trainer.epochs().next();
    expect(beats).toBeGreaterThanOrEqual(model === wasm ? 2 : 1);
    trainer.dispose();
  });

  it('refuses the state of another config, another engine or other kernels; takes one that does not name them', () => {
    const state = new Trainer(config, wasm).state();
    expect(state.kernels).toMatch(/^[0-9a-f]{12}(-unfused)?$/);
    const foreign = { ...state, kernels: 'aaa' };
    expect(() => new Trainer(config, wasm, foreign)).toThrow(
      `made on the engine wasm, kernels aaa, this is wasm, kernels ${state.kernels}`,
    );
    expect(new Trainer(config, wasm, foreign, { allowEngineChange: true }).state()).toEqual(state);
    const { kernels: _kernels, ...old } = state;
    expect(new Trainer(config, wasm, old).state()).toEqual(state);
    expect(() => new Trainer({ ...config, seed: 8 }, wasm, state)).toThrow('another config');
    expect(() => new Trainer(config, cpu, state)).toThrow(/made on the engine wasm, .* this is cpu, /);
    const changed = new Trainer(config, cpu, state, { allowEngineChange: true });
    expect(changed.state()).toEqual({ ...state, engine: 'cpu' });
    expect(() => new Trainer(config, tensor, state)).toThrow(/made on the engine wasm, .* this is wasm.tensor, /);
    const onOtherConfig = () => new Trainer({ ...config, seed: 8 }, cpu, state, { allowEngineChange: true });
    expect(onOtherConfig).toThrow('another config');
  });

  it.each<Partial<RunConfig>>([
    { dim: 1, heads: 1, headDim: 1 },
    { dim: 5, heads: 5, headDim: 1, seqLen: 1 },
    { dim: 5, heads: 1, headDim: 5, seqLen: 1 },
    { vocab: 1 },
    { classes: 1, samplesPerClass: 1 },
    { seqLen: 512, samplesPerClass: 1 },
    { seed: -1 },
    { seed: Number.MIN_SAFE_INTEGER },
    { seed: Number.MAX_SAFE_INTEGER, sampleSeed: -7, samples: 10 },
  ])('trains at the edges of what is allowed: %o', (change) => {
    const edge = { ...config, epochs: 2, ...change };
    const trainer = new Trainer(edge, wasm);
    const frames = [...trainer.epochs()];
    expect(frames.map((frame) => frame.epoch)).toEqual([0, 1, 2]);
    expect(trainer.state().epoch).toBe(2);
    expect(frames.every((frame) => frame.finite)).toBe(true);
    expect(cvs(frames[0]!)).toHaveLength(seriesNames(edge.heads).length);
  });
});
