/**
 * PyTorch's CPU random stream, bit for bit (torch 2.13, x86-64 with AVX2): an MT19937 engine and the consumers that
 * the experiment uses. What one consumer draws, in which order, is part of the numbers.
 */
import { normalBlock } from './box-muller.js';
import { fma32 } from './fma32.js';

const N = 624;
const M = 397;
/** A saved position: the words of the state and the index of the next. */
export const SAVED_WORDS = N + 1;
const f = Math.fround;

/** Matsumoto and Nishimura, "Mersenne Twister", 1998; seeded as `init_genrand` with the low 32 bits of the seed. */
export class Generator {
  readonly #state = new Uint32Array(N);
  #next = N;
  /** The second half of the last small normal's Box–Muller pair. */
  #spareNormal: number | undefined;

  /** `seed`: an exact integer; as in `torch.manual_seed`, only the low 32 bits of its two's complement matter. */
  constructor(seed: number | bigint) {
    if (typeof seed === 'number' && !Number.isSafeInteger(seed))
      throw new RangeError(`seed must be a safe integer, not ${seed}`);
    const state = this.#state;
    state[0] = Number(BigInt.asUintN(32, BigInt(seed)));
    for (let j = 1; j < N; j++) {
      const previous = state[j - 1]!;
      state[j] = Math.imul(1812433253, previous ^ (previous >>> 30)) + j;
    }
  }

  /**
   * The stream's position: 624 words and the index of the next. The spare of a small normal is left out: once a run's
   * initial parameters are drawn, nothing draws normals.
   */
  save(): Uint32Array {
    const saved = new Uint32Array(SAVED_WORDS);
    saved.set(this.#state);
    saved[N] = this.#next;
    return saved;
  }

  static restore(saved: Uint32Array): Generator {
    const generator = new Generator(0);
    generator.goTo(saved);
    return generator;
  }

  /** Goes to a saved position. */
  goTo(saved: Uint32Array): void {
    const next = saved[N];
    if (saved.length !== SAVED_WORDS || next === undefined || next > N) throw new RangeError('not a saved generator');
    this.#state.set(saved.subarray(0, N));
    this.#next = next;
    this.#spareNormal = undefined;
  }

  #regenerate(): void {
    const s = this.#state;
    const twist = (upper: number, lower: number, far: number): number => {
      const y = (upper & 0x80000000) | (lower & 0x7fffffff);
      return far ^ (y >>> 1) ^ ((y & 1) === 0 ? 0 : 0x9908b0df);
    };
    let j = 0;
    for (; j < N - M; j++) s[j] = twist(s[j]!, s[j + 1]!, s[j + M]!);
    for (; j < N - 1; j++) s[j] = twist(s[j]!, s[j + 1]!, s[j + M - N]!);
    s[N - 1] = twist(s[N - 1]!, s[0]!, s[M - 1]!);
    this.#next = 0;
  }

  /** The next 32-bit output. */
  u32(): number {
    if (this.#next === N) this.#regenerate();
    let y = this.#state[this.#next++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** Advances by `count` outputs without computing them. */
  skip(count: number): void {
    let left = count;
    while (left > N - this.#next) {
      left -= N - this.#next;
      this.#regenerate();
    }
    this.#next += left;
  }

  /** [0, 1) with 24 bits: `torch.rand` of float32. */
  unit32(): number {
    return (this.u32() & 0xffffff) / 0x1000000;
  }

  /** [0, high) for high < 2²⁸: `torch.randint(high)`, its modulo bias included. */
  below(high: number): number {
    return this.u32() % high;
  }

  /** `tensor.uniform_(from, to)`: bounds in double, elements in float32. */
  uniform(values: Float32Array, from: number, to: number): void {
    const low = f(from);
    const high = f(to);
    const width = f(high - low);
    for (let i = 0; i < values.length; i++) {
      const value = fma32(this.unit32(), width, low);
      values[i] = value === high ? low : value;
    }
  }

  /** `tensor.normal_(mean, std)` of float32: in blocks of 16, or one by one in double below 16 elements. */
  normal(values: Float32Array, mean = 0, std = 1): void {
    const n = values.length;
    if (n < 16) {
      for (let i = 0; i < n; i++) values[i] = this.#smallNormal() * std + mean;
      return;
    }
    for (let i = 0; i < n; i++) values[i] = this.unit32();
    for (let offset = 0; offset + 16 <= n; offset += 16) normalBlock(values, offset, mean, std);
    if (n % 16 === 0) return;
    // The tail: the last 16 elements are drawn again, overlapping the block before.
    for (let i = n - 16; i < n; i++) values[i] = this.unit32();
    normalBlock(values, n - 16, mean, std);
  }

  #unit53(): number {
    const high = this.u32();
    const low = this.u32();
    return ((high & 0x1fffff) * 0x100000000 + low) / 2 ** 53;
  }

  #smallNormal(): number {
    const spare = this.#spareNormal;
    if (spare !== undefined) {
      this.#spareNormal = undefined;
      return spare;
    }
    const a = this.#unit53();
    const b = this.#unit53();
    const radius = Math.sqrt(-2 * Math.log1p(-b));
    const angle = 2 * Math.PI * a;
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** The first `count` of `torch.randperm(n)`, n ≥ 1; draws as many numbers as the whole permutation does. */
  permutation(n: number, count = n): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    const swaps = Math.min(count, n - 1);
    for (let i = 0; i < swaps; i++) {
      const j = i + (this.u32() % (n - i));
      const swapped = order[i]!;
      order[i] = order[j]!;
      order[j] = swapped;
    }
    this.skip(n - 1 - swaps);
    return order.subarray(0, count);
  }
}
