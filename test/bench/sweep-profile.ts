/** Where a sweep's time goes on the kernels, by phase, and how far the arithmetic is from what this machine can do. */
import { Session } from 'node:inspector/promises';
import type { Profiler } from 'node:inspector';
import { openEngine } from '../../server/experiments/attention-cv/engine/backend.js';
import { engineModel } from '../../server/experiments/attention-cv/engine-model.js';
import { distinctSamples, makeDataset } from '../../server/experiments/attention-cv/dataset.js';
import { Generator } from '../../server/experiments/attention-cv/random.js';
import { Trainer } from '../../server/experiments/attention-cv/trainer.js';
import { loadKernels } from '../../server/experiments/attention-cv/kernels/kernels.js';
import { type EngineName, runEngine } from '../../shared/engine.js';
import {
  completeSpec,
  expandSweep,
  REFERENCE,
  type RunConfig,
  sweepSpecSchema,
} from '../../shared/experiments/attention-cv/sweep.js';

/** As in the sweep, so that the set-up of a run has the share that it has there. */
const { epochs: EPOCHS } = REFERENCE;

/** By the file of a kernel, as the build names its functions; the first that fits. */
const PHASES: [phase: string, where: RegExp][] = [
  ['products of matrices', /\/(multiply|multiply-panels|multiply-transposed|transpose|project|fold)\//],
  ['attention', /\/(attention|softmax)\//],
  ['LayerNorm, classifier, sums', /\/(sample-pass|layer-norm|classifier)\//],
  ['Adam', /\/adam\//],
  ['volumes and their draws', /\/(pentachoron|five-points)\//],
  // The functions of its binding have neither file nor name.
  ['TensorFlow and copies to it', /^\/\/$|tfjs|\/tensor-products\./],
  ['garbage', /garbage collector/],
];

export async function printProfile(engine: EngineName): Promise<void> {
  const model = await engineModel(runEngine(await openEngine(engine)));
  const configs = expandSweep(completeSpec(sweepSpecSchema.parse(REFERENCE)));
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const before = process.cpuUsage();
  for (const config of configs) {
    const trainer = new Trainer(config, model);
    for (const _ of trainer.epochs());
    trainer.dispose();
  }
  const { user, system } = process.cpuUsage(before);
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();

  const shares = sharesOf(profile);
  console.log(`\nwhere the time of ${EPOCHS} epochs of each config goes, one trainer on ${engine}`);
  for (const [phase, share] of shares) console.log(`  ${phase.padEnd(28)} ${(100 * share).toFixed(1).padStart(5)} %`);

  const flops = configs.reduce((sum, config) => sum + (EPOCHS + 1) * passFlops(config), 0);
  const reached = flops / ((user + system) * 1000);
  const possible = possibleGflops();
  console.log('\nroofline of one core, in the same process');
  console.log(`  products in the first cache  ${possible.toFixed(1)} GFLOP/s: what a kernel can reach`);
  const percent = ((100 * reached) / possible).toFixed(0);
  console.log(`  forward and backward passes  ${reached.toFixed(1)} GFLOP/s over all CPU time, ${percent} %`);
  console.log(`  copying of 64 MB             ${copyGbps().toFixed(1)} GB/s, read and written`);
}

function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): [string, number][] {
  const phaseOf = new Map(
    nodes.map(({ id, callFrame: { functionName, url } }) => {
      const name = `${url}/${functionName}/`;
      return [id, PHASES.find(([, where]) => where.test(name))?.[0] ?? 'JavaScript'];
    }),
  );
  const spent = new Map<string, number>();
  let total = 0;
  samples.forEach((id, i) => {
    const phase = phaseOf.get(id) ?? 'JavaScript';
    spent.set(phase, (spent.get(phase) ?? 0) + timeDeltas[i]!);
    total += timeDeltas[i]!;
  });
  return [...spent].map(([phase, us]): [string, number] => [phase, us / total]).sort(([, a], [, b]) => b - a);
}

/** Of the products of one pass, forward and backward, as the kernels arrange them: a multiplication and an addition are 2. */
function passFlops(config: RunConfig): number {
  const { dim, heads, seqLen, vocab } = config;
  const distinct = distinctSamples(makeDataset(new Generator(config.seed), config), seqLen).y.length;
  const overTable = 12 * (vocab + seqLen) * dim ** 2;
  const overSamples = distinct * seqLen ** 2 * dim * (3 * heads + 3);
  return 2 * (overTable + overSamples);
}

/** The best of many products of matrices that stay in the first cache. */
function possibleGflops(): number {
  const [m, n, k] = [32, 8, 128];
  const { kernels, regions } = loadKernels((arena) => [m * k, k * n, m * n].map((size) => arena.takeFloats(size)));
  const [a, b, c] = regions.map(({ pointer }) => pointer) as [number, number, number];
  const reps = 1000;
  const best = fastest(() => {
    for (let i = 0; i < reps; i++) kernels.multiply(m, n, k, a, k, 1, b, n, c, n, false);
  });
  return (2 * m * n * k * reps) / (best * 1e6);
}

function copyGbps(): number {
  const source = new Float64Array(2 ** 23);
  const target = new Float64Array(source.length);
  return (2 * source.byteLength) / (fastest(() => target.set(source)) * 1e6);
}

/** Milliseconds of the quickest of 30. */
function fastest(work: () => void): number {
  let best = Infinity;
  for (let i = 0; i < 30; i++) {
    const started = performance.now();
    work();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}
