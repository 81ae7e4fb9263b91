/** SQLite that tells the parent process which frames it has committed, and when. */
import { DatabaseSync as RealDatabase, type StatementSyncInstance } from '@photostructure/sqlite';

/** Frames, by run and seq, and when they were in the store: milliseconds since 1970, with fractions. */
export interface CommitNews {
  at: number;
  frames: [runId: string, seq: number][];
}

export class DatabaseSync extends RealDatabase {
  #written: CommitNews['frames'] = [];

  override prepare(sql: string): StatementSyncInstance {
    const statement = super.prepare(sql);
    if (!sql.startsWith('INSERT INTO tail')) return statement;
    const run = statement.run.bind(statement);
    const noted = (...values: Parameters<typeof run>): ReturnType<typeof run> => {
      const [runId, fromSeq, rows] = values as unknown as [string, number, number];
      for (let row = 0; row < rows; row += 1) this.#written.push([runId, fromSeq + row]);
      return run(...(values as []));
    };
    return Object.defineProperty(statement, 'run', { value: noted });
  }

  override exec(sql: string): void {
    super.exec(sql);
    if (sql !== 'COMMIT' || this.#written.length === 0) return;
    process.send?.({ at: performance.timeOrigin + performance.now(), frames: this.#written } satisfies CommitNews);
    this.#written = [];
  }
}
