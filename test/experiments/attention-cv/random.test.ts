import { describe, expect, it } from 'vitest';
import { fma32 } from '../../../server/experiments/attention-cv/fma32.js';
import { Generator } from '../../../server/experiments/attention-cv/random.js';
import { golden, sha256 } from '../../support/golden.js';

interface GoldenSeed {
  seed: string;
  randint_256_x6: number[];
  rand_x5: number[];
  randn_x7: number[];
  randn_x16: number[];
  randn_x2: number[];
  randn_x37: number[];
  'uniform_0.12_x9': number[];
  randperm_12: number[];
  randn_100003_sha256: string;
  uniform_100003_sha256: string;
  randperm_4001_sha256: string;
  rand_x3_after: number[];
}

const nine = (values: Iterable<number>): number[] => Array.from(values, (v) => Number(v.toPrecision(9)));

describe('Generator', () => {
  it('gives the published first outputs of MT19937 for the seed 5489, and its 10,000th', () => {
    const generator = new Generator(5489);
    expect([generator.u32(), generator.u32(), generator.u32()]).toEqual([3499211612, 581869302, 3890346734]);
    generator.skip(9996);
    expect(generator.u32()).toBe(4123659995);
  });

  const { seeds } = golden<{ seeds: GoldenSeed[] }>('generator');
  it.each(seeds)('every consumer draws what PyTorch draws from seed $seed', (expected) => {
    const generator = new Generator(BigInt(expected.seed));
    const normal = (n: number): Float32Array => {
      const values = new Float32Array(n);
      generator.normal(values);
      return values;
    };
    const uniform = (n: number, bound: number): Float32Array => {
      const values = new Float32Array(n);
      generator.uniform(values, -bound, bound);
      return values;
    };
    expect(Array.from({ length: 6 }, () => generator.below(256))).toEqual(expected.randint_256_x6);
    expect(nine(Array.from({ length: 5 }, () => generator.unit32()))).toEqual(expected.rand_x5);
    expect(nine(normal(7))).toEqual(expected.randn_x7);
    expect(nine(normal(16))).toEqual(expected.randn_x16);
    expect(nine(normal(2))).toEqual(expected.randn_x2);
    expect(nine(normal(37))).toEqual(expected.randn_x37);
    expect(nine(uniform(9, 0.12))).toEqual(expected['uniform_0.12_x9']);
    expect([...generator.permutation(12)]).toEqual(expected.randperm_12);
    expect([...generator.permutation(1)]).toEqual([0]);
    expect(sha256(normal(100003))).toBe(expected.randn_100003_sha256);
    expect(sha256(uniform(100003, 1 / 16))).toBe(expected.uniform_100003_sha256);
    expect(sha256(generator.permutation(4001))).toBe(expected.randperm_4001_sha256);
    expect(nine(Array.from({ length: 3 }, () => generator.unit32()))).toEqual(expected.rand_x3_after);
  });

  it('goes on after save and restore as if nothing had happened', () => {
    const generator = new Generator(-3);
    generator.skip(1000);
    const copy = Generator.restore(generator.save());
    expect(Array.from({ length: 700 }, () => copy.u32())).toEqual(Array.from({ length: 700 }, () => generator.u32()));
  });

  it('refuses a seed that is not a safe integer', () => {
    expect(() => new Generator(0.5)).toThrow('safe integer');
    expect(() => new Generator(2 ** 60)).toThrow('safe integer');
  });
});

describe('fma32', () => {
  // The exact value x·w + a as a fraction of 2^200, rounded to float32 by hand.
  const exact = (x: number, w: number, a: number): number => {
    const scaled = (v: number): bigint => {
      const exponent = v === 0 ? 0 : Math.floor(Math.log2(Math.abs(v)));
      return BigInt(v / 2 ** (exponent - 30)) << BigInt(exponent - 30 + 150);
    };
    const value = scaled(x) * scaled(w) + (scaled(a) << 150n);
    if (value === 0n) return 0;
    const magnitude = value < 0n ? -value : value;
    const shift = BigInt(magnitude.toString(2).length - 24);
    let kept = magnitude >> shift;
    const rest = magnitude - (kept << shift);
    const half = 1n << (shift - 1n);
    if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
    return (value < 0n ? -1 : 1) * Number(kept) * 2 ** (Number(shift) - 300);
  };

  it('rounds once where rounding the double sum again would go wrong', () => {
    const f = Math.fround;
    // 1 + 2^-24 is midway between two float32; the tiny product decides, and a double sum loses it.
    expect(fma32(f(2 ** -24), f(1 + 2 ** -23), 1)).toBe(f(1 + 2 ** -23));
    expect(fma32(f(2 ** -24 - 2 ** -48), f(1 + 2 ** -23), 1)).toBe(exact(f(2 ** -24 - 2 ** -48), f(1 + 2 ** -23), 1));
    expect(fma32(f(-(2 ** -40)), f(2 ** -40), f(1) + 0)).toBe(1);
    const generator = new Generator(11);
    for (let i = 0; i < 20000; i++) {
      const x = f(generator.unit32() - 0.5);
      const w = f(generator.unit32() * 4 - 2);
      const a = f(generator.unit32() - 0.5);
      expect(fma32(x, w, a)).toBe(exact(x, w, a));
    }
  });
});
