/** What a config takes of its trainer's memory, worked out from everything that is held there, and how much it may. */
import { partsOf, RUN_ENGINES, type RunEngine } from '../../engine.js';
import type { MetricName } from '../../geometry/catalogue.js';
import { SAMPLED_ROWS } from './series.js';

/** What decides it; the number of epochs does not. */
export interface MemoryShape {
  dim: number;
  heads: number;
  vocab: number;
  seqLen: number;
  classes: number;
  samplesPerClass: number;
  samples: number;
  metrics?: readonly MetricName[] | undefined;
}
type Field = Exclude<keyof MemoryShape, 'metrics'>;

const MB = 2 ** 20;
/** Most that a config may take, in bytes. */
export const MAX_TRAINER_BYTES = 2048 * MB;

/** Node, of which 24 takes most, with the program and its heap between two collections. Bytes, as all that follows. */
const PROCESS_BYTES = 90 * MB;
/** TensorFlow.js with the engine that works for it. */
const ENGINE_BYTES = { wasm: 100 * MB, cpu: 100 * MB, native: 450 * MB, gpu: 450 * MB };
/** Most floats of a block of samples in tensors, or one sample's if those are more: as in `tensor-model.ts`. */
const BLOCK_FLOATS = 64e6;
/** Most that sums in float64 take, as in `pass-plan.ts`: a model that would need more has none. */
const MOST_EXACT_BYTES = 64 * MB;
const FLOAT = 4;

interface Part {
  /** Those that it grows with, the one first that is best cut down. */
  fields: readonly Field[];
  bytes: number;
}

/** @param engines The one counts that takes most: by default of all, for a run may go on on another one. */
export function trainerBytes(shape: MemoryShape, engines: readonly RunEngine[] = RUN_ENGINES): number {
  return Math.max(...engines.map((engine) => total(partsOn(engine, shape))));
}

/**
 * Null where it is not too much. Else the field that takes most, and the largest value of it that would do with the
 * others as they are; 0 where none would.
 */
export function memoryExcess(shape: MemoryShape): { field: Field; most: number; bytes: number } | null {
  const bytes = trainerBytes(shape);
  if (bytes <= MAX_TRAINER_BYTES) return null;
  const [worst = []] = RUN_ENGINES.map((engine) => partsOn(engine, shape)).sort((a, b) => total(b) - total(a));
  const allowed = [...worst]
    .sort((a, b) => b.bytes - a.bytes)
    .flatMap(({ fields }) => fields)
    .map((field) => ({ field, most: mostOf(field, shape), bytes }));
  return allowed.find(({ most }) => most > 0) ?? allowed[0] ?? null;
}

/** By bisection: the whole grows with every field. */
function mostOf(field: Field, shape: MemoryShape): number {
  let [fits, isTooMuch] = [0, shape[field]];
  while (isTooMuch - fits > 1) {
    const value = Math.floor((fits + isTooMuch) / 2);
    if (trainerBytes({ ...shape, [field]: value }) <= MAX_TRAINER_BYTES) fits = value;
    else isTooMuch = value;
  }
  return fits;
}

function total(parts: readonly Part[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

function partsOn(engine: RunEngine, shape: MemoryShape): Part[] {
  const { name, ops } = partsOf(engine);
  const hasTensors = name !== 'wasm' || ops === 'tensor';
  const model = ops === 'tensor' ? tensorParts(shape) : kernelParts(shape, hasTensors);
  const { heads, samples } = shape;
  // Of every series: the volumes of epoch 0, and what is told of a full measurement.
  const series = (8 + 7 * heads) * (8 * samples + 3000);
  return [
    { fields: [], bytes: PROCESS_BYTES + (hasTensors ? ENGINE_BYTES[name] : 0) },
    { fields: ['samples', 'heads'], bytes: series + 150 * samples },
    // A random cloud for what chance gives: its rows, repeated as the matrix repeats them, and the entries in order.
    { fields: ['dim'], bytes: FLOAT * 3 * SAMPLED_ROWS * shape.dim },
    ...(shape.metrics === undefined ? [] : [metricsPart(shape)]),
    ...model,
  ];
}

/** Copies of all measured matrices, of epoch 0 and of the epoch before, and one in float64 several times over. */
function metricsPart({ dim, vocab }: MemoryShape): Part {
  const rows = Math.min(SAMPLED_ROWS, vocab) + 8 * Math.min(SAMPLED_ROWS, dim) + 6 * SAMPLED_ROWS;
  return { fields: ['dim'], bytes: (2 * FLOAT * rows + 6 * 8 * SAMPLED_ROWS) * dim };
}

/** The regions of the kernels' memory (`server/experiments/attention-cv/kernels/pass-plan.ts`), and what lies outside of it. */
function kernelParts(shape: MemoryShape, hasTensors: boolean): Part[] {
  const { dim, heads, vocab, seqLen, classes, samplesPerClass } = shape;
  const sequences = classes * samplesPerClass;
  const rows = vocab + seqLen;
  const wide = padded(dim, 8);
  /** Queries, keys and values of all heads. */
  const rowWide = 3 * heads * padded(dim / heads, 4);
  const observedRows = Math.min(SAMPLED_ROWS, sequences * seqLen) + seqLen;

  // With gradients and two moments; the initial values; three vectors of the checkpoint when the run goes on from it.
  const parameters = 8 * parametersOf(shape);
  const paddedWeights = 2 * (4 / 3) * rowWide * wide + 4 * classes * wide;
  // Of tokens and positions, each with its gradient: embedded, projected, folded into the heads' values.
  const tables = 3 * rows * wide + 3 * padded(rows, 4) * rowWide + 2 * heads * rows * wide;
  const exactSums = Math.min(MOST_EXACT_BYTES, 8 * rows * (wide + (2 / 3) * rowWide + heads * wide));
  // Of one sample: weights and their gradients, values and theirs; queries and keys, the residual, with gradients.
  const attention = heads * padded(seqLen, 4) * (2 * padded(seqLen, 4) + 2 * wide + 16);
  const sampleRows = seqLen * (2 * rowWide + 2 * wide);
  const observed = observedRows * (rowWide + 2 * wide);
  // Operands and results of dense products, as tensors and as they are read back.
  const products = hasTensors ? 4 * rows * (rowWide + wide) + 6 * rowWide * wide : 0;
  return [
    { fields: ['vocab', 'dim'], bytes: FLOAT * (parameters + paddedWeights) },
    { fields: ['heads', 'vocab', 'dim'], bytes: FLOAT * (tables + products) + exactSums },
    { fields: ['seqLen', 'heads', 'dim'], bytes: FLOAT * (attention + sampleRows + observed) },
    // Four copies of the tokens, and the texts by which equal samples are found.
    { fields: ['samplesPerClass', 'seqLen'], bytes: sequences * (28 * seqLen + 250) },
  ];
}

/** A model in tensors (`server/experiments/attention-cv/tensor-model.ts`): a block of samples at a time, freed when it is done. */
function tensorParts(shape: MemoryShape): Part[] {
  const { dim, heads, vocab, seqLen, classes, samplesPerClass } = shape;
  const sequences = classes * samplesPerClass;
  const perSample = seqLen * (48 * dim + 7 * heads * seqLen);
  const block = Math.max(perSample, Math.min(BLOCK_FLOATS, sequences * perSample));
  // Of tokens and positions, projected, with gradients; and the rows that are measured, joined and read back.
  const tables = 12 * (vocab + seqLen) * dim;
  const measured = 4 * (8 * SAMPLED_ROWS + 3 * dim) * dim;
  return [
    // A step of Adam holds all that it works out until it is done.
    { fields: ['vocab', 'dim'], bytes: FLOAT * (20 * parametersOf(shape) + tables + measured) },
    { fields: ['seqLen', 'heads', 'dim'], bytes: FLOAT * block },
    // As above, and the groups of rows that are summed.
    { fields: ['samplesPerClass', 'seqLen'], bytes: sequences * (100 * seqLen + 250) },
  ];
}

/** Floats. */
function parametersOf({ dim, vocab, seqLen, classes }: MemoryShape): number {
  return (vocab + seqLen + 4 * dim + classes + 8) * dim;
}

function padded(width: number, lanes: number): number {
  return Math.ceil(width / lanes) * lanes;
}
