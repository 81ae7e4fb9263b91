/** A `RunStore` in a SQLite database: WAL, synchronous=FULL, one writer, one transaction per commit. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import { fail, ok, type Result } from '../../shared/errors.js';
import { framesFromBytes, framesToBytes, type FrameBlock } from '../../shared/frames.js';
import type { Fingerprint, Measurement } from '../../shared/measurement.js';
import type { Run, RunStatus, Sweep } from '../../shared/run.js';
import { messageOf } from '../message-of.js';
import { countStatuses } from './count-statuses.js';
import { lockFolder, type FolderLock } from './folder-lock.js';
import { migrate, SCHEMA_VERSION, schemaVersion } from './migrations.js';
import {
  KEPT_CHECKPOINTS,
  type CheckpointRow,
  type Commit,
  type LogRow,
  type RunFilter,
  type RunStore,
  type StoredSweep,
} from './run-store.js';
import { storageErrorOf } from './storage-error.js';

/** Older ones can lose a WAL that is reset while another connection reads it. */
const OLDEST_SQLITE = '3.51.3';

/**
 * Opens the store in `folder`, which is made if it is missing and held against other servers until `close()`.
 * Answers `unavailable`, naming the folder, when it cannot be made or written, is in use, or was written by a newer
 * version.
 */
export function openSqliteStore(folder: string): Result<RunStore> {
  let lock: FolderLock | undefined;
  let database: DatabaseSyncInstance | undefined;
  const giveUp = (message: string): Result<RunStore> => {
    database?.close();
    lock?.release();
    return fail('unavailable', message);
  };
  try {
    makeFolder(folder);
    const taken = lockFolder(folder);
    if ('heldBy' in taken) {
      const holder = taken.heldBy === null ? 'another server' : `another server (process ${taken.heldBy})`;
      return giveUp(`the data folder ${folder} is in use by ${holder}; end it or choose another folder`);
    }
    lock = taken.lock;
    database = new DatabaseSync(join(folder, 'pentachoron.db'), { timeout: 2000 });
    const sqlite = (database.prepare('SELECT sqlite_version() AS version').get() as { version: string }).version;
    if (isOlder(sqlite, OLDEST_SQLITE)) return giveUp(`SQLite ${sqlite} is too old: ${OLDEST_SQLITE} is needed`);
    const version = schemaVersion(database);
    if (version > SCHEMA_VERSION) {
      return giveUp(
        `the data folder ${folder} was written by a newer version of Pentachoron (its schema is ${version}, ` +
          `this version knows ${SCHEMA_VERSION}); use that version or another folder`,
      );
    }
    database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    const isLogged = beginLog(database);
    // An older schema cannot be read, nor a new database be made, without writing: then room is needed first.
    migrate(database);
    return ok(new SqliteStore(database, lock, isLogged));
  } catch (error) {
    const reason = messageOf(error);
    const advice = storageErrorOf(error) === 'full' ? '; make room on its disk, then start again' : '';
    return giveUp(`the data folder ${folder} cannot be used: ${reason}${advice}`);
  }
}

/** Switches to the write-ahead log. False: the disk has no room for it, and what is stored can only be read. */
function beginLog(database: DatabaseSyncInstance): boolean {
  try {
    database.exec('PRAGMA journal_mode = WAL');
    return true;
  } catch (error) {
    if (storageErrorOf(error) === null) throw error;
    return false;
  }
}

/** Step by step: Node's own `recursive` never returns where the system lets nothing be made, as below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is a file`);
    return;
  }
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** Whether the dotted version `a` is below `b`. */
function isOlder(a: string, b: string): boolean {
  const [ours, wanted] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]];
  const differing = wanted.findIndex((part, place) => part !== (ours[place] ?? 0));
  return differing >= 0 && (ours[differing] ?? 0) < wanted[differing]!;
}

class SqliteStore implements RunStore {
  readonly #database: DatabaseSyncInstance;
  readonly #lock: FolderLock;
  readonly #statements = new Map<string, StatementSyncInstance>();
  /** Whether the write-ahead log is in use; on a full disk it is begun by the first commit for which there is room. */
  #isLogged: boolean;

  constructor(database: DatabaseSyncInstance, lock: FolderLock, isLogged: boolean) {
    this.#database = database;
    this.#lock = lock;
    this.#isLogged = isLogged;
  }

  /** Each text is prepared once. */
  #sql(text: string): StatementSyncInstance {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#database.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  commit(commit: Commit): void {
    this.#isLogged ||= beginLog(this.#database);
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      this.#write(commit);
      this.#database.exec('COMMIT');
    } catch (error) {
      // Some failures, a full disk among them, have rolled back already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #write(commit: Commit): void {
    for (const sweep of commit.sweeps ?? []) {
      this.#sql(
        'INSERT INTO sweeps (id, document) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET document = excluded.document',
      ).run(sweep.id, JSON.stringify(sweep));
    }
    for (const run of commit.runs ?? []) {
      this.#sql(
        `INSERT INTO runs (id, sweep_id, status, document) VALUES (?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET status = excluded.status, document = excluded.document`,
      ).run(run.id, run.sweepId, run.status, JSON.stringify(run));
    }
    for (const block of commit.frames ?? []) this.#writeFrames(block);
    for (const { runId, measurement } of commit.measurements ?? []) {
      this.#sql('INSERT INTO measurements VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING').run(
        runId,
        measurement.epoch,
        measurement.sample,
        JSON.stringify(measurement),
      );
    }
    for (const { runId, fingerprint } of commit.fingerprints ?? []) {
      this.#sql('INSERT OR REPLACE INTO fingerprints VALUES (?, ?)').run(runId, JSON.stringify(fingerprint));
    }
    for (const row of commit.checkpoints ?? []) {
      this.#sql('INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)').run(row.runId, row.epoch, JSON.stringify(row));
      this.#sql(
        `DELETE FROM checkpoints WHERE run_id = ?1 AND epoch NOT IN
           (SELECT epoch FROM checkpoints WHERE run_id = ?1 AND epoch <= ?2 ORDER BY epoch DESC LIMIT ?3)`,
      ).run(row.runId, row.epoch, KEPT_CHECKPOINTS);
    }
    for (const row of commit.log ?? []) {
      this.#sql('INSERT INTO log (run_id, document) VALUES (?, ?)').run(row.runId, JSON.stringify(row));
    }
    for (const { requestId, answer } of commit.requests ?? []) {
      this.#sql('INSERT OR REPLACE INTO requests VALUES (?, ?)').run(requestId, JSON.stringify(answer));
    }
  }

  #writeFrames({ runId, fromSeq, rows, values }: FrameBlock): void {
    const nextSeq = this.nextSeq(runId);
    if (fromSeq > nextSeq)
      throw new RangeError(`run ${runId}: frame ${fromSeq} would leave a gap, the next is ${nextSeq}`);
    // INSERT OR IGNORE would also swallow a run that is not kept; a conflict on the key alone is what may be ignored.
    const insert = this.#sql('INSERT INTO frames VALUES (?, ?, ?) ON CONFLICT (run_id, seq) DO NOTHING');
    const columns = values.length / rows;
    for (let row = Math.max(0, nextSeq - fromSeq); row < rows; row += 1) {
      insert.run(runId, fromSeq + row, framesToBytes(values.subarray(row * columns, (row + 1) * columns)));
    }
  }

  sweeps(): Sweep[] {
    const runs = new Map<string, { id: string; status: RunStatus }[]>();
    const rows = this.#sql('SELECT id, sweep_id, status FROM runs ORDER BY position').all() as RunRow[];
    for (const { id, sweep_id, status } of rows) {
      const members = runs.get(sweep_id);
      if (members === undefined) runs.set(sweep_id, [{ id, status }]);
      else members.push({ id, status });
    }
    const sweeps = this.#documents<StoredSweep>('SELECT document FROM sweeps ORDER BY position');
    return sweeps.map((sweep) => withRuns(sweep, runs.get(sweep.id) ?? []));
  }

  sweep(id: string): Sweep | undefined {
    const [sweep] = this.#documents<StoredSweep>('SELECT document FROM sweeps WHERE id = ?', id);
    if (sweep === undefined) return undefined;
    const rows = this.#sql('SELECT id, sweep_id, status FROM runs WHERE sweep_id = ? ORDER BY position').all(id);
    return withRuns(sweep, rows as RunRow[]);
  }

  runs({ sweep, status }: RunFilter = {}): Run[] {
    return this.#documents<Run>(
      `SELECT document FROM runs WHERE (?1 IS NULL OR sweep_id = ?1) AND (?2 IS NULL OR status = ?2) ORDER BY position`,
      sweep ?? null,
      status ?? null,
    );
  }

  run(id: string): Run | undefined {
    return this.#documents<Run>('SELECT document FROM runs WHERE id = ?', id)[0];
  }

  frames(runId: string, after: number, limit: number): FrameBlock {
    const fromSeq = Math.max(0, after + 1);
    const count = Math.max(0, Math.min(limit, this.nextSeq(runId) - fromSeq));
    const rows = this.#sql('SELECT data FROM frames WHERE run_id = ? AND seq >= ? ORDER BY seq LIMIT ?').all(
      runId,
      fromSeq,
      count,
    ) as { data: Uint8Array }[];
    return { runId, fromSeq, rows: rows.length, values: framesFromBytes(Buffer.concat(rows.map((row) => row.data))) };
  }

  nextSeq(runId: string): number {
    const sql = 'SELECT max(seq) + 1 AS next FROM frames WHERE run_id = ?';
    return (this.#sql(sql).get(runId) as { next: number | null }).next ?? 0;
  }

  measurements(runId: string): Measurement[] {
    return this.#documents<Measurement>(
      'SELECT document FROM measurements WHERE run_id = ? ORDER BY epoch, sample DESC',
      runId,
    );
  }

  fingerprint(runId: string): Fingerprint | undefined {
    return this.#documents<Fingerprint>('SELECT document FROM fingerprints WHERE run_id = ?', runId)[0];
  }

  checkpoints(runId: string): CheckpointRow[] {
    return this.#documents<CheckpointRow>(
      'SELECT document FROM checkpoints WHERE run_id = ? ORDER BY epoch DESC',
      runId,
    );
  }

  log(runId: string): LogRow[] {
    return this.#documents<LogRow>('SELECT document FROM log WHERE run_id = ? ORDER BY position', runId);
  }

  requestAnswer(requestId: string): unknown {
    const sql = 'SELECT answer FROM requests WHERE request_id = ?';
    const row = this.#sql(sql).get(requestId) as { answer: string } | undefined;
    return row === undefined ? undefined : JSON.parse(row.answer);
  }

  #documents<T>(text: string, ...parameters: (string | null)[]): T[] {
    const rows = this.#sql(text).all(...parameters) as { document: string }[];
    return rows.map((row) => JSON.parse(row.document) as T);
  }

  deleteRun(id: string): void {
    this.#sql('DELETE FROM runs WHERE id = ?').run(id);
  }

  deleteSweep(id: string): void {
    this.#sql('DELETE FROM sweeps WHERE id = ?').run(id);
  }

  close(): void {
    if (!this.#database.isOpen) return;
    try {
      // Prepared statements keep the file open until they are collected, and closing would leave the log behind:
      // so everything is brought into the database first, which is then one file.
      this.#database.exec('PRAGMA journal_mode = DELETE');
    } catch {
      // Somebody else is reading: the log stays, and the next one to open the folder takes it in.
    }
    this.#database.close();
    this.#lock.release();
  }
}

interface RunRow {
  id: string;
  sweep_id: string;
  status: RunStatus;
}

function withRuns(sweep: StoredSweep, runs: { id: string; status: RunStatus }[]): Sweep {
  return { ...sweep, runIds: runs.map((run) => run.id), counts: countStatuses(runs) };
}
