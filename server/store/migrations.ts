/** The database's schema as numbered steps: `user_version` is the number of those taken. Steps are never changed. */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { DamageError } from './storage-error.js';

/**
 * Sweeps and runs are JSON documents beside the columns that are searched; `position` keeps the order of creation.
 * Blobs are little-endian, see `frame-blobs.ts`.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE sweeps (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
  ) STRICT;

  CREATE TABLE runs (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    sweep_id TEXT NOT NULL REFERENCES sweeps (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX runs_by_sweep ON runs (sweep_id, position);
  CREATE INDEX runs_by_status ON runs (status, position);

  CREATE TABLE frames (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (run_id, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE measurements (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    epoch INTEGER NOT NULL,
    sample TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (run_id, epoch, sample)
  ) STRICT;

  CREATE TABLE fingerprints (
    run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    document TEXT NOT NULL
  ) STRICT;

  CREATE TABLE checkpoints (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    epoch INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (run_id, epoch)
  ) STRICT;

  CREATE TABLE log (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX log_by_run ON log (run_id, position);

  CREATE TABLE requests (
    request_id TEXT PRIMARY KEY,
    answer TEXT NOT NULL
  ) STRICT;
  `,
  // Runs name their changes of engine, which only their logs had.
  `
  UPDATE runs SET document = json_set(document, '$.engineSeams', json((
    SELECT json_group_array(json_extract(log.document, '$.details') ORDER BY log.position)
    FROM log WHERE log.run_id = runs.id AND json_extract(log.document, '$.event') = 'engine-changed'
  )))
  WHERE id IN (SELECT run_id FROM log WHERE json_extract(document, '$.event') = 'engine-changed');
  `,
  // Frames have steps and times, which any program's runs need, and runs need not be of a sweep. The frames of `frames`
  // are moved run by run when they are first asked for; later ones go to `tail` and from there, many at once, to
  // `chunks`: a row for each group of columns, and one of the axes, with first_column -1, without which there is none.
  // A document that is no run's stays as it is, to be met as the damage that it is.
  `
  UPDATE runs SET document = json_patch(document, json_object(
    'source', 'local', 'experiment', 'attention-cv', 'stepName', 'epoch',
    'step', json_extract(document, '$.epoch'), 'total', json_extract(document, '$.epochs'),
    'epoch', NULL, 'epochs', NULL, 'engineSeams', NULL,
    'seams', json((
      SELECT CASE WHEN count(*) > 0 THEN json_group_array(json_patch('{}', json_object(
        'seq', json_extract(seam.value, '$.epoch') + 1, 'step', json_extract(seam.value, '$.epoch'), 'kind', 'engine',
        'at', (
          SELECT json_extract(log.document, '$.at') FROM log
          WHERE log.run_id = runs.id AND json_extract(log.document, '$.event') = 'engine-changed'
            AND json_extract(log.document, '$.details.epoch') = json_extract(seam.value, '$.epoch')
            AND json_extract(log.document, '$.details.from') = json_extract(seam.value, '$.from')
            AND json_extract(log.document, '$.details.to') = json_extract(seam.value, '$.to')
          ORDER BY log.position LIMIT 1
        ),
        'from', json_extract(seam.value, '$.from'), 'to', json_extract(seam.value, '$.to'),
        'kernels', json_extract(seam.value, '$.kernels')
      )) ORDER BY seam.key) END
      FROM json_each(runs.document, '$.engineSeams') AS seam
    ))
  ))
  WHERE CASE WHEN json_valid(document) THEN json_type(document, '$.epoch') = 'integer' END;

  CREATE TABLE new_runs (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    sweep_id TEXT REFERENCES sweeps (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    document TEXT NOT NULL
  ) STRICT;
  INSERT INTO new_runs SELECT position, id, sweep_id, status, document FROM runs;
  DELETE FROM sqlite_sequence WHERE name = 'new_runs';
  INSERT INTO sqlite_sequence SELECT 'new_runs', seq FROM sqlite_sequence WHERE name = 'runs';
  DROP TABLE runs;
  ALTER TABLE new_runs RENAME TO runs;
  CREATE INDEX runs_by_sweep ON runs (sweep_id, position);
  CREATE INDEX runs_by_status ON runs (status, position);

  CREATE TABLE tail (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    from_seq INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    columns INTEGER NOT NULL,
    dtype TEXT NOT NULL,
    data BLOB NOT NULL,
    nan BLOB,
    PRIMARY KEY (run_id, from_seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE chunks (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    from_seq INTEGER NOT NULL,
    first_column INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    columns INTEGER NOT NULL,
    dtype TEXT NOT NULL,
    encoding INTEGER NOT NULL,
    data BLOB NOT NULL,
    nan BLOB,
    PRIMARY KEY (run_id, from_seq, first_column)
  ) STRICT;
  `,
  // Other programs write into runs, and what they print is kept.
  `
  CREATE TABLE writers (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX writers_by_run ON writers (run_id, position);

  CREATE TABLE output (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    from_line INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (run_id, from_line)
  ) STRICT;
  `,
];

/** The schema that this version reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

export function schemaVersion(database: DatabaseSyncInstance): number {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}

/**
 * Takes the steps that the database lacks, each whole or not at all.
 * @throws DamageError when rows of it belong to others that are missing
 */
export function migrate(database: DatabaseSyncInstance, target = SCHEMA_VERSION): void {
  for (let version = schemaVersion(database); version < target; version += 1) {
    // A table that others refer to is made anew by dropping it, which would delete their rows. In a transaction the
    // switch does nothing.
    database.exec('PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE');
    try {
      database.exec(MIGRATIONS[version] ?? '');
      const [orphan] = database.prepare('PRAGMA foreign_key_check').all() as { table: string; parent: string }[];
      if (orphan) throw new DamageError(`its table ${orphan.table} has rows of ${orphan.parent} that are missing`);
      database.exec(`PRAGMA user_version = ${version + 1}; COMMIT`);
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    } finally {
      database.exec('PRAGMA foreign_keys = ON');
    }
  }
}

/** What the database has too little for its schema's version, or too much; null when it is as it was made. */
export function schemaTrouble(database: DatabaseSyncInstance): string | null {
  const version = schemaVersion(database);
  const found = columnsOf(database);
  if (version === 0) return found.length === 0 ? null : 'it holds tables, but not those of Pentachoron';
  const reference = new DatabaseSync(':memory:');
  try {
    migrate(reference, version);
    const missing = columnsOf(reference).filter((column) => !found.includes(column));
    const tables = new Set(found.map((column) => column.split('.')[0]));
    const [first] = missing;
    if (first === undefined) return null;
    const [table, column] = first.split('.');
    return tables.has(table) ? `its table ${table} lacks the column ${column}` : `its table ${table} is missing`;
  } finally {
    reference.close();
  }
}

/** `table.column`, of all tables that are not SQLite's own. */
function columnsOf(database: DatabaseSyncInstance): string[] {
  const sql = `SELECT t.name || '.' || c.name AS name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
               WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'`;
  return (database.prepare(sql).all() as { name: string }[]).map(({ name }) => name);
}
