/**
 * `npm run structure`: what a reader has to open. Counts the files that a frame and a pause pass, and those that are small
 * and read by one other file alone, which might stand in it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Shorter files with one importer are counted. */
const SMALL_LINES = 60;

/**
 * Every file that holds code which runs as it passes; types alone do not count. An arrow stands where it leaves a
 * process, a thread of the page or the store, so that no import leads on.
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
    '→ committed',
    'server/api/realtime/broadcaster.ts',
    'server/api/realtime/followed-runs.ts',
    'server/api/calls/encode-frames.ts',
    '→ Socket.IO',
    'client/data/trajectories.ts',
    'client/data/run-columns.ts',
    'client/runs/run-lines.ts',
    'client/charts/metric-chart.ts',
    'client/charts/chart-data.ts',
  ],
  'a pause, from button to trainer': [
    'client/runs/run-commands.ts',
    'client/data/commands.ts',
    '→ Socket.IO',
    'server/api/realtime/connections.ts',
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
    'server/scheduling/training.ts',
    'server/runs/run-changes.ts',
    'server/runs/run-stream.ts',
    'server/runs/run-registry.ts',
    '→ committed',
    'server/api/realtime/broadcaster.ts',
    '→ Socket.IO',
    'client/data/run-list.ts',
    'client/runs/run-commands.ts',
  ],
};

const files = ['shared', 'server', 'client'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith('.ts') && !file.includes('/assembly/')),
);
const importers = new Map<string, Set<string>>(files.map((file) => [file, new Set()]));
for (const file of files)
  for (const [, from] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g))
    importers.get(normalize(join(dirname(file), from!)).replace(/\.js$/, '.ts'))?.add(file);

const missing = Object.values(WAYS)
  .flat()
  .filter((file) => !file.startsWith('→') && !existsSync(file));
for (const [name, way] of Object.entries(WAYS))
  process.stdout.write(`${name}: ${way.filter((step) => !step.startsWith('→')).length} files\n`);
const small = files.filter((file) => importers.get(file)!.size === 1 && linesOf(file) < SMALL_LINES);
process.stdout.write(`${files.length} files, ${small.length} of them below ${SMALL_LINES} lines with one importer:\n`);
for (const file of small)
  process.stdout.write(`  ${file} (${linesOf(file)}), for ${[...importers.get(file)!].join()}\n`);
if (missing.length > 0) process.stderr.write(`no such file: ${missing.join(', ')}\n`);
process.exitCode = missing.length > 0 ? 1 : 0;

function linesOf(file: string): number {
  return readFileSync(file, 'utf8').split('\n').length - 1;
}
