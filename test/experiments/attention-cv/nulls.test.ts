import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { engineModel } from '../../../server/experiments/attention-cv/engine-model.js';
import { NormalStream } from '../../../server/experiments/attention-cv/normal-stream.js';
import { NullCache } from '../../../server/experiments/attention-cv/null-cache.js';
import { gaussianNulls, shuffledNull } from '../../../server/experiments/attention-cv/nulls.js';
import { sampledShape } from '../../../server/experiments/attention-cv/sampled-shape.js';
import { Trainer, type TrainedEpoch } from '../../../server/experiments/attention-cv/trainer.js';
import { type MeasuredValue, NULL_NAMES } from '../../../shared/measurement.js';
import { testConfig } from '../../support/test-config.js';

const sample = { samples: 300, sampleSeed: 0 };
const folder = mkdtempSync(join(tmpdir(), 'pentachoron-nulls-'));
afterAll(() => rmSync(folder, { recursive: true }));

function normals(count: number, seed: number): Float32Array {
  const values = new Float32Array(count);
  new NormalStream(seed).fill(values);
  return values;
}

function matrix(rows: number, columns: number, seed = 1): ReturnType<typeof sampledShape> {
  return sampledShape(normals(rows * columns, seed), columns, rows, columns);
}

describe('NormalStream', () => {
  it('is distributed as the normal law is, in its middle and its tails', () => {
    const count = 2_000_000;
    const sorted = normals(count, 5).sort();
    // The law's quantiles; an order statistic strays by √(p(1 − p)/n) over the density there.
    const quantiles = { 1e-5: -4.264891, 1e-4: -3.719016, 0.01: -2.326348, 0.2: -0.841621, 0.5: 0, 0.9: 1.281552 };
    for (const [share, quantile] of Object.entries(quantiles)) {
      const p = Number(share);
      const density = Math.exp(-0.5 * quantile ** 2) / Math.sqrt(2 * Math.PI);
      const error = Math.sqrt((p * (1 - p)) / count) / density;
      expect(Math.abs(sorted[Math.floor(p * count)]! - quantile), share).toBeLessThan(4 * error);
      expect(Math.abs(sorted[Math.floor((1 - p) * count)]! + quantile), `1 − ${share}`).toBeLessThan(4 * error);
    }
    const mean = (power: number): number => sorted.reduce((sum, value) => sum + value ** power, 0) / count;
    expect(mean(1)).toBeCloseTo(0, 2);
    expect(mean(2)).toBeCloseTo(1, 2);
    expect(mean(4)).toBeCloseTo(3, 1);
  });

  it('begins again from its seed, and its numbers have nothing to do with those of another', () => {
    expect(normals(1000, 3)).toEqual(normals(1000, 3));
    const [one, other] = [normals(100_000, 3), normals(100_000, 4)];
    const correlation = one.reduce((sum, value, i) => sum + value * other[i]!, 0) / one.length;
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(one.length));
  });
});

describe('the Gaussian null', () => {
  // Of EXPERIMENT.md, "What chance gives": simulated apart from this program.
  const simulated: [rows: number, columns: number, cv: number, sd: number][] = [
    [512, 8, 0.601, 0.04],
    [512, 16, 0.382, 0.019],
    [512, 32, 0.259, 0.014],
    [256, 64, 0.179, 0.009],
    [256, 128, 0.126, 0.007],
    [10, 64, 0.128, 0.029],
    [10, 128, 0.093, 0.02],
    [8, 8, 0.415, 0.104],
    [16, 16, 0.331, 0.052],
    [64, 64, 0.172, 0.015],
  ];

  it('is what simulations of the same shapes give', () => {
    const shapes = simulated.map(([rows, columns]) => matrix(rows, columns));
    const nulls = gaussianNulls(shapes, sample, null);
    for (const [i, [rows, columns, cv, sd]] of simulated.entries()) {
      const found = nulls.get(shapes[i]!.key)!;
      // Both are of some two hundred clouds: their means stray by sd/√200 each, their spreads by a twentieth.
      expect(Math.abs(found.cv - cv), `${rows} × ${columns}`).toBeLessThan(4 * sd * Math.sqrt(2 / 200) + 0.0005);
      expect(found.sd / sd, `${rows} × ${columns}`).toBeGreaterThan(0.75);
      expect(found.sd / sd, `${rows} × ${columns}`).toBeLessThan(1.3);
    }
  });

  it('is the same whichever shapes are asked for with it', () => {
    const [small, large] = [matrix(20, 16), matrix(60, 16)];
    const together = gaussianNulls([small, large], sample, null);
    expect(gaussianNulls([small], sample, null).get(small.key)).toEqual(together.get(small.key));
    expect(gaussianNulls([large], sample, null).get(large.key)).toEqual(together.get(large.key));
  });

  it('repeats the rows that the matrix repeats: index sets that meet one twice are not valid there either', () => {
    const columns = 8;
    const values = normals(40 * columns, 1);
    for (let row = 20; row < 40; row++) values.copyWithin(row * columns, (row - 20) * columns, (row - 19) * columns);
    const shape = sampledShape(values, columns, 40, columns);
    expect(shape.distinct).toBe(20);
    expect([...shape.contents!.subarray(18, 22)]).toEqual([18, 19, 0, 1]);
    const [repeated, plain] = [shape, matrix(40, columns)].map((one) =>
      gaussianNulls([one], sample, null).get(one.key)!,
    );
    // Twenty rows in place of forty, and fewer valid sets: the CV strays more from cloud to cloud.
    expect(repeated!.sd).toBeGreaterThan(plain!.sd);
  });

  it('is none where such clouds have no CV', () => {
    const shape = matrix(20, 3);
    expect(gaussianNulls([shape], sample, null).get(shape.key)).toBeNull();
  });

  it('is worked out once for each shape and sample, and again where its file is damaged', () => {
    const cache = new NullCache(join(folder, 'kept'));
    const [shape, valueless] = [matrix(12, 8), matrix(12, 3)];
    const first = gaussianNulls([shape, valueless], sample, cache);
    expect(gaussianNulls([shape, valueless], sample, cache)).toEqual(first);
    const files = readdirSync(join(folder, 'kept', 'gaussian-nulls-1'));
    expect(files.sort()).toEqual(['12x3-300-seed0.json', '12x8-300-seed0.json']);
    // What is read is what is kept, and not worked out once more.
    cache.write(shape, sample, { cv: 2, sd: 1 });
    expect(gaussianNulls([shape], sample, cache).get(shape.key)).toEqual({ cv: 2, sd: 1 });
    expect(cache.read(shape, { samples: 300, sampleSeed: 1 })).toBeUndefined();
    for (const damaged of ['', '{"cv":1', '{"cv":"1","sd":0}', '{"cv":1,"sd":-1}']) {
      writeFileSync(join(folder, 'kept', 'gaussian-nulls-1', '12x8-300-seed0.json'), damaged);
      expect(gaussianNulls([shape], sample, cache).get(shape.key)).toEqual(first.get(shape.key));
    }
  });

  it('is given up where a folder cannot be made', () => {
    const shape = matrix(12, 8);
    // There Node's recursive making of folders never ends.
    expect(gaussianNulls([shape], sample, new NullCache('/proc/pentachoron'))).toEqual(
      gaussianNulls([shape], sample, null),
    );
  });

  it('needs no folder that can be written', () => {
    mkdirSync(join(folder, 'file'));
    writeFileSync(join(folder, 'file', 'gaussian-nulls-1'), '');
    const shape = matrix(12, 8);
    const found = gaussianNulls([shape], sample, new NullCache(join(folder, 'file')));
    expect(found).toEqual(gaussianNulls([shape], sample, null));
  });
});

describe('the shuffled null', () => {
  it('tells the distribution of the entries apart from structure: uniform ones lie below Gaussian ones', () => {
    // Of EXPERIMENT.md: 64 × 64 uniform entries give 0.128 ± 0.009 where Gaussian ones give 0.172.
    const flat = Float32Array.from({ length: 64 * 64 }, (_, i) => (((i * 2654435761) >>> 0) / 2 ** 32) * 2 - 1);
    const found = shuffledNull(flat, 64, sampledShape(flat, 64, 64, 64), sample)!;
    expect(Math.abs(found.cv - 0.128)).toBeLessThan(0.005);
    expect(found.sd).toBeGreaterThan(0.006);
    expect(found.sd).toBeLessThan(0.013);
  });

  it('keeps the repeated rows repeated and the padding out', () => {
    const [rows, columns, stride] = [30, 6, 8];
    const padded = new Float32Array(rows * stride).fill(1e6);
    const entries = normals(rows * columns, 2);
    for (let row = 0; row < rows; row++)
      padded.set(entries.subarray((row % 25) * columns, ((row % 25) + 1) * columns), row * stride);
    const packed = Float32Array.from({ length: rows * columns }, (_, i) => {
      return padded[Math.floor(i / columns) * stride + (i % columns)]!;
    });
    const [wide, narrow] = [sampledShape(padded, stride, rows, columns), sampledShape(packed, columns, rows, columns)];
    expect(wide).toEqual(narrow);
    expect(wide.distinct).toBe(25);
    expect(shuffledNull(padded, stride, wide, sample)).toEqual(shuffledNull(packed, columns, narrow, sample));
  });
});

describe('a run', () => {
  const config = testConfig({ dim: 16, heads: 2, headDim: 8, epochs: 2, samples: 50 });
  const fixed = (frames: TrainedEpoch[]): Record<string, MeasuredValue>[] =>
    frames
      .flatMap(({ measurements }) => measurements.filter(({ sample: kind }) => kind === 'fixed'))
      .map((m) => m.values);

  it('tells beside every CV what chance gives, and nothing where there is none', async () => {
    const wasm = await engineModel('wasm');
    const measured = fixed([...new Trainer(config, wasm).epochs()]);
    expect(measured).toHaveLength(3);
    for (const values of measured) {
      for (const [series, { cv, nulls }] of Object.entries(values)) {
        if (cv === null) {
          expect(nulls, series).toBeUndefined();
          continue;
        }
        const { gaussian, shuffled } = nulls!;
        expect(gaussian!.departure, series).toBeCloseTo((cv - gaussian!.cv) / gaussian!.sd, 12);
        expect(shuffled, series).toBeUndefined();
      }
      // As many rows and columns: one and the same.
      expect(values['Q_full']!.nulls!.gaussian!.cv).toBe(values['out_proj']!.nulls!.gaussian!.cv);
    }
  });

  it('has the same nulls where it is resumed, also once rows that differed have become equal', async () => {
    const wasm = await engineModel('wasm');
    const saturated = { vocab: 3, classes: 4, samplesPerClass: 40, every: 1000, samples: 300, lr: 1, epochs: 40 };
    const asked = testConfig({ ...saturated, dim: 16, heads: 2, headDim: 8 });
    const straight = fixed([...new Trainer(asked, wasm).epochs()]);
    expect(straight.at(-1)!['act_post_full']!.valid).toBeLessThan(straight[0]!['act_post_full']!.valid!);
    const first = new Trainer(asked, wasm);
    for (const { epoch } of first.epochs()) if (epoch === 21) break;
    const resumed = fixed([...new Trainer(asked, wasm, first.state()).epochs()]);
    expect(resumed.at(-1)).toEqual(straight.at(-1));
  });

  it('tells shuffled nulls where they are asked for, and trains the same frames', async () => {
    const wasm = await engineModel('wasm');
    const plain = [...new Trainer(config, wasm).epochs()];
    const asked = [...new Trainer({ ...config, nulls: ['gaussian', 'shuffled'] }, wasm).epochs()];
    const values = (frames: TrainedEpoch[]): Float32Array[] => frames.map((frame) => frame.values.slice(1));
    expect(values(asked).map((row) => row.slice(2))).toEqual(values(plain).map((row) => row.slice(2)));
    for (const [i, after] of fixed(asked).entries()) {
      expect(after['emb']!.nulls!.shuffled!.sd).toBeGreaterThan(0);
      expect(after['emb']!.nulls!.gaussian).toEqual(fixed(plain)[i]!['emb']!.nulls!.gaussian);
    }
    // The state of one goes on under the other.
    const first = new Trainer(config, wasm);
    for (const { epoch } of first.epochs()) if (epoch === 1) break;
    const second = new Trainer({ ...config, nulls: ['gaussian', 'shuffled'] }, wasm, first.state());
    expect([...second.epochs()].map(({ epoch }) => epoch)).toEqual([2]);
  });

  it('is measured again at its end as it would have been, had it been asked before', async () => {
    const wasm = await engineModel('wasm');
    const asking = { ...config, nulls: NULL_NAMES };
    const asked = [...new Trainer(asking, wasm).epochs()]
      .at(-1)!
      .measurements.find(({ sample: kind }) => kind === 'fixed');
    const done = new Trainer(config, wasm);
    expect([...done.epochs()].at(-1)!.epoch).toBe(config.epochs);
    const again = new Trainer(asking, wasm, done.state());
    expect(again.measureAgain()).toEqual([asked]);
    expect([...again.epochs()]).toEqual([]);
    // There is nothing to be measured again before.
    const before = new Trainer(asking, wasm);
    for (const { epoch } of before.epochs()) if (epoch === 1) break;
    expect(new Trainer(asking, wasm, before.state()).measureAgain()).toEqual([]);
  });
});
