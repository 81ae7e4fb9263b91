/**
 * A run's newest frames, a blob for each commit: what is committed at every tick has to be cheap to add. Older ones are
 * moved to the chunks; until a chunk is whole, they are here.
 */
import { cut, type Dtype, type FrameBlock } from '../../shared/frames.js';
import type { FolderDatabase } from './folder-database.js';
import { nanBytes, shapeOf, tailBlock, tailBytes, type BlobRow } from './frame-blobs.js';
import { DamageError } from './storage-error.js';

/** Chunks begin and end at multiples of it, and no blob of the tail goes beyond one: so none is ever cut. */
export const BLOB_ROWS = 1024;

export interface TailShape {
  /** The seq after its last frame. */
  nextSeq: number;
  /** Of the widest. */
  columns: number;
  dtype: Dtype;
}

export class TailTable {
  readonly #database: FolderDatabase;

  constructor(database: FolderDatabase) {
    this.#database = database;
  }

  /** Undefined where the run has none. */
  shape(runId: string): TailShape | undefined {
    // Of the two types the later by name holds both exactly.
    const sql = `SELECT max(from_seq + rows) AS nextSeq, max(columns) AS columns, max(dtype) AS dtype
                 FROM tail WHERE run_id = ?`;
    const shape = this.#database.sql(sql).get(runId) as TailShape | { nextSeq: null };
    return shape.nextSeq === null ? undefined : shape;
  }

  /** @param block Begins where the run ends. @throws when the run is not kept. */
  add(block: FrameBlock): void {
    const end = block.fromSeq + block.rows;
    for (let seq = block.fromSeq; seq < end; seq = (Math.floor(seq / BLOB_ROWS) + 1) * BLOB_ROWS) {
      const part = cut(block, seq, BLOB_ROWS - (seq % BLOB_ROWS));
      const { fromSeq, rows, columns, dtype } = shapeOf(part);
      this.#database
        .sql('INSERT INTO tail (run_id, from_seq, rows, columns, dtype, data, nan) VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(block.runId, fromSeq, rows, columns, dtype, tailBytes(part), nanBytes(part.nan));
    }
  }

  /**
   * The frames from `fromSeq` until before `endSeq`, all of which it must have, in the blocks in which they came.
   * @throws DamageError when it lacks one
   */
  blocks(runId: string, fromSeq: number, endSeq: number): FrameBlock[] {
    const sql = `SELECT from_seq AS fromSeq, rows, columns, dtype, data, nan FROM tail
                 WHERE run_id = ?1 AND from_seq < ?3
                   AND from_seq >= (SELECT max(from_seq) FROM tail WHERE run_id = ?1 AND from_seq <= ?2)
                 ORDER BY from_seq`;
    const rows = this.#database.sql(sql).all(runId, fromSeq, endSeq) as BlobRow[];
    let seq = fromSeq;
    const blocks = rows.map((row) => {
      const block = cut(tailBlock(runId, row), seq, endSeq - seq);
      if (block.fromSeq !== seq || block.rows === 0) throw new DamageError(`frame ${seq} of run ${runId} is missing`);
      seq += block.rows;
      return block;
    });
    if (seq !== endSeq) throw new DamageError(`frame ${seq} of run ${runId} is missing`);
    return blocks;
  }

  remove(runId: string, endSeq: number): void {
    this.#database.sql('DELETE FROM tail WHERE run_id = ? AND from_seq < ?').run(runId, endSeq);
  }
}
