/**
 * A run's older frames, chunk by chunk: blobs of a few columns each, and one of the axes, written last. Without axes
 * there is no chunk, whatever else was written of it: its frames are still in the tail.
 */
import { bytesOf, dtypeOf, makeValues, type Dtype, type FrameBlock } from '../../shared/frames.js';
import { putGroup, type ChunkColumns } from './chunk-columns.js';
import type { FolderDatabase } from './folder-database.js';
import { axesBytes, chunkAxes, groupValues, nanBytes, nanCells, type BlobRow } from './frame-blobs.js';
import { DamageError } from './storage-error.js';
import { BLOB_ROWS } from './tail-table.js';

/** In the place of a group's first column. */
const AXES = -1;

/** The only encoding so far: the bytes as they are. */
const RAW = 0;

/** A chunk has so many rows where none of them has more than `maxColumns`, and so many columns a blob. */
export const NARROW = { maxColumns: 128, rows: 4 * BLOB_ROWS, groupColumns: 4 };
export const WIDE = { rows: BLOB_ROWS, groupColumns: 64 };

/** Enough for some viewers who read different runs part by part. */
const CACHE_BYTES = 32 * 2 ** 20;

interface ChunkRow extends BlobRow {
  firstColumn: number;
  encoding: number;
}

export class ChunkTable {
  readonly #database: FolderDatabase;
  /** Chunks as blocks, the one that was asked for last at the end: a chunk costs as much for one row as for all. */
  readonly #cache = new Map<string, FrameBlock>();
  #cachedBytes = 0;

  constructor(database: FolderDatabase) {
    this.#database = database;
  }

  /** Where the run's last chunk ends; undefined where it has none. */
  end(runId: string): { nextSeq: number; dtype: Dtype } | undefined {
    const sql = `SELECT from_seq + rows AS nextSeq, dtype FROM chunks WHERE run_id = ? AND first_column = ${AXES}
                 ORDER BY from_seq DESC LIMIT 1`;
    return this.#database.sql(sql).get(runId) as { nextSeq: number; dtype: Dtype } | undefined;
  }

  /** Removes what a sealing that came to no end has left. */
  removeUnfinished(runId: string, fromSeq: number): void {
    this.#database.sql('DELETE FROM chunks WHERE run_id = ? AND from_seq >= ?').run(runId, fromSeq);
  }

  /** Writes `count` columns. Answers the bytes written. */
  writeGroup(runId: string, fromSeq: number, chunk: ChunkColumns, firstColumn: number, count: number): number {
    const { values, nan } = chunk.group(firstColumn, count);
    this.#write(runId, {
      ...{ fromSeq, firstColumn, rows: chunk.rows, columns: count, dtype: dtypeOf(values), encoding: RAW },
      ...{ data: bytesOf(values), nan: nanBytes(nan) },
    });
    return values.byteLength;
  }

  /** From now on the chunk is one; all of its groups are written. */
  writeAxes(runId: string, fromSeq: number, { rows, columns, steps, times }: ChunkColumns, dtype: Dtype): void {
    const data = axesBytes(steps, times);
    this.#write(runId, { fromSeq, firstColumn: AXES, rows, columns, dtype, encoding: RAW, data, nan: null });
  }

  #write(runId: string, row: ChunkRow): void {
    const { fromSeq, firstColumn, rows, columns, dtype, encoding, data, nan } = row;
    this.#database
      .sql('INSERT OR REPLACE INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(runId, fromSeq, firstColumn, rows, columns, dtype, encoding, data, nan);
  }

  /** The chunk with that frame, which must be there; shared by all who ask for it. @throws DamageError */
  read(runId: string, seq: number): FrameBlock {
    const sql = `SELECT max(from_seq) AS fromSeq FROM chunks
                 WHERE run_id = ? AND first_column = ${AXES} AND from_seq <= ?`;
    const { fromSeq } = this.#database.sql(sql).get(runId, seq) as { fromSeq: number | null };
    if (fromSeq === null) throw new DamageError(`frame ${seq} of run ${runId} is missing`);
    const key = `${runId} ${fromSeq}`;
    const cached = this.#cache.get(key);
    const block = cached ?? this.#decoded(runId, fromSeq);
    if (seq >= fromSeq + block.rows) throw new DamageError(`frame ${seq} of run ${runId} is missing`);
    this.#addToCache(key, block, cached === undefined);
    return block;
  }

  #addToCache(key: string, block: FrameBlock, isNew: boolean): void {
    this.#cache.delete(key);
    this.#cache.set(key, block);
    if (isNew) this.#cachedBytes += block.values.byteLength;
    for (const [oldest, { values }] of this.#cache) {
      if (this.#cachedBytes <= CACHE_BYTES || oldest === key) break;
      this.#cache.delete(oldest);
      this.#cachedBytes -= values.byteLength;
    }
  }

  #decoded(runId: string, fromSeq: number): FrameBlock {
    const sql = `SELECT from_seq AS fromSeq, first_column AS firstColumn, rows, columns, dtype, encoding, data, nan
                 FROM chunks WHERE run_id = ? AND from_seq = ? ORDER BY first_column`;
    const [axes, ...groups] = this.#database.sql(sql).all(runId, fromSeq) as ChunkRow[];
    // Not damage: a version that compresses may have written it.
    const unknown = [axes, ...groups].find((row) => row!.encoding !== RAW);
    if (unknown)
      throw new Error(`this version does not know the encoding ${unknown.encoding} of run ${runId}'s frames`);
    const { rows, columns, dtype } = axes!;
    const { steps, times } = chunkAxes(axes!);
    const values = makeValues(dtype, rows * columns);
    const nan: [row: number, column: number][] = [];
    let next = 0;
    for (const group of groups) {
      const isNext = group.firstColumn === next && group.rows === rows && group.dtype === dtype;
      if (!isNext || next + group.columns > columns) break;
      putGroup(groupValues(group), next, values, rows);
      for (const [row, column] of nanCells(group)) nan.push([row, next + column]);
      next += group.columns;
    }
    if (next !== columns)
      throw new DamageError(`run ${runId} lacks column ${next} of its frames from ${fromSeq} on, or has it twice`);
    nan.sort(([row, column], [otherRow, otherColumn]) => row - otherRow || column - otherColumn);
    return { runId, fromSeq, rows, steps, times, values, ...(nan.length > 0 && { nan }) };
  }

  /** Whatever may not be stored any more. */
  forget(): void {
    this.#cache.clear();
    this.#cachedBytes = 0;
  }
}
