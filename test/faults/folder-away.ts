/**
 * The data folder goes away under a server that trains, and comes back: whatever takes its place meanwhile is left
 * alone, everyone is told, and the run must end as if nothing had happened.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileCheckpoints } from '../../server/store/checkpoints.js';
import { addFindings, type Campaign, type Findings, noFindings } from './campaign.js';
import { KillableServer } from './killable-server.js';
import { compareOutcomes, type Outcome, outcomeOf } from './outcome.js';
import { inspect } from './store-copy.js';
import { Viewers } from './viewers.js';
import { Watcher } from './watcher.js';

/** Trains for a second or so on a machine that has nothing else to do: time enough to lose its folder meanwhile. */
const REQUEST = {
  ...{ dims: [16], heads: [1], vocab: 32, seqLen: 4, classes: 3, samplesPerClass: 10, samples: 10, epochs: 4000 },
};
const CHECKPOINT_SECONDS = 0.2;

interface Place {
  /** Of the server. */
  folder: string;
  /** Where nothing is, on the same disk. */
  aside: string;
}

interface Mishap {
  goes(place: Place): unknown;
  returns(place: Place): void;
}

const database = (folder: string): string => join(folder, 'pentachoron.db');

const MISHAPS: Record<string, Mishap> = {
  'moved away': {
    goes: ({ folder, aside }) => renameSync(folder, aside),
    returns: ({ folder, aside }) => renameSync(aside, folder),
  },
  'moved away, an empty folder in its place': {
    goes: ({ folder, aside }) => {
      renameSync(folder, aside);
      mkdirSync(join(folder, 'checkpoints'), { recursive: true });
    },
    returns: ({ folder, aside }) => {
      rmSync(folder, { recursive: true });
      renameSync(aside, folder);
    },
  },
  'moved away, a link to another folder in its place': {
    goes: ({ folder, aside }) => {
      renameSync(folder, aside);
      mkdirSync(`${aside}-other`);
      symlinkSync(`${aside}-other`, folder);
    },
    returns: ({ folder, aside }) => {
      rmSync(folder);
      rmSync(`${aside}-other`, { recursive: true });
      renameSync(aside, folder);
    },
  },
  'moved away, another server in its place': {
    goes: async ({ folder, aside }) => {
      renameSync(folder, aside);
      const other = new KillableServer({ folder });
      await other.start();
      await other.close({ keepFolder: true });
    },
    returns: ({ folder, aside }) => {
      rmSync(folder, { recursive: true });
      renameSync(aside, folder);
    },
  },
  'its database moved away': {
    goes: ({ folder, aside }) => renameSync(database(folder), aside),
    returns: ({ folder, aside }) => renameSync(aside, database(folder)),
  },
  'its database moved away, an empty file in its place': {
    goes: ({ folder, aside }) => {
      renameSync(database(folder), aside);
      writeFileSync(database(folder), '');
    },
    returns: ({ folder, aside }) => renameSync(aside, database(folder)),
  },
};
const NAMES = Object.keys(MISHAPS);

export const folderAway: Campaign = {
  name: 'folder',
  title: 'data folder away and back while a run trains',
  cases: 10 * NAMES.length,
  async run(cases) {
    const findings = noFindings();
    const above = mkdtempSync(join(tmpdir(), 'pentachoron-faults-'));
    const folder = join(above, 'data');
    const server = new KillableServer({ folder, checkpointSeconds: CHECKPOINT_SECONDS });
    let watcher: Watcher | undefined;
    try {
      await server.start();
      watcher = new Watcher(server.url);
      const undisturbed = (await server.createSweep(REQUEST)).runIds[0]!;
      await watcher.reached(undisturbed, 'completed');
      const runIds: string[] = [];
      for (let index = 0; index < cases; index += 1) {
        const name = NAMES[index % NAMES.length]!;
        const place = { folder, aside: join(above, 'aside') };
        runIds.push(await lose(server, watcher, name, place, findings));
      }
      await server.kill();
      const expected = await outcomeIn(folder, undisturbed);
      for (const runId of runIds)
        addFindings(findings, compareOutcomes(expected, await outcomeIn(folder, runId)), `run ${runId}`);
      findings.cases = cases;
      return findings;
    } finally {
      watcher?.close();
      await server.close();
      rmSync(above, { recursive: true, force: true });
    }
  },
};

/** Takes the folder from a run in the middle of its training, and gives it back. Answers the run. */
async function lose(
  server: KillableServer,
  watcher: Watcher,
  name: string,
  place: Place,
  findings: Findings,
): Promise<string> {
  const mishap = MISHAPS[name]!;
  const runId = (await server.createSweep(REQUEST)).runIds[0]!;
  const viewers = new Viewers(server.url, [runId], 1);
  try {
    await watcher.reached(runId, 'running');
    await mishap.goes(place);
    await watcher.storageIs('refused');
    const { storage } = (await (await fetch(`${server.url}/api/health`)).json()) as { storage: { ok: boolean } };
    if (storage.ok) findings.failures.push(`${name}: health says that the storage is well`);
    // A run that is told to pause writes a checkpoint, if it may.
    if (wasWrittenInto(place, runId))
      findings.failures.push(`${name}: a checkpoint was written into what is in the folder's place`);
    mishap.returns(place);
    await watcher.storageIs('well');
    const end = await watcher.reached(runId, 'completed', 'failed');
    if (end.status === 'failed') findings.failures.push(`${name}: the run failed: ${end.error?.message ?? ''}`);
    await viewers.hold(() => end.step + 1);
    addFindings(findings, { ...viewers.findings, cases: 0 }, name);
    return runId;
  } finally {
    viewers.close();
  }
}

/** Whether a folder in the place of the server's, which then is aside, has something of the run. */
function wasWrittenInto({ folder, aside }: Place, runId: string): boolean {
  const checkpoints = join(folder, 'checkpoints');
  return existsSync(database(aside)) && existsSync(checkpoints) && readdirSync(checkpoints).includes(runId);
}

async function outcomeIn(folder: string, runId: string): Promise<Outcome> {
  let outcome: Outcome | undefined;
  const checkpoints = createFileCheckpoints(join(folder, 'checkpoints'));
  await inspect(folder, async (store) => {
    outcome = await outcomeOf(store, checkpoints, runId);
    return noFindings();
  });
  if (outcome === undefined) throw new Error(`the store in ${folder} cannot be opened`);
  return outcome;
}
