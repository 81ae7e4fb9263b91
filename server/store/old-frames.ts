/**
 * Frames of schemas 1 and 2, one row each of the table `frames`: Float32 values, the epoch the first of them. A run's are
 * moved to the present tables when they are first asked for, so that opening a large folder does not take long.
 */
import { noFrames, valuesOf, type FrameBlock } from '../../shared/frames.js';
import type { FolderDatabase } from './folder-database.js';
import { DamageError } from './storage-error.js';

export class OldFrames {
  readonly #database: FolderDatabase;

  constructor(database: FolderDatabase) {
    this.#database = database;
  }

  /** How many rows the run has here; 0 once they are moved. */
  count(runId: string): number {
    const sql = 'SELECT max(seq) + 1 AS count FROM frames WHERE run_id = ?';
    return (this.#database.sql(sql).get(runId) as { count: number | null }).count ?? 0;
  }

  /** As `RunStore.frames`, in the present form: when they were made was not stored. @throws DamageError */
  read(runId: string, fromSeq: number, limit: number): FrameBlock {
    const count = Math.max(0, Math.min(limit, this.count(runId) - fromSeq));
    const found = this.#database
      .sql('SELECT seq, data FROM frames WHERE run_id = ? AND seq >= ? ORDER BY seq LIMIT ?')
      .all(runId, fromSeq, count) as { seq: number; data: Uint8Array }[];
    const [first] = found;
    if (first === undefined) return noFrames(runId, fromSeq);
    const bytes = first.data.byteLength;
    found.forEach(({ seq, data }, row) => {
      if (seq !== fromSeq + row) throw new DamageError(`frame ${fromSeq + row} of run ${runId} is missing`);
      if (data.byteLength !== bytes || bytes % 4 !== 0 || bytes === 0)
        throw new DamageError(`frame ${seq} of run ${runId} is ${data.byteLength} bytes, frame ${fromSeq} ${bytes}`);
    });
    const rows = found.length;
    const old = valuesOf(Buffer.concat(found.map(({ data }) => data)), 'f32');
    const width = old.length / rows;
    const steps = Float64Array.from({ length: rows }, (_, row) => old[row * width]!);
    const times = new Float64Array(rows).fill(NaN);
    const values = new Float32Array(rows * (width - 1));
    for (let row = 0; row < rows; row += 1)
      values.set(old.subarray(row * width + 1, (row + 1) * width), row * (width - 1));
    return { runId, fromSeq, rows, steps, times, values };
  }

  remove(runId: string): void {
    this.#database.sql('DELETE FROM frames WHERE run_id = ?').run(runId);
  }
}
