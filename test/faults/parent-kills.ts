/** A parent of busy trainers is killed with -9: a second later none of them is alive. */
import { execFile, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { builtFile } from './built-file.js';
import { type Campaign, noFindings } from './campaign.js';
import { within } from './deadline.js';
import { TracedTrainers } from './traced-trainers.js';

const TRAINERS = 2;
const ALLOWED_MS = 1000;
const POLL_MS = 20;
const PATIENCE_MS = 60_000;

export const parentKills: Campaign = {
  name: 'parent',
  title: 'parent killed, busy trainers',
  cases: 50,
  async run(cases) {
    const findings = noFindings();
    for (; findings.cases < cases; findings.cases += 1) {
      const folder = mkdtempSync(join(tmpdir(), 'pentachoron-faults-'));
      try {
        // Some die while their trainers still load the engine.
        const failure = await killParent(new TracedTrainers(folder), findings.cases % 5 === 4 ? 'forked' : 'busy');
        if (failure !== null) findings.failures.push(failure);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    return findings;
  },
};

async function killParent(trainers: TracedTrainers, moment: 'forked' | 'busy'): Promise<string | null> {
  const parent = fork(builtFile('test/faults/busy-parent.js'), [trainers.path], { stdio: 'ignore' });
  const needed = moment === 'busy' ? TRAINERS : 1;
  let told = 0;
  const ready = new Promise<void>((resolve) => {
    parent.on('message', (message) => {
      if (message === moment && (told += 1) === needed) resolve();
    });
  });
  const dead = once(parent, 'exit');
  try {
    await within(PATIENCE_MS, `two trainers being ${moment}`, ready);
    await setTimeout(randomInt(1, 800));
    if (moment === 'busy' && trainers.alive().length !== TRAINERS) return 'the trainers died before their parent';
  } finally {
    parent.kill('SIGKILL');
    await dead;
  }
  const killed = performance.now();
  // Those that were being started may not have told their ids yet: they get the whole second.
  let allowedMs = ALLOWED_MS;
  const starved = moment === 'forked' ? starvedMs() : Promise.resolve(0);
  starved.then((ms) => (allowedMs += ms)).catch(() => undefined);
  while (performance.now() - killed < allowedMs && (moment === 'forked' || trainers.alive().length > 0))
    await setTimeout(POLL_MS);
  await starved;
  const left = trainers.alive();
  for (const pid of left) process.kill(pid, 'SIGKILL');
  return left.length === 0
    ? null
    : `${left.length} of ${TRAINERS} ${moment} trainers lived after ${Math.round(allowedMs)} ms`;
}

/**
 * How long a crowded machine keeps a Node process that starts now waiting for a core: nearly nothing on one that is
 * not. A trainer cannot watch before it has been let start.
 */
async function starvedMs(): Promise<number> {
  const started = performance.now();
  const said = 'process.stdout.write(String(process.cpuUsage().user + process.cpuUsage().system))';
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', said]);
  return Math.max(0, performance.now() - started - Number(stdout) / 1000);
}
