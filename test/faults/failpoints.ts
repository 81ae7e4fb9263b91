/** The server dies before or after each commit, emit, rename and fsync: what was shown must be stored. */
import { randomInt } from 'node:crypto';
import { addFindings, type Campaign, type Findings, noFindings } from './campaign.js';
import type { FaultPoint } from './fault-points.js';
import { KillableServer, LASTING_SWEEP } from './killable-server.js';
import { inspect } from './store-copy.js';
import { Viewers } from './viewers.js';

const VIEWERS = 3;
/** The latest hit at which to die: commits and emits come every tick, checkpoints ten times a second. */
const LATEST: Record<Exclude<FaultPoint, 'write'>, number> = { commit: 40, emit: 20, rename: 5, fsync: 10 };
const POINTS = Object.keys(LATEST) as (keyof typeof LATEST)[];
const SIDES = ['before', 'after'] as const;

export const failpoints: Campaign = {
  name: 'failpoint',
  title: 'death before and after commit, emit, rename, fsync',
  cases: 20 * POINTS.length * SIDES.length,
  async run(cases) {
    const findings = noFindings();
    const each = Math.max(1, Math.round(cases / POINTS.length / SIDES.length));
    for (const point of POINTS) {
      for (const side of SIDES) {
        const hits = Array.from({ length: each }, () => randomInt(1, LATEST[point] + 1));
        addFindings(findings, await dieAt(point, side, hits), `${side} ${point}`);
      }
    }
    return findings;
  },
};

/** A death at each of `hits`, all over one data folder, so that each server also goes on where the last one died. */
export async function dieAt(
  point: keyof typeof LATEST,
  side: (typeof SIDES)[number],
  hits: readonly number[],
): Promise<Findings> {
  const findings = noFindings();
  const server = new KillableServer();
  let viewers: Viewers | undefined;
  try {
    await server.start();
    const { runIds } = await server.createSweep(LASTING_SWEEP);
    viewers = new Viewers(server.url, runIds, VIEWERS);
    const shown = viewers;
    await viewers.hold(() => 1);
    for (const nth of hits) {
      await server.order({ type: 'die', point, side, nth });
      if ((await server.died()) !== 'SIGKILL') throw new Error(`the server ended otherwise: ${server.said}`);
      await viewers.areCutOff();
      const look = await inspect(server.folder, (store) => shown.compare(store, { complete: false }));
      addFindings(findings, { ...look, cases: 1 }, `at hit ${nth}`);
      await server.start();
    }
    addFindings(findings, viewers.findings, 'viewers');
    return findings;
  } finally {
    viewers?.close();
    await server.close();
  }
}
