/** The whole reference sweep, measured after every epoch, against the original PyTorch script or another checkout. */
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { ENGINE_NAMES } from '../../shared/engine.js';
import { compareWithBase } from './base-comparison.js';
import { everyEpoch } from './every-epoch.js';
import { printProfile } from './sweep-profile.js';
import { median, timeProcess, type Timing } from './timed-process.js';

const pentachoron = fileURLToPath(new URL('../../../server/bin.js', import.meta.url));
/** Configs that the script measures after every epoch, too: with all twelve, `--thorough`, it takes minutes. */
const THREE = { dims: [64, 128, 256], heads: [4] };
const ALL = { dims: [64, 128, 256], heads: [1, 2, 4, 8] };

interface SweepBenchOptions {
  python?: string;
  script?: string;
  base?: string;
  engines: string;
  rounds: string;
  workers: string;
  thorough?: true;
}

interface Contender {
  name: string;
  run: () => Promise<Timing>;
  timings: Timing[];
}

/** The first of a part is what the others are compared with. */
interface Part {
  title: string;
  contenders: Contender[];
}

export function registerSweepBench(program: Command): void {
  program
    .command('sweep')
    .description('times the reference sweep from process start to exit, contenders in turn, and tells where time goes')
    .option('--python <path>', 'a Python with torch and numpy, to time the original script too')
    .option('--script <path>', 'the original script, cv_sweep_mha_testing.py')
    .option('--base <folder>', 'a built checkout of this project: only compares this build with that one')
    .option('--engines <names>', 'engines to time', 'wasm')
    .option('--rounds <count>', 'how often each runs', '3')
    .option('--workers <count>', 'trainer processes', '2')
    .option('--thorough', 'let the script measure all 12 configs after every epoch, not three')
    .action(async (options: SweepBenchOptions) => {
      const { python, script, base, workers } = options;
      const rounds = Number(options.rounds);
      const some = options.thorough ? ALL : THREE;
      if ((python === undefined) !== (script === undefined)) {
        throw new Error('give --python and --script together, or neither');
      }
      const engines = options.engines.split(',').map((word) => {
        const named = ENGINE_NAMES.find((name) => name === word);
        if (named === undefined) throw new Error(`--engines must be of ${ENGINE_NAMES.join(', ')}, and ${word} is not`);
        return named;
      });
      if (base !== undefined) {
        for (const engine of engines)
          await compareWithBase(pentachoron, base, ['--engine', engine, '--workers', workers], rounds);
        return;
      }
      const ours = (flags: string[]): Contender[] =>
        engines.map((engine) =>
          contender(`sweep --engine ${engine}`, process.execPath, [
            ...[pentachoron, 'sweep', '--engine', engine, '--workers', workers],
            ...flags,
          ]),
        );
      const theirs = (name: string, parameters: (path: string) => string[]): Contender[] =>
        python === undefined || script === undefined ? [] : [contender(name, python, parameters(script))];
      const parts: Part[] = [
        {
          title: 'all 12 configs, 51 measurements a run; 3 by the script',
          contenders: [...ours([]), ...theirs('PyTorch script', (path) => [path])],
        },
        {
          title: `${some.dims.join(', ')} / ${some.heads.join()}, 51 measurements a run`,
          contenders: [
            ...ours(['--dims', some.dims.join(), '--heads', some.heads.join()]),
            ...theirs('PyTorch script, every epoch', (path) => everyEpoch(path, some)),
          ],
        },
        { title: '64/4 alone', contenders: ours(['--dims', '64', '--heads', '4']) },
      ];
      for (let round = 0; round < rounds; round++)
        for (const { contenders } of parts) for (const one of contenders) one.timings.push(await one.run());
      parts.forEach(report);
      for (const engine of engines) await printProfile(engine);
    });
}

function contender(name: string, command: string, parameters: string[]): Contender {
  return { name, run: () => timeProcess(command, parameters), timings: [] };
}

/** A ratio is taken within each round, so that the machine's drift cancels; the median of them is shown. */
function report({ title, contenders }: Part): void {
  console.log(`\n${title}`);
  const base = contenders[0]!.timings;
  for (const { name, timings } of contenders) {
    const seconds = timings.map((timing) => timing.seconds);
    const ratio = median(seconds.map((s, round) => s / base[round]!.seconds));
    const peak = Math.max(...timings.map(({ peakMb }) => peakMb));
    const all = seconds.map((s) => s.toFixed(2)).join(', ');
    console.log(
      `  ${name.padEnd(28)} ${median(seconds).toFixed(2).padStart(6)} s (${all}), ${ratio.toFixed(2)} × the first, at most ${peak.toFixed(0)} MB`,
    );
  }
}
