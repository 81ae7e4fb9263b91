/**
 * What an epoch costs against each size of a config, one at a time, and what each metric adds to it: the tables of the
 * README.
 */
import type { Command } from 'commander';
import { engineModel, type EngineModel } from '../../server/experiments/attention-cv/engine-model.js';
import { openEngine, openFirstEngine } from '../../server/experiments/attention-cv/engine/backend.js';
import { Trainer } from '../../server/experiments/attention-cv/trainer.js';
import { ENGINE_NAMES, OPS_NAMES, partsOf, runEngine, type RunEngine } from '../../shared/engine.js';
import { REFERENCE, type RunConfig } from '../../shared/experiments/attention-cv/sweep.js';
import { METRICS, type MetricName } from '../../shared/geometry/index.js';
import { fittedExponent } from './power-law.js';
import { median } from './timed-process.js';

/** Every config differs from this one in one size. */
const BASE = { dim: 64, heads: 4, seqLen: REFERENCE.seqLen, samplesPerClass: REFERENCE.samplesPerClass, epochs: 8 };
type Axis = keyof typeof BASE;

const AXES: Record<Axis, { title: string; values: number[]; shown?: (value: number) => number }> = {
  dim: { title: 'dim', values: [32, 64, 128, 256, 512] },
  heads: { title: 'heads', values: [1, 2, 4, 8, 16] },
  seqLen: { title: 'seq-len', values: [4, 8, 16, 32, 64] },
  samplesPerClass: {
    title: 'samples',
    values: [25, 50, 100, 200, 400],
    shown: (value) => value * REFERENCE.classes,
  },
  epochs: { title: 'epochs (of the whole run)', values: [4, 8, 16, 32, 64] },
};

/** Of the config whose metrics are timed. */
const METRIC_DIM = 128;

export function registerScaleBench(program: Command): void {
  program
    .command('scale')
    .description('what an epoch costs against dim, heads, seq-len, samples and epochs, one at a time')
    .option('--engine <name>', 'engine to time', 'auto')
    .option('--ops <name>', 'whose ops train', 'auto')
    .option('--rounds <count>', 'how often each config runs, in turn', '3')
    .action(async (options: { engine: string; ops: string; rounds: string }) => {
      const ops = OPS_NAMES.find((name) => name === options.ops) ?? 'auto';
      const named = ENGINE_NAMES.find((name) => name === options.engine);
      const engine = runEngine(await (named === undefined ? openFirstEngine(ops) : openEngine(named, ops)));
      const model = await engineModel(engine);
      const rounds = Number(options.rounds);
      const axes = Object.keys(AXES) as Axis[];
      // [axis][value][round]
      const costs = axes.map((axis) => AXES[axis].values.map((): number[] => []));
      const measured = [null, ...METRICS.map(({ name }) => name).filter((name) => name !== 'cv')].map((metric) => ({
        metric,
        costs: [] as number[],
      }));
      // Once without a clock: code is compiled, memory is taken.
      costOf(model, 'dim', BASE.dim);
      for (let round = 0; round < rounds; round++) {
        for (const { metric, costs: own } of measured)
          own.push(costOf(model, 'dim', METRIC_DIM, metric === null ? [] : [metric]));
        axes.forEach((axis, a) =>
          AXES[axis].values.forEach((value, v) => costs[a]![v]!.push(costOf(model, axis, value))),
        );
      }
      report(engine, axes, costs);
      reportMetrics(measured);
    });
}

/** A trainer computes on one thread, so that its CPU time is its cost, whatever else the machine does. On a GPU it waits. */
function clockMs(engine: RunEngine): number {
  if (partsOf(engine).name === 'gpu') return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of the median epoch with its measurement; along the axis of epochs, of the whole run. */
function costOf(model: EngineModel, axis: Axis, value: number, metrics: readonly MetricName[] = []): number {
  const { dim, heads, ...sizes } = { ...BASE, [axis]: value };
  const { vocab, classes, samples, sampleSeed } = REFERENCE;
  const config: RunConfig = {
    ...{ ...sizes, dim, heads, headDim: dim / heads, seed: 42, lr: 1e-3 },
    ...{ vocab, classes, samples, sampleSeed, every: 1, metrics },
  };
  const trainer = new Trainer(config, model);
  const marks = [clockMs(model.engine), ...Array.from(trainer.epochs(), () => clockMs(model.engine))];
  trainer.dispose();
  if (axis === 'epochs') return marks.at(-1)! - marks[0]!;
  // Without epoch 0, the middle and the last, which are measured twice, with draws of their own.
  const plain = marks.slice(2).map((mark, i) => mark - marks[i + 1]!);
  return median(plain.filter((_, i) => i + 1 !== sizes.epochs / 2 && i + 1 !== sizes.epochs));
}

function report(engine: RunEngine, axes: Axis[], costs: number[][][]): void {
  console.log(`Engine ${engine}; all but the one size as in dim ${BASE.dim}, ${BASE.heads} heads, seq-len`);
  console.log(
    `${BASE.seqLen}, ${BASE.samplesPerClass * REFERENCE.classes} samples. Milliseconds of CPU time an epoch, CVs included:\n`,
  );
  console.log('| size | values | ms | exponent | of the last step |');
  console.log('| --- | --- | --- | --- | --- |');
  axes.forEach((axis, a) => {
    const { title, values, shown = (value: number) => value } = AXES[axis];
    const ms = costs[a]!.map(median);
    const fits = [fittedExponent(values, ms), fittedExponent(values.slice(-2), ms.slice(-2))];
    const cells = [title, values.map(shown).join(', '), ms.map((one) => one.toPrecision(3)).join(', ')];
    console.log(`| ${[...cells, ...fits.map((fit) => fit.toFixed(2))].join(' | ')} |`);
  });
}

/** What the epoch costs more with each metric of all its matrices than without. */
function reportMetrics(measured: { metric: MetricName | null; costs: number[] }[]): void {
  const { heads } = BASE;
  const plain = measured[0]!.costs;
  console.log(`\nMilliseconds of CPU time that each metric adds to an epoch of dim ${METRIC_DIM}, ${heads} heads`);
  console.log(`(${median(plain).toPrecision(3)} ms without), of all ${8 + 7 * heads} matrices that it is of:\n`);
  console.log('| metric | ms |');
  console.log('| --- | --- |');
  for (const { metric, costs } of measured.slice(1)) {
    const added = median(costs.map((cost, round) => cost - plain[round]!));
    console.log(`| ${metric} | ${Math.max(0, added).toFixed(1)} |`);
  }
}
