/**
 * Standard normal numbers by the hundred million, for the clouds of `nulls.ts`: the ziggurat of Marsaglia and Tsang
 * (2000), with bits of their own for layer and position as Doornik (2005) asks, over xoshiro128** (Blackman and Vigna,
 * 2021). PyTorch's stream in `random.ts` costs ten times as much, and no number of the original depends on these.
 */
const LAYERS = 256;
/** Where the tail begins, and the area of each layer: the constants of 256 layers. */
const TAIL = 3.6541528853610088;
const AREA = 4.92867323399e-3;
/** Bits that place a number in its layer: as many as a float32 has. */
const POSITIONS = 2 ** 23;
const UNIT = 2 ** -32;

/** Of layer i: its right edge over `POSITIONS`, the last position that is under the curve for sure, the density there. */
const width = new Float64Array(LAYERS);
const inside = new Uint32Array(LAYERS);
const density = new Float64Array(LAYERS + 1);
{
  const bell = (x: number): number => Math.exp(-0.5 * x * x);
  // The lowest layer holds the tail, too: it is as wide as a rectangle of its area would be.
  const edges = [AREA / bell(TAIL), TAIL];
  for (let i = 2; i < LAYERS; i++) edges.push(Math.sqrt(-2 * Math.log(AREA / edges[i - 1]! + bell(edges[i - 1]!))));
  edges.push(0);
  for (let i = 0; i < LAYERS; i++) {
    width[i] = edges[i]! / POSITIONS;
    inside[i] = Math.floor((edges[i + 1]! / edges[i]!) * POSITIONS);
    density[i] = bell(edges[i]!);
  }
  density[LAYERS] = 1;
}

export class NormalStream {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param seed a whole number from 0 to 2³² − 1; others give streams that have nothing to do with one another */
  constructor(seed: number) {
    // SplitMix32 makes of near seeds states that are far apart.
    let state = seed | 0;
    const word = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = state;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return z ^ (z >>> 16);
    };
    [this.#a, this.#b, this.#c, this.#d] = [word(), word(), word(), word()];
  }

  /** 32 bits, signed. */
  #next(): number {
    const scrambled = Math.imul(this.#b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** Above 0, at most 1. */
  #unit(): number {
    return ((this.#next() >>> 0) + 1) * UNIT;
  }

  /** A whole number from 0 to below `high`, at most 2³². */
  below(high: number): number {
    return Math.floor((this.#next() >>> 0) * UNIT * high);
  }

  /** Fills `values` with independent numbers of mean 0 and variance 1. */
  fill(values: Float32Array): void {
    for (let i = 0; i < values.length; i++) {
      const bits = this.#next();
      const layer = bits & (LAYERS - 1);
      const position = bits >>> 9;
      const value = position < inside[layer]! ? position * width[layer]! : this.#outside(layer, position);
      values[i] = (bits & LAYERS) === 0 ? value : -value;
    }
  }

  /** The size of a number that is not under the curve for sure: in the tail, kept, or drawn anew. */
  #outside(layer: number, position: number): number {
    for (;;) {
      if (position < inside[layer]!) return position * width[layer]!;
      if (layer === 0) return this.#tail();
      const x = position * width[layer]!;
      const [lower, upper] = [density[layer]!, density[layer + 1]!];
      if (lower + this.#unit() * (upper - lower) < Math.exp(-0.5 * x * x)) return x;
      const bits = this.#next();
      layer = bits & (LAYERS - 1);
      position = bits >>> 9;
    }
  }

  /** Marsaglia's (1964): beyond `TAIL`. */
  #tail(): number {
    for (;;) {
      const x = -Math.log(this.#unit()) / TAIL;
      const y = -Math.log(this.#unit());
      if (2 * y > x * x) return TAIL + x;
    }
  }
}
