/** The database's schema as numbered steps: `user_version` is the number of those taken. Steps are never changed. */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';

/**
 * Sweeps and runs are JSON documents beside the columns that are searched; `position` keeps the order of creation.
 * A frame is one row: its Float32 values, little-endian.
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
];

/** The schema that this version reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

export function schemaVersion(database: DatabaseSyncInstance): number {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}

/** Takes the steps that the database lacks, each whole or not at all. */
export function migrate(database: DatabaseSyncInstance, target = SCHEMA_VERSION): void {
  for (let version = schemaVersion(database); version < target; version += 1) {
    database.exec(`BEGIN IMMEDIATE; ${MIGRATIONS[version] ?? ''}; PRAGMA user_version = ${version + 1}; COMMIT`);
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
