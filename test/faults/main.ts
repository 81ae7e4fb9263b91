/** `npm run faults`: every campaign at its full count, a table of what was lost, and `N passed, N failed`. */
import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { type Campaign, type Findings, isFaultless, noFindings } from './campaign.js';
import { checkpointDamage } from './checkpoint-damage.js';
import { diskFull } from './disk-full.js';
import { folderAway } from './folder-away.js';
import { failpoints } from './failpoints.js';
import { floods } from './floods.js';
import { parentKills } from './parent-kills.js';
import { commands } from './commands.js';
import { pauses } from './pauses.js';
import { serverKills } from './server-kills.js';
import { trainerKills } from './trainer-kills.js';

const CAMPAIGNS: readonly Campaign[] = [
  ...[trainerKills, serverKills, failpoints, checkpointDamage, diskFull, folderAway, parentKills, commands, pauses],
  floods,
];
/** Failures that are told in words, of each campaign. */
const TOLD = 10;

const program = new Command('faults')
  .description('Makes processes die, disks fill and commands collide, and counts what is lost.')
  .option(
    '--only <names>',
    `campaigns, separated by commas: ${CAMPAIGNS.map(({ name }) => name).join(', ')}`,
    (text) => {
      const names = text.split(',');
      const unknown = names.find((name) => !CAMPAIGNS.some((campaign) => campaign.name === name));
      if (unknown !== undefined) throw new InvalidArgumentError(`There is no campaign ${unknown}.`);
      return names;
    },
  )
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
  head: ['campaign', 'cases', 'lost', 'duplicated', 'out of order', 'differing', 'seconds', ''],
  style: { head: [], border: [] },
});
let passed = 0;
let failed = 0;
for (const campaign of CAMPAIGNS) {
  if (only !== undefined && !only.includes(campaign.name)) continue;
  process.stderr.write(`${campaign.title} …\n`);
  const started = performance.now();
  const findings = await conduct(campaign, Math.max(1, Math.round(campaign.cases * scale)));
  const isPassed = isFaultless(findings);
  if (isPassed) passed += 1;
  else failed += 1;
  const { cases, lost, duplicated, outOfOrder, differing, failures } = findings;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  table.push([campaign.title, cases, lost, duplicated, outOfOrder, differing, seconds, isPassed ? 'passed' : 'FAILED']);
  for (const failure of failures.slice(0, TOLD)) process.stderr.write(`  ${failure}\n`);
  if (failures.length > TOLD) process.stderr.write(`  and ${failures.length - TOLD} more\n`);
}
process.stdout.write(`${table.toString()}\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function conduct(campaign: Campaign, cases: number): Promise<Findings> {
  try {
    return await campaign.run(cases);
  } catch (error) {
    return { ...noFindings(), failures: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}
