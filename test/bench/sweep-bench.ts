/** The whole reference sweep, measured after every epoch, against the original PyTorch script with its three. */
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { median, timeProcess } from './timed-process.js';

const pentachoron = fileURLToPath(new URL('../../../server/bin.js', import.meta.url));

interface SweepBenchOptions {
  python?: string;
  script?: string;
  engines: string;
  rounds: string;
  workers: string;
}

interface Contender {
  name: string;
  run: () => Promise<number>;
  seconds: number[];
}

export function registerSweepBench(program: Command): void {
  program
    .command('sweep')
    .description('times the 12 reference configs from process start to exit, contenders in turn')
    .option('--python <path>', 'a Python with torch and numpy, to time the original script too')
    .option('--script <path>', 'the original script, cv_sweep_mha_testing.py')
    .option('--engines <names>', 'engines to time', 'wasm')
    .option('--rounds <count>', 'how often each runs', '3')
    .option('--workers <count>', 'trainer processes', '2')
    .action(async (options: SweepBenchOptions) => {
      const contenders: Contender[] = options.engines.split(',').map((engine) => ({
        name: `sweep --engine ${engine}, 51 measurements`,
        run: () =>
          timeProcess(process.execPath, [pentachoron, 'sweep', '--engine', engine, '--workers', options.workers]),
        seconds: [],
      }));
      const { python, script } = options;
      if ((python === undefined) !== (script === undefined)) {
        throw new Error('give --python and --script together, or neither');
      }
      if (python !== undefined && script !== undefined) {
        contenders.push({
          name: 'PyTorch script, 3 measurements',
          run: () => timeProcess(python, [script]),
          seconds: [],
        });
      }
      for (let round = 0; round < Number(options.rounds); round++) {
        for (const contender of contenders) contender.seconds.push(await contender.run());
      }
      report(contenders);
    });
}

/** A ratio is taken within each round, so that the machine's drift cancels; the median of them is shown. */
function report(contenders: Contender[]): void {
  const base = contenders[0]!;
  for (const { name, seconds } of contenders) {
    const all = seconds.map((s) => s.toFixed(2)).join(', ');
    const ratio = median(seconds.map((s, round) => s / base.seconds[round]!));
    console.log(`${name.padEnd(40)} median ${median(seconds).toFixed(2)} s (${all})   ${ratio.toFixed(2)} × the first`);
  }
}
