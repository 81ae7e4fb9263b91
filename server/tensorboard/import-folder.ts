/** Reads a log folder once, and writes what is in it as runs. What is there already is not written again. */
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fail, ok, type Result } from '../../shared/errors.js';
import type { Report } from '../../shared/ingest.js';
import { realPath } from './log-follower.js';
import { type RunFolder, runFolders } from './log-folder.js';
import { RunReader } from './run-reader.js';
import type { RunSink } from './run-sink.js';

export interface Imported {
  runs: number;
  /** Points that the files hold, and those of them that were not stored before. */
  points: number;
  written: number;
  restarts: number;
  damaged: number;
  /** Values that are no numbers. */
  others: number;
  /** Runs that could not be written, and why. */
  failures: { run: string; message: string }[];
}

interface ImportParts {
  sink: RunSink;
  /** Hears of each run as it is begun. */
  told?: (run: string) => void;
  /** Whose folder it is, where several machines may have one of its path. */
  origin?: string | undefined;
  signal?: AbortSignal;
}

/** @param path a log folder, or an event file in one; `not_found` where neither is */
export async function importFolder(
  path: string,
  { sink, told, origin, signal }: ImportParts,
): Promise<Result<Imported>> {
  const folders = await foldersOf(path);
  if (!folders.ok) return folders;
  const { logFolder, runs } = folders.data;
  const imported: Imported = {
    ...{ runs: 0, points: 0, written: 0, restarts: 0 },
    damaged: 0,
    others: 0,
    failures: [],
  };
  for (const { name, path: folder, files } of runs) {
    if (signal?.aborted === true) break;
    told?.(name);
    const reader = new RunReader({ logFolder, name, sink, ...(origin !== undefined && { origin }) });
    const read = await reader.read(folder, files);
    const ended = read.ok && reader.run !== null ? await sink.report(reader.run, reportOf(reader)) : read;
    if (!ended.ok) imported.failures.push({ run: name, message: ended.error.message });
    if (reader.run !== null) imported.runs += 1;
    imported.points += reader.met;
    imported.written += reader.written;
    imported.restarts += reader.restarts;
    imported.damaged += reader.damaged;
    imported.others += reader.others;
    if (!ended.ok && ended.error.code === 'unavailable') break;
  }
  return ok(imported);
}

async function foldersOf(path: string): Promise<Result<{ logFolder: string; runs: RunFolder[] }>> {
  const real = realPath(path);
  const found = await stat(real).catch(() => null);
  if (found === null) return fail('not_found', `there is no ${path}`);
  if (found.isDirectory()) return ok({ logFolder: real, runs: await runFolders(real) });
  const folder = dirname(real);
  return ok({ logFolder: folder, runs: [{ name: '.', path: folder, files: [basename(real)] }] });
}

/** What lies there has ended; only hparams tell how. */
function reportOf({ end, lastAt }: RunReader): Report {
  const status = end === 'success' ? 'completed' : end === 'failure' ? 'failed' : 'stopped';
  return { seq: 0, status, at: lastAt };
}
