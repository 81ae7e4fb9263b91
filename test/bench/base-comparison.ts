/** Whether this build sweeps as fast as that of another checkout: whole processes in turn, so that drift hits both. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { median, medianInterval, timeProcess, type Timing } from './timed-process.js';

const UNITS = { seconds: 'wall-clock seconds', cpuSeconds: 'CPU seconds' } as const;

/**
 * Ends with exit code 1 where this build is slower, beyond what its rounds leave open.
 * @param program `server/bin.js` of this build.
 * @param base The other checkout, built.
 */
export async function compareWithBase(
  program: string,
  base: string,
  flags: readonly string[],
  rounds: number,
): Promise<void> {
  const other = join(base, 'server/bin.js');
  if (!existsSync(other)) throw new Error(`--base must be a checkout of this project, and there is no ${other}`);
  const timed = { base: { path: other, timings: [] as Timing[] }, now: { path: program, timings: [] as Timing[] } };
  for (let round = 0; round < rounds; round++) {
    // Who goes second may find the machine warmer: that is each in turn.
    const pair = round % 2 === 0 ? [timed.base, timed.now] : [timed.now, timed.base];
    for (const { path, timings } of pair) timings.push(await timeProcess(process.execPath, [path, 'sweep', ...flags]));
  }

  console.log(`\nall 12 configs, ${flags.join(' ')}: this build against ${base}, ${rounds} rounds`);
  for (const key of ['seconds', 'cpuSeconds'] as const) {
    const [before, now] = [timed.base, timed.now].map(({ timings }) => timings.map((timing) => timing[key]));
    const ratios = now!.map((value, round) => value / before![round]!);
    const [low, high] = medianInterval(ratios);
    console.log(
      `  ${UNITS[key].padEnd(19)} ${median(before!).toFixed(2)} → ${median(now!).toFixed(2)}, ` +
        `median ratio ${median(ratios).toFixed(3)}, 95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}`,
    );
    if (low > 1) process.exitCode = 1;
  }
}
