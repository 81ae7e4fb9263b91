/** Loads the WebAssembly kernels and lays out their memory. Formulas and shapes stand above each in `assembly/`. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

/** Pointers are byte addresses, strides count floats. */
export interface KernelFunctions {
  adam(count: number, theta: number, m: number, v: number, g: number, stepSize: number, rootBias2: number): void;
  completeSums(plan: number): void;
  fivePointSets(stream: number, pool: number, samples: number, order: number, sets: number): void;
  fold(plan: number): void;
  foldBias(plan: number): void;
  foldGradient(plan: number): void;
  outWeightGradient(plan: number, target: number, headDim: number): void;
  multiply(
    m: number,
    n: number,
    k: number,
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    c: number,
    cRow: number,
    accumulate: boolean,
  ): void;
  multiplyPanels(
    m: number,
    n: number,
    k: number,
    a: number,
    aRow: number,
    b: number,
    bRow: number,
    bTransposed: boolean,
    c: number,
    cRow: number,
    accumulate: boolean,
    panel: number,
    exact: boolean,
  ): void;
  multiplyTransposed(
    m: number,
    n: number,
    k: number,
    scale: number,
    a: number,
    aRow: number,
    b: number,
    bRow: number,
    c: number,
    cRow: number,
  ): void;
  normalise(row: number, dim: number, wide: number): number;
  normaliseGradient(dx: number, xHat: number, rstd: number, g: number, gMean: number, dim: number, wide: number): void;
  passSamples(plan: number, from: number, to: number, withGradients: boolean): void;
  project(plan: number): void;
  projectGradient(plan: number): void;
  pentachoronVolumes(
    points: number,
    stride: number,
    columns: number,
    sets: number,
    samples: number,
    volumes: number,
  ): void;
  pentachoronVolumesByGram(
    points: number,
    stride: number,
    rows: number,
    columns: number,
    sets: number,
    samples: number,
    scratch: number,
    volumes: number,
  ): void;
  softmaxRows(rows: number, columns: number, matrix: number, stride: number): void;
  softmaxGradient(rows: number, columns: number, scale: number, a: number, dA: number, stride: number): void;
}

export interface Kernels extends KernelFunctions {
  readonly memory: WebAssembly.Memory;
}

interface Exports extends KernelFunctions {
  memory: WebAssembly.Memory;
  /** First byte past the module's own data. */
  heapBase(): number;
  isFused(x: number): boolean;
}

/** A region of kernel memory, named before the memory exists, so that no view is ever detached by growth. */
export class Region {
  readonly pointer: number;
  readonly bytes: number;

  constructor(pointer: number, bytes: number) {
    this.pointer = pointer;
    this.bytes = bytes;
  }

  floats(kernels: Kernels): Float32Array {
    return new Float32Array(kernels.memory.buffer, this.pointer, this.bytes / 4);
  }

  doubles(kernels: Kernels): Float64Array {
    return new Float64Array(kernels.memory.buffer, this.pointer, this.bytes / 8);
  }

  integers(kernels: Kernels): Uint32Array {
    return new Uint32Array(kernels.memory.buffer, this.pointer, this.bytes / 4);
  }
}

const ALIGNMENT = 64;
const PAGE = 65_536;
const NAME_DIGITS = 12;

/** Hands out regions one behind the other. */
export class Arena {
  #end: number;

  constructor(start: number) {
    this.#end = start;
  }

  get end(): number {
    return this.#end;
  }

  take(bytes: number): Region {
    const pointer = Math.ceil(this.#end / ALIGNMENT) * ALIGNMENT;
    const rounded = Math.ceil(bytes / 8) * 8;
    this.#end = pointer + rounded;
    return new Region(pointer, rounded);
  }

  takeFloats(count: number): Region {
    return this.take(count * 4);
  }
}

// Beside this file when built; from the sources (tests), where the build puts it.
const places = ['./kernels.wasm', '../../../../dist/server/experiments/attention-cv/kernels/kernels.wasm'].map(
  (place) => new URL(place, import.meta.url),
);
let compiled: { module: WebAssembly.Module; name: string } | undefined;

function compile(): NonNullable<typeof compiled> {
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error('the kernels are not built: run npm run build');
  const bytes = readFileSync(found);
  // Node 20 has relaxed SIMD, for its fused multiply-add, behind this flag; later ones have it without.
  if (!WebAssembly.validate(bytes)) setFlagsFromString('--experimental-wasm-relaxed-simd');
  const module = new WebAssembly.Module(bytes);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, NAME_DIGITS);
  const exports = new WebAssembly.Instance(module, {}).exports as unknown as Exports;
  return { module, name: exports.isFused(1 + 2 ** -12) ? hash : `${hash}-unfused` };
}

/**
 * Names what computes here: the first digits of the build's sha256, and whether the processor rounds products that it
 * adds. Under another name the last bits may differ.
 */
export function kernelsName(): string {
  return (compiled ??= compile()).name;
}

/**
 * A fresh instance with memory for what `layout` takes from the arena; a run has its own.
 * @throws RangeError when the memory cannot be had.
 */
export function loadKernels<T>(layout: (arena: Arena) => T): { kernels: Kernels; regions: T } {
  compiled ??= compile();
  const instance = new WebAssembly.Instance(compiled.module, {});
  const exports = instance.exports as unknown as Exports;
  const arena = new Arena(exports.heapBase());
  const regions = layout(arena);
  const missing = Math.ceil((arena.end - exports.memory.buffer.byteLength) / PAGE);
  if (missing > 0) exports.memory.grow(missing);
  return { kernels: exports, regions };
}
