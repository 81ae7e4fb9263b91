/** One run's committed frames between two ticks: those that its viewers have not been sent yet. */
import { continuity, type FrameBlock } from '../../shared/frames.js';

export class PendingFrames {
  readonly #runId: string;
  #blocks: FrameBlock[] = [];
  #sent: number;
  #end: number;

  /** @param nextSeq the seq of the first frame that is still to come. */
  constructor(runId: string, nextSeq: number) {
    this.#runId = runId;
    this.#sent = nextSeq;
    this.#end = nextSeq;
  }

  /** Every live viewer has been sent all seqs below. */
  get sent(): number {
    return this.#sent;
  }

  /** `sent` after the next tick. */
  get end(): number {
    return this.#end;
  }

  /** Takes what is new in `block`; what should lie between the last frame and it is got from `read`. */
  append(block: FrameBlock, read: (after: number, limit: number) => FrameBlock): void {
    const part = continuity(block, this.#end);
    if (part.kind === 'known') return;
    if (part.kind === 'gap') this.#push(read(this.#end - 1, block.fromSeq - this.#end));
    this.#push(part.kind === 'append' ? withoutRows(block, part.skipRows) : block);
  }

  #push(block: FrameBlock): void {
    if (block.fromSeq !== this.#end)
      throw new RangeError(`run ${this.#runId}: frame ${this.#end} is missing before ${block.fromSeq}`);
    if (block.rows === 0) return;
    this.#blocks.push(block);
    this.#end += block.rows;
  }

  /** The pending frames from `seq` on as one block; null if there are none. */
  from(seq: number): FrameBlock | null {
    const blocks = this.#blocks.flatMap((block) => {
      const part = continuity(block, Math.max(seq, block.fromSeq));
      return part.kind === 'append' ? [withoutRows(block, part.skipRows)] : [];
    });
    const [first] = blocks;
    if (first === undefined) return null;
    if (blocks.length === 1) return first;
    const values = new Float32Array(blocks.reduce((length, block) => length + block.values.length, 0));
    let offset = 0;
    for (const block of blocks) {
      values.set(block.values, offset);
      offset += block.values.length;
    }
    return {
      runId: this.#runId,
      fromSeq: first.fromSeq,
      rows: blocks.reduce((rows, block) => rows + block.rows, 0),
      values,
    };
  }

  /** What was pending has been sent. */
  clear(): void {
    this.#blocks = [];
    this.#sent = this.#end;
  }
}

function withoutRows(block: FrameBlock, skipRows: number): FrameBlock {
  if (skipRows === 0) return block;
  const columns = block.values.length / block.rows;
  return {
    runId: block.runId,
    fromSeq: block.fromSeq + skipRows,
    rows: block.rows - skipRows,
    values: block.values.subarray(skipRows * columns),
  };
}
