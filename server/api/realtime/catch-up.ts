/** The way back of a viewer that reads slowly: from the store, a part each time it has read the one before. */
import type { FramesMessage } from '../../../shared/protocol.js';
import type { SweepService } from '../../service/sweep-service.js';
import { framesMessage, rowsFor } from '../calls/encode-frames.js';
import type { ViewerFeed } from './viewer-feed.js';

/** Small enough to wait in memory for each of many viewers, large enough to overtake any run. */
const PART_CHARACTERS = 384 * 1024;

/**
 * Sends the next part of what the viewer lacks. True once it has all that is committed: then it has also been sent what
 * else it missed, after the frames before it.
 */
export function catchUp({ socket, state }: ViewerFeed, { runs, histories }: SweepService): boolean {
  if (state.kind !== 'behind') return true;
  const list: FramesMessage[] = [];
  let left = PART_CHARACTERS;
  for (const place of state.places.values()) {
    if (left <= 0) break;
    const run = runs.run(place.runId);
    if (run === undefined) continue;
    const block = histories.frames(run.id, place.nextSeq - 1, rowsFor(run, place.selection, left));
    if (block.rows === 0) continue;
    // It may have missed that the columns have become more.
    const message = framesMessage(block, run, place.selection, 0);
    list.push(message);
    place.nextSeq += block.rows;
    left -= message.data.length + message.steps.length + message.times.length;
  }
  if (list.length > 0) socket.emit('run:frames', list);
  if ([...state.places.values()].some(({ runId, nextSeq }) => nextSeq < histories.nextSeq(runId))) return false;
  for (const measured of state.measured) socket.emit('run:measured', measured);
  if (!state.change.isEmpty) socket.emit('runs:changed', state.change.take());
  return true;
}
