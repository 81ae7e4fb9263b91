/**
 * Keeps a run's `seconds` going on from the frame that is kept last where a trainer repeats epochs: what they cost the
 * second time is not counted, and no frame lies before an earlier one. Pure.
 */
import { SECONDS_COLUMN, widthOf, type FrameBlock } from '../../shared/frames.js';

/** What is to be added to the seconds of a trainer that goes on from a state, given the kept frame of that epoch. */
export function shiftOfState(kept: FrameBlock, seconds: number): number {
  const rounded = Math.fround(seconds);
  return (secondsAt(kept, 0) ?? rounded) - rounded;
}

/** What is to be added to the seconds of a trainer that repeats `kept`, one frame, as a row of `again`. */
export function shiftBetween(kept: FrameBlock, again: FrameBlock): number {
  return (secondsAt(kept, 0) ?? 0) - (secondsAt(again, kept.fromSeq - again.fromSeq) ?? 0);
}

function secondsAt(block: FrameBlock, row: number): number | undefined {
  return row < block.rows ? block.values[row * widthOf(block) + SECONDS_COLUMN] : undefined;
}

/** The frames with `shift` added to their seconds. */
export function shifted(block: FrameBlock, shift: number): FrameBlock {
  if (shift === 0) return block;
  const values = block.values.slice();
  const columns = widthOf(block);
  for (let at = SECONDS_COLUMN; at < values.length; at += columns) values[at]! += shift;
  return { ...block, values };
}
