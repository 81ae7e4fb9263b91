/** `npm run attack`: every attack at its full count, a table of what came of them, and `N passed, N failed`. */
import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import type { Attack, Outcome } from './attack.js';
import { connections } from './connections.js';
import { doors } from './doors.js';
import { names } from './names.js';
import { packets } from './packets.js';
import { proxies } from './proxies.js';
import { rights } from './rights.js';
import { twoHosts } from './two-hosts.js';

const ATTACKS: readonly Attack[] = [doors, rights, packets, connections, names, proxies, twoHosts];
/** Failures that are told in words, of each attack. */
const TOLD = 10;

const program = new Command('attack')
  .description('Tries to get in, to do what is not allowed, and to take the server from the others.')
  .option('--only <names>', `attacks, separated by commas: ${ATTACKS.map(({ name }) => name).join(', ')}`, (text) => {
    const only = text.split(',');
    const unknown = only.find((name) => !ATTACKS.some((attack) => attack.name === name));
    if (unknown !== undefined) throw new InvalidArgumentError(`There is no attack ${unknown}.`);
    return only;
  })
  .option(
    '--scale <share>',
    'of the full counts, 1 for all of them',
    (text) => {
      const share = Number(text);
      if (!(share > 0 && share <= 1)) throw new InvalidArgumentError('It must be a number above 0, at most 1.');
      return share;
    },
    1,
  )
  .parse();
const { only, scale } = program.opts<{ only?: string[]; scale: number }>();

const table = new Table({
  head: ['attack', 'cases', 'failures', 'seconds', 'measured', ''],
  style: { head: [], border: [] },
});
let passed = 0;
let failed = 0;
for (const attack of ATTACKS) {
  if (only !== undefined && !only.includes(attack.name)) continue;
  process.stderr.write(`${attack.title} …\n`);
  const startedMs = performance.now();
  const { cases, failures, measured = '' } = await conduct(attack, Math.max(1, Math.round(attack.cases * scale)));
  const isPassed = failures.length === 0;
  if (isPassed) passed += 1;
  else failed += 1;
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  table.push([attack.name, cases, failures.length, seconds, measured, isPassed ? 'passed' : 'FAILED']);
  for (const failure of failures.slice(0, TOLD)) process.stderr.write(`  ${failure}\n`);
  if (failures.length > TOLD) process.stderr.write(`  and ${failures.length - TOLD} more\n`);
}
process.stdout.write(`${table.toString()}\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function conduct(attack: Attack, cases: number): Promise<Outcome> {
  try {
    return await attack.run(cases);
  } catch (error) {
    return { cases: 0, failures: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}
