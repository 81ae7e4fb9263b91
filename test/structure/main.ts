/**
 * `npm run structure`: what a reader has to open. Counts the files that a frame and a pause pass, and those that are small
 * and read by one other file alone, which might stand in it. It fails where a way has a file that is gone, or one that
 * nothing leads to from the files before and after it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/**
 * Shorter files with one importer are counted, but for those that could not stand in it: what is loaded when it is needed,
 * and what the package exports.
 */
const SMALL_LINES = 60;
/** From a file of a way to the next: an interface, or the registry of experiments, may stand between them. */
const MAX_IMPORTS = 3;

/**
 * Every file that makes, checks, orders, changes, stores or sends it as it passes. Types alone do not count, nor does what
 * only joins two of them: the pool of trainers, the page's `Observatory`. An arrow stands where it leaves a process, a
 * thread of the page or the store, so that no import leads on.
 */
const WAYS: Record<string, string[]> = {
  'a frame, from trainer to pixel': [
    'server/experiments/attention-cv/trainer.ts',
    'server/execution/trainer-loop.ts',
    '→ IPC',
    'server/execution/trainer-process.ts',
    'server/scheduling/execution.ts',
    'server/scheduling/scheduler.ts',
    'server/scheduling/training.ts',
    'server/runs/run-stream.ts',
    'server/store/sqlite-store.ts',
    'server/store/frame-tables.ts',
    'server/store/tail-table.ts',
    '→ committed',
    'server/api/realtime/broadcaster.ts',
    'server/api/realtime/followed-runs.ts',
    'server/api/calls/encode-frames.ts',
    '→ Socket.IO',
    'client/data/trajectories.ts',
    'client/data/run-columns.ts',
    'client/charts/metric-chart.ts',
    'client/charts/chart-plot.ts',
    'client/charts/chart-data.ts',
    'client/charts/drawn-line.ts',
    'client/charts/chart-painter.ts',
  ],
  'a pause, from button to trainer': [
    'client/runs/run-commands.ts',
    'client/data/commands.ts',
    '→ Socket.IO',
    'server/api/realtime/connections.ts',
    'server/api/realtime/viewer-requests.ts',
    'server/api/calls/call.ts',
    'server/api/calls/run-calls.ts',
    'server/service/stored-sweep-service.ts',
    'server/runs/run-commands.ts',
    'server/scheduling/training.ts',
    'server/execution/trainer-process.ts',
    '→ IPC',
    'server/execution/trainer-loop.ts',
  ],
  'and back, from trainer to button': [
    'server/execution/trainer-loop.ts',
    '→ IPC',
    'server/execution/trainer-process.ts',
    'server/scheduling/execution.ts',
    'server/scheduling/scheduler.ts',
    'server/scheduling/training.ts',
    'server/runs/run-changes.ts',
    'server/runs/run-stream.ts',
    'server/runs/run-registry.ts',
    'server/scheduling/told-times.ts',
    '→ committed',
    'server/api/realtime/broadcaster.ts',
    'server/api/realtime/pending-change.ts',
    '→ Socket.IO',
    'client/data/run-list.ts',
    'client/runs/run-lines.ts',
    'client/runs/run-commands.ts',
  ],
};

const files = ['shared', 'server', 'client'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith('.ts') && !file.includes('/assembly/')),
);
const importers = new Map<string, Set<string>>(files.map((file) => [file, new Set()]));
const ownFiles = new Set(
  readFileSync('package.json', 'utf8')
    .match(/dist\/shared\/[\w/-]+\.js/g)
    ?.map(sourceOf),
);
for (const file of files)
  for (const [, how, from] of readFileSync(file, 'utf8').matchAll(/(from|import\s*\(|import)\s*'(\.[^']+)'/g)) {
    const imported = normalize(join(dirname(file), from!)).replace(/\.js$/, '.ts');
    importers.get(imported)?.add(file);
    if (how!.endsWith('(')) ownFiles.add(imported);
  }

const small = files.filter(
  (file) => importers.get(file)!.size === 1 && linesOf(file) < SMALL_LINES && !ownFiles.has(file),
);
for (const [name, way] of Object.entries(WAYS))
  process.stdout.write(`${name}: ${way.filter((step) => !isArrow(step)).length} files\n`);
process.stdout.write(`${files.length} files, ${small.length} of them below ${SMALL_LINES} lines with one importer:\n`);
for (const file of small)
  process.stdout.write(`  ${file} (${linesOf(file)}), for ${[...importers.get(file)!].join()}\n`);
const faults = Object.entries(WAYS).flatMap(([name, way]) => faultsOf(way).map((fault) => `${name}: ${fault}`));
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;

/** A file must be reached by imports from one of its neighbours, or reach one, unless an arrow leaves it without any. */
function faultsOf(way: readonly string[]): string[] {
  return way.flatMap((file, index) => {
    if (isArrow(file)) return [];
    if (!importers.has(file)) return [`there is no ${file}`];
    const neighbours = [way[index - 1], way[index + 1]].filter((step) => step !== undefined && !isArrow(step));
    const isJoined = neighbours.some((neighbour) => imports(file, neighbour!) || imports(neighbour!, file));
    return isJoined || neighbours.length === 0 ? [] : [`no import joins ${file} to ${neighbours.join(' or ')}`];
  });
}

function imports(from: string, to: string): boolean {
  let reaching = new Set([to]);
  for (let step = 0; step < MAX_IMPORTS && !reaching.has(from); step += 1)
    reaching = new Set([...reaching].flatMap((file) => [file, ...(importers.get(file) ?? [])]));
  return reaching.has(from);
}

/** `dist/shared/a.js` → `shared/a.ts` */
function sourceOf(built: string): string {
  return built.replace(/^dist\//, '').replace(/\.js$/, '.ts');
}

function isArrow(step: string): boolean {
  return step.startsWith('→');
}

function linesOf(file: string): number {
  return readFileSync(file, 'utf8').split('\n').length - 1;
}
