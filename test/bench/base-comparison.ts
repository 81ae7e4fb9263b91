/** Whether this build sweeps as fast as that of another checkout: whole processes in turn, so that drift hits both. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { printRatios, timePairs } from './paired-timing.js';
import { timeProcess } from './timed-process.js';

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
  const sweep = (path: string) => () => timeProcess(process.execPath, [path, 'sweep', ...flags]);
  const timings = await timePairs(rounds, sweep(other), sweep(program));
  console.log(`\nall 12 configs, ${flags.join(' ')}: this build against ${base}, ${rounds} rounds`);
  if (printRatios(timings)) process.exitCode = 1;
}
