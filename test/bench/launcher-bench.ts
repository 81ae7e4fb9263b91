/** What `python -m pentachoron` adds to a script's time: bare and launched in turn, beside one server. */
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { RealServer } from '../support/real-server.js';
import { printRatios, timePairs } from './paired-timing.js';
import { cpuSecondsOf, timeProcess } from './timed-process.js';

const client = fileURLToPath(new URL('../../../client/python', import.meta.url));

interface LauncherBenchOptions {
  python: string;
  script: string;
  rounds: string;
  watch?: string;
}

export function registerLauncherBench(program: Command): void {
  program
    .command('launcher')
    .description('times a Python script bare and under python -m pentachoron, in turn')
    .requiredOption('--python <path>', 'a Python with what the script imports')
    .requiredOption('--script <path>', 'the script, such as cv_sweep_mha_testing.py')
    .option('--rounds <count>', 'how often each runs', '9')
    .option('--watch <every>', 'measure the geometry of every weight matrix, too, every so many steps')
    .action(async ({ python, script, rounds, watch }: LauncherBenchOptions) => {
      const server = await RealServer.start();
      try {
        const watching = watch === undefined ? [] : ['--watch', watch];
        const launcher = ['-m', 'pentachoron', '--url', server.url, ...watching];
        const timings = await timePairs(
          Number(rounds),
          () => timeProcess(python, [script]),
          () => timeProcess(python, [...launcher, script], { ...process.env, PYTHONPATH: client }),
        );
        const answer = await fetch(new URL('api/runs', server.url));
        const { runs } = (await answer.json()) as { runs: unknown[] };
        console.log(`\n${script}, bare → launched, ${rounds} rounds, ${runs.length} runs arrived`);
        printRatios(timings);
        console.log(`  the server took ${(cpuSecondsOf(server.pid) / Number(rounds)).toFixed(2)} CPU seconds a round`);
      } finally {
        await server.close();
      }
    });
}
