/** The disk is full or broken at each write of a run, and later is not: the run must end as if nothing had happened. */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createFileCheckpoints } from '../../server/store/checkpoints.js';
import { addFindings, type Campaign, type Findings, noFindings } from './campaign.js';
import type { DiskError } from './fault-points.js';
import { KillableServer } from './killable-server.js';
import { compareOutcomes, type Outcome, outcomeOf } from './outcome.js';
import { inspect } from './store-copy.js';
import { Viewers } from './viewers.js';
import { Watcher } from './watcher.js';

const REQUEST = {
  dims: [16],
  heads: [1],
  vocab: 32,
  seqLen: 4,
  classes: 3,
  samplesPerClass: 10,
  samples: 50,
  epochs: 1000,
};
const CHECKPOINT_SECONDS = 0.05;
const CODES: readonly DiskError[] = ['ENOSPC', 'EIO'];
/** More than a run has; there are no more cases than it has. */
const MOST_WRITES = 80;
/** Trains long enough to be met by a disk that fills up. */
const LONG_REQUEST = { ...REQUEST, epochs: 2000 };
const SMALL_DISK_BYTES = 16 * 2 ** 20;
const SMALL_DISK_CASES = 5;

export const diskFull: Campaign = {
  name: 'disk',
  title: 'disk full and broken at each write of a run',
  cases: MOST_WRITES * CODES.length,
  async run(cases) {
    const findings = noFindings();
    const each = Math.max(1, Math.round(cases / CODES.length));
    for (const code of CODES) addFindings(findings, await refuseWrites(code, each), code);
    // A small count leaves out what needs the rights of an administrator.
    if (cases >= MOST_WRITES) addFindings(findings, await fillSmallDisk(), 'a small disk');
    return findings;
  },
};

/** One run for each of the writes that a run has, or for `cases` of them from the first to the last. */
async function refuseWrites(code: DiskError, cases: number): Promise<Findings> {
  const findings = noFindings();
  const server = new KillableServer({ checkpointSeconds: CHECKPOINT_SECONDS });
  let watcher: Watcher | undefined;
  try {
    await server.start();
    watcher = new Watcher(server.url);
    const first = (await server.createSweep(REQUEST)).runIds[0]!;
    await watcher.reached(first, 'completed');
    // The first one waited for its trainer; a second one shows how many writes the others will have.
    const before = await server.order({ type: 'release' });
    const second = (await server.createSweep(REQUEST)).runIds[0]!;
    await watcher.reached(second, 'completed');
    const runIds = [second];
    const writes = (await server.order({ type: 'release' })) - before;
    const chosen = Math.min(cases, writes);
    for (let index = 0; index < chosen; index += 1) {
      const nth = 1 + Math.floor((index * writes) / chosen);
      runIds.push(await refuseOne(server, watcher, { code, nth }, findings));
    }
    await server.kill();
    const compared = await compareRuns(server.folder, runIds, await outcomeIn(server.folder, first));
    addFindings(findings, { ...compared, cases: 0 }, 'the end');
    return findings;
  } finally {
    watcher?.close();
    await server.close();
  }
}

/** Answers the run. With fewer writes than that it is not disturbed, and no case. */
async function refuseOne(
  server: KillableServer,
  watcher: Watcher,
  { code, nth }: { code: DiskError; nth: number },
  findings: Findings,
): Promise<string> {
  const abort = new AbortController();
  const failing = server.news('failing', abort.signal).then(() => 'failing' as const);
  await server.order({ type: 'fail', code, nth });
  // The creation itself may be what is refused; then nothing of it may remain, and it is asked for again.
  let runId = await server.createSweep(REQUEST).then(
    ({ runIds }) => runIds[0]!,
    () => null,
  );
  const viewers = runId === null ? null : new Viewers(server.url, [runId], 1);
  try {
    if (runId !== null) {
      const ended = watcher.reached(runId, 'completed', 'failed').then(() => 'ended' as const);
      // Whichever comes second is of no interest.
      ended.catch(() => undefined);
      if ((await Promise.race([failing, ended])) === 'ended') {
        await server.order({ type: 'release' });
        return runId;
      }
    }
    findings.cases += 1;
    await watcher.storageIs('refused');
    await server.order({ type: 'release' });
    await watcher.storageIs('well');
    runId ??= (await server.createSweep(REQUEST)).runIds[0]!;
    const end = await watcher.reached(runId, 'completed', 'failed');
    if (end.status === 'failed')
      findings.failures.push(`refused at write ${nth}, the run failed: ${end.error?.message ?? ''}`);
    await viewers?.hold(() => end.step + 1);
    if (viewers !== null) addFindings(findings, viewers.findings, `write ${nth}`);
    return runId;
  } finally {
    abort.abort();
    viewers?.close();
  }
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

async function compareRuns(folder: string, runIds: readonly string[], expected: Outcome): Promise<Findings> {
  const findings = await inspect(folder, (store) => {
    const others = store.sweeps().length - 1 - runIds.length;
    return { ...noFindings(), failures: others > 0 ? [`${others} sweeps are there that were refused`] : [] };
  });
  for (const runId of runIds)
    addFindings(findings, compareOutcomes(expected, await outcomeIn(folder, runId)), `run ${runId}`);
  return findings;
}

/** A file system of a few MB that a file fills up while runs train; it is taken away later. */
async function fillSmallDisk(): Promise<Findings> {
  const findings = noFindings();
  const disk = mkdtempSync(join(tmpdir(), 'pentachoron-faults-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK_BYTES}`, 'tmpfs', disk]);
  if (mounted.status !== 0) {
    process.stderr.write('  no small disk: this user cannot mount one\n');
    rmSync(disk, { recursive: true });
    return findings;
  }
  const server = new KillableServer({ folder: disk, checkpointSeconds: CHECKPOINT_SECONDS });
  let watcher: Watcher | undefined;
  try {
    await server.start();
    watcher = new Watcher(server.url);
    const ballast = join(disk, 'ballast');
    const undisturbed = (await server.createSweep(LONG_REQUEST)).runIds[0]!;
    await watcher.reached(undisturbed, 'completed');
    const runIds: string[] = [];
    for (let index = 0; index < SMALL_DISK_CASES; index += 1) {
      const runId = (await server.createSweep(LONG_REQUEST)).runIds[0]!;
      runIds.push(runId);
      await watcher.reached(runId, 'running');
      fill(ballast, randomInt(50_000));
      await watcher.storageIs('refused');
      rmSync(ballast);
      await watcher.storageIs('well');
      const end = await watcher.reached(runId, 'completed', 'failed');
      if (end.status === 'failed') findings.failures.push(`the run failed: ${end.error?.message ?? ''}`);
    }
    addFindings(findings, await startWhenFull(server, watcher, ballast, runIds), 'a start on a full disk');
    await server.kill();
    const expected = await outcomeIn(disk, undisturbed);
    for (const runId of runIds)
      addFindings(findings, compareOutcomes(expected, await outcomeIn(disk, runId)), `run ${runId}`);
    addFindings(findings, await inspect(disk, () => noFindings()), 'the end');
    return findings;
  } finally {
    watcher?.close();
    await server.close({ keepFolder: true });
    // What a trainer that is about to end still holds must not keep it.
    spawnSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  }
}

/** A server that dies on a full disk starts there, too, and waits; one over a new folder cannot, and says why. */
async function startWhenFull(
  server: KillableServer,
  watcher: Watcher,
  ballast: string,
  runIds: string[],
): Promise<Findings> {
  const findings = { ...noFindings(), cases: 2 };
  const runId = (await server.createSweep(LONG_REQUEST)).runIds[0]!;
  runIds.push(runId);
  await watcher.reached(runId, 'running');
  fill(ballast, 0);
  await watcher.storageIs('refused');
  await server.kill();
  const rest = `${ballast}-rest`;
  fill(rest, 0);
  const other = new KillableServer({ folder: join(server.folder, 'new') });
  const words = await other.start().then(
    () => 'it began',
    (error: unknown) => String(error),
  );
  await other.close();
  if (!/disk is full|no space/i.test(words)) findings.failures.push(`a new data folder without room: ${words}`);
  await server.start();
  await watcher.storageIs('refused');
  for (const file of [ballast, rest]) rmSync(file);
  await watcher.storageIs('well');
  const end = await watcher.reached(runId, 'completed', 'failed');
  if (end.status === 'failed') findings.failures.push(`the run failed: ${end.error?.message ?? ''}`);
  return findings;
}

/** Takes all the room there is on the file's disk but so many bytes. */
function fill(file: string, leftBytes: number): void {
  const { bavail, bsize } = statfsSync(dirname(file));
  try {
    writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - leftBytes)));
  } catch (error) {
    // The server took some of it meanwhile: it is full, as it should be.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}
