/** The way back of a viewer that reads slowly: from the store, a part each time it has read the one before. */
import type { FramesMessage } from '../../../shared/protocol.js';
import type { SweepService } from '../../service/sweep-service.js';
import { framesMessage, selectedColumns } from './encode-frames.js';
import type { ViewerFeed } from './viewer-feed.js';

/** Small enough to wait in memory for each of many viewers, large enough to overtake any run. */
const PART_CHARACTERS = 384 * 1024;
/** Of a value, as base64 of a float32, and of a row's step and time. */
const VALUE_CHARACTERS = 16 / 3;
const ROW_CHARACTERS = 64 / 3;

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
    const columns = selectedColumns(run, place.selection).length;
    const limit = Math.max(1, Math.floor(left / (ROW_CHARACTERS + VALUE_CHARACTERS * columns)));
    const block = histories.frames(run.id, place.nextSeq - 1, limit);
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
