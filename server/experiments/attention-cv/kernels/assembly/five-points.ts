/** Of the generator MT19937 (Matsumoto and Nishimura, 1998): words of its state, and the offset of its recurrence. */
const N: i32 = 624;
const M: i32 = 397;

/**
 * Index sets (samples, 5) of one CV: `samples` times the first five of `torch.randperm(pool)`, pool ≥ 5. A permutation
 * takes pool − 1 outputs of the generator; the first five decide, so the others are not worked out.
 *
 * `stream` is the generator as `Generator.save` gives it, 624 words and the index of the next, and is moved on.
 * `order` is scratch, (pool + 5): all permutations share it, and each takes back its swaps.
 */
export function fivePointSets(stream: usize, pool: i32, samples: i32, order: usize, sets: usize): void {
  let next = load<i32>(stream, N << 2);
  for (let i = 0; i < pool; i++) store<i32>(word(order, i), i);
  const swapped = word(order, pool);
  const swaps = min(5, pool - 1);
  for (let s = 0; s < samples; s++) {
    for (let i = 0; i < swaps; i++) {
      if (next == N) {
        regenerate(stream);
        next = 0;
      }
      const j = i + <i32>(temper(load<u32>(word(stream, next++))) % <u32>(pool - i));
      swap(order, i, j);
      store<i32>(word(swapped, i), j);
    }
    for (next += pool - 1 - swaps; next > N; next -= N) regenerate(stream);
    memory.copy(word(sets, s * 5), order, 20);
    for (let i = swaps - 1; i >= 0; i--) swap(order, i, load<i32>(word(swapped, i)));
  }
  store<i32>(stream, next, N << 2);
}

/** The next 624 words, in place; a word depends on those 1 and 397 ahead, so that four at a time are independent. */
function regenerate(state: usize): void {
  let j = 0;
  for (; j + 4 <= N - M; j += 4) v128.store(word(state, j), twistFour(word(state, j), word(state, j + M)));
  for (; j < N - M; j++) store<u32>(word(state, j), twist(state, j, j + 1, j + M));
  for (; j < N - 1; j += 4) v128.store(word(state, j), twistFour(word(state, j), word(state, j + M - N)));
  store<u32>(word(state, N - 1), twist(state, N - 1, 0, M - 1));
}

@inline
function twist(state: usize, upper: i32, lower: i32, far: i32): u32 {
  const y = (load<u32>(word(state, upper)) & 0x80000000) | (load<u32>(word(state, lower)) & 0x7fffffff);
  return load<u32>(word(state, far)) ^ (y >> 1) ^ ((0 - (y & 1)) & 0x9908b0df);
}

@inline
function twistFour(from: usize, far: usize): v128 {
  const upper = v128.and(v128.load(from), i32x4.splat(0x80000000));
  const y = v128.or(upper, v128.and(v128.load(from, 4), i32x4.splat(0x7fffffff)));
  const odd = i32x4.neg(v128.and(y, i32x4.splat(1)));
  return v128.xor(v128.xor(v128.load(far), i32x4.shr_u(y, 1)), v128.and(odd, i32x4.splat(0x9908b0df)));
}

@inline
function temper(y: u32): u32 {
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return y ^ (y >> 18);
}

@inline
function swap(order: usize, i: i32, j: i32): void {
  const held = load<i32>(word(order, i));
  store<i32>(word(order, i), load<i32>(word(order, j)));
  store<i32>(word(order, j), held);
}

@inline
function word(base: usize, index: i32): usize {
  return base + (<usize>index << 2);
}
