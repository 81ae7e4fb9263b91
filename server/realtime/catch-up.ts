/** The way back of a viewer that reads slowly: from the store, a part each time it has read the one before. */
import { LEADING_COLUMNS } from '../../shared/frames.js';
import type { FramesMessage } from '../../shared/protocol.js';
import type { RunStore } from '../store/run-store.js';
import { encodeFrames } from './encode-frames.js';
import type { ViewerFeed } from './viewer-feed.js';

/** Small enough to wait in memory for each of many viewers, large enough to overtake any run. */
const PART_BYTES = 256 * 1024;
const BYTES_PER_VALUE = 4;

/**
 * Sends the next part of what the viewer lacks. True once it has all that is committed: then it has also been sent what
 * else it missed, after the frames before it.
 */
export function catchUp({ socket, state }: ViewerFeed, store: RunStore): boolean {
  if (state.kind !== 'behind') return true;
  const list: FramesMessage[] = [];
  let left = PART_BYTES;
  for (const [runId, nextSeq] of state.nextSeqs) {
    if (left <= 0) break;
    const run = store.run(runId);
    if (run === undefined) continue;
    const rowBytes = BYTES_PER_VALUE * (LEADING_COLUMNS.length + run.series.length);
    const block = store.frames(runId, nextSeq - 1, Math.max(1, Math.floor(left / rowBytes)));
    if (block.rows === 0) continue;
    list.push(encodeFrames(block));
    state.nextSeqs.set(runId, nextSeq + block.rows);
    left -= block.values.byteLength;
  }
  if (list.length > 0) socket.emit('run:frames', list);
  if ([...state.nextSeqs].some(([runId, nextSeq]) => nextSeq < store.nextSeq(runId))) return false;
  for (const measured of state.measured) socket.emit('run:measured', measured);
  if (!state.change.isEmpty) socket.emit('runs:changed', state.change.take());
  return true;
}
