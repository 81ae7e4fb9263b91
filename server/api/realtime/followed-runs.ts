/** The runs that viewers follow: what was committed of each and has not been sent yet, and the messages made of it. */
import { continuity, cut, joined, type FrameBlock } from '../../../shared/frames.js';
import type { FramesMessage } from '../../../shared/protocol.js';
import type { Run } from '../../../shared/run.js';
import type { SweepService } from '../../service/sweep-service.js';
import { framesMessage } from '../calls/encode-frames.js';
import type { Wanted } from './viewer-feed.js';

interface FollowedRun {
  frames: PendingFrames;
  followers: number;
  /** How many series viewers have been told of. */
  known: number;
}

export class FollowedRuns {
  readonly #service: Pick<SweepService, 'runs' | 'histories'>;
  readonly #followed = new Map<string, FollowedRun>();

  constructor(service: Pick<SweepService, 'runs' | 'histories'>) {
    this.#service = service;
  }

  /** One viewer more follows the run. */
  add({ id, series }: Run): void {
    const followed = this.#followed.get(id);
    if (followed !== undefined) followed.followers += 1;
    else {
      const frames = new PendingFrames(id, this.#service.histories.nextSeq(id));
      this.#followed.set(id, { frames, followers: 1, known: series.length });
    }
  }

  /** One viewer less does. */
  remove(runId: string): void {
    const followed = this.#followed.get(runId);
    if (followed !== undefined && --followed.followers === 0) this.#followed.delete(runId);
  }

  /** Every live viewer of the run has been sent all seqs below; undefined while nobody follows it. */
  sent(runId: string): number | undefined {
    return this.#followed.get(runId)?.frames.sent;
  }

  /** Takes a block that was committed, if someone follows its run. */
  append(block: FrameBlock): void {
    const { histories } = this.#service;
    const followed = this.#followed.get(block.runId);
    followed?.frames.append(block, (after, limit) => histories.frames(block.runId, after, limit));
  }

  /**
   * What is pending from `nextSeq` on; null where there is nothing, or where the run is gone.
   * @param known how many of the run's series the viewer has been told of
   */
  message(
    { runId, selection }: Wanted,
    { nextSeq, known }: { nextSeq?: number; known?: number } = {},
  ): FramesMessage | null {
    const followed = this.#followed.get(runId);
    const block = followed?.frames.from(nextSeq ?? followed.frames.sent) ?? null;
    if (block === null) return null;
    const run = this.#service.runs.run(runId);
    return run === undefined ? null : framesMessage(block, run, selection, known ?? followed!.known);
  }

  /** What was pending has been sent. */
  clear(): void {
    for (const [runId, followed] of this.#followed) {
      if (followed.frames.isEmpty) continue;
      followed.frames.clear();
      followed.known = this.#service.runs.run(runId)?.series.length ?? followed.known;
    }
  }
}

/** One run's committed frames between two ticks: those that its viewers have not been sent yet. */
class PendingFrames {
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
