/** The server is killed with -9 while many viewers follow, whose own connections break too. */
import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { addFindings, type Campaign, type Findings, noFindings } from './campaign.js';
import { KillableServer, LASTING_SWEEP } from './killable-server.js';
import { inspect } from './store-copy.js';
import { Viewers } from './viewers.js';
import { Watcher } from './watcher.js';

const VIEWERS = 40;
const LONGEST_LIFE_MS = 1500;
/** Between two broken connections, at most. */
const LONGEST_PEACE_MS = 100;

export const serverKills: Campaign = {
  name: 'server',
  title: `server killed, ${VIEWERS} viewers that come and go`,
  cases: 100,
  run: (cases) => killServers(cases, VIEWERS),
};

export async function killServers(cases: number, viewerCount: number): Promise<Findings> {
  const findings = noFindings();
  const server = new KillableServer();
  let viewers: Viewers | undefined;
  let watcher: Watcher | undefined;
  try {
    await server.start();
    const { id, runIds } = await server.createSweep(LASTING_SWEEP);
    viewers = new Viewers(server.url, runIds, viewerCount);
    await viewers.hold(() => 1);
    for (; findings.cases < cases; findings.cases += 1) {
      await unsettledLife(viewers, randomInt(LONGEST_LIFE_MS));
      await server.kill();
      await server.start();
    }
    watcher = new Watcher(server.url);
    // All of them see the runs go on once more, and their end.
    const held = new Map<string, number>();
    for (const runId of runIds) held.set(runId, (await server.run(runId)).step);
    await viewers.hold((runId) => held.get(runId)! + 2);
    await server.control(`/api/sweeps/${id}/stop`);
    for (const runId of runIds) held.set(runId, (await watcher.reached(runId, 'stopped')).step);
    await viewers.hold((runId) => held.get(runId)! + 1);
    await server.kill();
    addFindings(findings, viewers.findings, 'viewers');
    const shown = viewers;
    addFindings(findings, await inspect(server.folder, (store) => shown.compare(store, { complete: true })), 'the end');
    return findings;
  } finally {
    viewers?.close();
    watcher?.close();
    await server.close();
  }
}

/** Breaks connections for so long. */
async function unsettledLife(viewers: Viewers, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    await setTimeout(Math.min(randomInt(1, LONGEST_PEACE_MS), Math.max(1, end - performance.now())));
    viewers.breakOne();
  }
}
