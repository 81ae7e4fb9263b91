/** One run's committed frames between two ticks: those that its viewers have not been sent yet. */
import { continuity, cut, joined, type FrameBlock } from '../../../shared/frames.js';

export class PendingFrames {
  readonly #runId: string;
  #blocks: FrameBlock[] = [];
  #sent: number;
  /** `sent` after the next tick. */
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

  get isEmpty(): boolean {
    return this.#blocks.length === 0;
  }

  /** Takes what is new in `block`; what should lie between the last frame and it is got from `read`. */
  append(block: FrameBlock, read: (after: number, limit: number) => FrameBlock): void {
    const part = continuity(block, this.#end);
    if (part.kind === 'known') return;
    if (part.kind === 'gap') this.#push(read(this.#end - 1, block.fromSeq - this.#end));
    this.#push(cut(block, this.#end));
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
    return joined(this.#blocks.map((block) => cut(block, seq)).filter(({ rows }) => rows > 0)) ?? null;
  }

  /** What was pending has been sent. */
  clear(): void {
    this.#blocks = [];
    this.#sent = this.#end;
  }
}
