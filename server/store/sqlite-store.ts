/** A `RunStore` in a SQLite database: WAL, synchronous=FULL, one writer, one transaction per commit. */
import { ok, type Result } from '../../shared/errors.js';
import type { FrameBlock } from '../../shared/frames.js';
import type { OutputLine } from '../../shared/output.js';
import type { Fingerprint, Measurement } from '../../shared/measurement.js';
import { RUN_STATUSES, type Run, type RunStatus, type Sweep } from '../../shared/run.js';
import { messageOf } from '../message-of.js';
import { countStatuses } from './count-statuses.js';
import { openDataFolder } from './data-folder.js';
import type { FolderDatabase } from './folder-database.js';
import { FrameTables } from './frame-tables.js';
import {
  KEPT_CHECKPOINTS,
  type CheckpointRow,
  type Commit,
  type ListPart,
  type LogRow,
  type MeasurementKey,
  type RunFilter,
  type RunStore,
  type StoredSweep,
  type WriterRow,
} from './run-store.js';
import { DamageError } from './storage-error.js';

/**
 * Opens the store in `folder`, which is made if it is missing and held against other servers until `close()`.
 * Answers `unavailable`, naming the folder, when it cannot be made or written, is in use, is damaged, or was written by
 * a newer version.
 */
export function openSqliteStore(folder: string): Result<RunStore> {
  const opened = openDataFolder(folder);
  return opened.ok ? ok(new SqliteStore(opened.data)) : opened;
}

/** To SQLite a negative limit is none. */
const ALL: ListPart = { offset: 0, limit: -1 };

class SqliteStore implements RunStore {
  readonly #database: FolderDatabase;
  readonly #frames: FrameTables;

  constructor(database: FolderDatabase) {
    this.#database = database;
    this.#frames = new FrameTables(database);
  }

  #sql(text: string): ReturnType<FolderDatabase['sql']> {
    return this.#database.sql(text);
  }

  commit(commit: Commit): void {
    try {
      this.#database.transaction(() => this.#write(commit));
    } catch (error) {
      this.#frames.forget({ isRefused: true });
      throw error;
    }
  }

  check(): void {
    this.#database.check();
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
    this.#frames.write(commit.frames ?? []);
    for (const { runId, measurement } of commit.measurements ?? []) {
      this.#sql(
        'INSERT INTO measurements VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET document = excluded.document',
      ).run(runId, measurement.epoch, measurement.sample, JSON.stringify(measurement));
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
    for (const row of commit.writers ?? []) {
      this.#sql(
        `INSERT INTO writers (id, run_id, document) VALUES (?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET document = excluded.document`,
      ).run(row.id, row.runId, JSON.stringify(row));
    }
    for (const { runId, from, lines } of commit.output ?? []) {
      this.#sql('INSERT INTO output VALUES (?, ?, ?, ?)').run(runId, from, lines.length, JSON.stringify({ lines }));
    }
    for (const { requestId, answer } of commit.requests ?? []) {
      this.#sql('INSERT OR REPLACE INTO requests VALUES (?, ?)').run(requestId, JSON.stringify(answer));
    }
  }

  sweeps(): Sweep[] {
    const runs = new Map<string, { id: string; status: RunStatus }[]>();
    const rows = this.#sql('SELECT id, sweep_id, status FROM runs ORDER BY position').all() as RunRow[];
    for (const { id, sweep_id, status } of rows) {
      if (sweep_id === null) continue;
      const members = runs.get(sweep_id);
      if (members === undefined) runs.set(sweep_id, [{ id, status }]);
      else members.push({ id, status });
    }
    const sweeps = this.#documents<OldSweep>('SELECT document FROM sweeps ORDER BY position');
    return sweeps.map((sweep) => withRuns(this.#named(sweep), runs.get(sweep.id) ?? []));
  }

  sweep(id: string): Sweep | undefined {
    const [sweep] = this.#documents<OldSweep>('SELECT document FROM sweeps WHERE id = ?', id);
    if (sweep === undefined) return undefined;
    const rows = this.#sql('SELECT id, sweep_id, status FROM runs WHERE sweep_id = ? ORDER BY position').all(id);
    return withRuns(this.#named(sweep), rows as RunRow[]);
  }

  /** With its experiment: a sweep of before sweeps named it is of that of its runs. */
  #named({ experiment, ...sweep }: OldSweep): StoredSweep {
    if (experiment !== undefined) return { ...sweep, experiment };
    const [run] = this.#documents<Run>('SELECT document FROM runs WHERE sweep_id = ? LIMIT 1', sweep.id);
    return { ...sweep, experiment: run?.experiment ?? FIRST_EXPERIMENT };
  }

  runs({ sweep, status }: RunFilter = {}): Run[] {
    const found = this.#documents<Run>(
      `SELECT document FROM runs WHERE (?1 IS NULL OR sweep_id = ?1) AND (?2 IS NULL OR status = ?2) ORDER BY position`,
      sweep ?? null,
      status ?? null,
    );
    return found.map((run) => this.#whole(run));
  }

  run(id: string): Run | undefined {
    const [run] = this.#documents<Run>('SELECT document FROM runs WHERE id = ?', id);
    return run === undefined ? undefined : this.#whole(run);
  }

  frames(runId: string, after: number, limit: number): FrameBlock {
    return this.#database.noting(() => this.#frames.read(runId, after, limit));
  }

  nextSeq(runId: string): number {
    return this.#frames.nextSeq(runId);
  }

  measurements(runId: string, { offset, limit }: ListPart = ALL): Measurement[] {
    return this.#documents<Measurement>(
      'SELECT document FROM measurements WHERE run_id = ? ORDER BY epoch, sample DESC LIMIT ? OFFSET ?',
      ...[runId, limit, offset],
    );
  }

  measurement(runId: string, { epoch, sample }: MeasurementKey): Measurement | undefined {
    return this.#documents<Measurement>(
      'SELECT document FROM measurements WHERE run_id = ? AND epoch = ? AND sample = ?',
      ...[runId, epoch, sample],
    )[0];
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

  log(runId: string, { offset, limit }: ListPart = ALL): LogRow[] {
    return this.#documents<LogRow>(
      'SELECT document FROM log WHERE run_id = ? ORDER BY position LIMIT ? OFFSET ?',
      ...[runId, limit, offset],
    );
  }

  writers(runId: string): WriterRow[] {
    return this.#documents<WriterRow>('SELECT document FROM writers WHERE run_id = ? ORDER BY position', runId);
  }

  writer(id: string): WriterRow | undefined {
    return this.#documents<WriterRow>('SELECT document FROM writers WHERE id = ?', id)[0];
  }

  output(runId: string, after: number, limit: number): OutputLine[] {
    const found: OutputLine[] = [];
    // One part at a time, each of which may be a megabyte: the first is the one that holds the line after `after`.
    const sql = `SELECT from_line AS n, document FROM output WHERE run_id = ?1 AND from_line + lines > ?2
                 ORDER BY from_line LIMIT 1`;
    while (found.length < limit) {
      const next = (found.at(-1)?.n ?? after) + 1;
      const part = this.#sql(sql).get(runId, next) as { n: number; document: string } | undefined;
      if (part === undefined) break;
      const { lines } = this.#parsed(part.document) as { lines: Omit<OutputLine, 'n'>[] };
      found.push(...lines.map((line, index) => ({ n: part.n + index, ...line })).filter(({ n }) => n >= next));
    }
    return found;
  }

  outputLines(runId: string): number {
    const sql = 'SELECT from_line + lines AS count FROM output WHERE run_id = ? ORDER BY from_line DESC LIMIT 1';
    return (this.#sql(sql).get(runId) as { count: number } | undefined)?.count ?? 0;
  }

  requestAnswer(requestId: string): unknown {
    const sql = 'SELECT answer FROM requests WHERE request_id = ?';
    const row = this.#sql(sql).get(requestId) as { answer: string } | undefined;
    return row === undefined ? undefined : this.#parsed(row.answer);
  }

  #documents<T>(text: string, ...parameters: (string | number | null)[]): T[] {
    const rows = this.#sql(text).all(...parameters) as { document: string }[];
    return rows.map((row) => {
      const document = this.#parsed(row.document);
      if (typeof document === 'object' && document !== null) return document as T;
      throw this.#damaged(`a document in it is no object: ${row.document.slice(0, 80)}`);
    });
  }

  #parsed(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw this.#damaged(`a document in it cannot be read: ${messageOf(error)}`);
    }
  }

  /** What only damage can have brought about, before it is met by whoever relies on it. */
  #whole(run: Run): Run {
    if (isRun(run)) return run;
    throw this.#damaged(`the document of a run in it is none: ${JSON.stringify(run).slice(0, 80)}`);
  }

  #damaged(message: string): DamageError {
    const damage = new DamageError(message);
    this.#database.noteDamage(damage);
    return damage;
  }

  deleteRun(id: string): void {
    this.#delete('DELETE FROM runs WHERE id = ?', id);
  }

  deleteSweep(id: string): void {
    this.#delete('DELETE FROM sweeps WHERE id = ?', id);
  }

  #delete(sql: string, id: string): void {
    try {
      this.#database.transaction(() => this.#sql(sql).run(id));
    } finally {
      this.#frames.forget();
    }
  }

  close(): void {
    this.#database.close();
  }
}

/** Sweeps did not always name their experiment. */
type OldSweep = Omit<StoredSweep, 'experiment'> & Partial<Pick<StoredSweep, 'experiment'>>;

/** What sweeps were of while there was no other experiment. */
const FIRST_EXPERIMENT = 'attention-cv';

interface RunRow {
  id: string;
  sweep_id: string | null;
  status: RunStatus;
}

function withRuns(sweep: StoredSweep, runs: { id: string; status: RunStatus }[]): Sweep {
  return { ...sweep, runIds: runs.map((run) => run.id), counts: countStatuses(runs) };
}

function isRun({ id, source, sweepId, status, config, step }: Partial<Run>): boolean {
  return (
    typeof id === 'string' &&
    (source === 'local' || source === 'external') &&
    (sweepId === null || typeof sweepId === 'string') &&
    RUN_STATUSES.some((one) => one === status) &&
    typeof config === 'object' &&
    typeof step === 'number'
  );
}
