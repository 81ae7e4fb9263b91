/**
 * What is trained again must come out as it did before, but for its seconds: the comparison of frames and measurements
 * with those that are stored, and the seconds by which a trainer's clock differs from the run's. Pure.
 */
import { SECONDS_COLUMN, widthOf, type FrameBlock } from '../../shared/frames.js';
import type { Measurement } from '../../shared/measurement.js';
import { LOCAL_COLUMNS, type Run } from '../../shared/run.js';
import type { LogRow } from '../store/run-store.js';

/** Where epochs that are trained again depart from what is stored. */
export interface Mismatch {
  epoch: number;
  /** A frame's column, or a series of a measurement. */
  column: string;
  /** Null: no value. */
  stored: number | null;
  trained: number | null;
}

/** What of a run can be expected to come out as it did before. */
export interface Comparable {
  /** Frames before this one were trained on another engine … */
  fromSeq: number;
  /** … and so was what was measured up to this step. */
  afterStep: number;
  /** Whether the draws of the script's measurements are the same: they depend on the total of epochs. */
  scriptSample: boolean;
}

/** @param log of the run, oldest first. */
export function comparableOf({ seams = [] }: Pick<Run, 'seams'>, log: readonly LogRow[]): Comparable {
  const seam = seams.findLast(({ kind }) => kind === 'engine');
  return {
    fromSeq: seam?.seq ?? 0,
    afterStep: seam?.step ?? -Infinity,
    scriptSample: !log.some(({ event }) => event === 'extended'),
  };
}

/**
 * The first value of `again` that is not, bit for bit, what `known` has in the same row; null when there is none. Both
 * begin with the same frame. `seconds` may differ. So may, at epochs that are not a multiple of `every`, whether CVs
 * were measured at all: the middle and the last epoch move when a run is extended.
 */
export function frameMismatch(
  known: FrameBlock,
  again: FrameBlock,
  { columns, every }: { columns: readonly string[]; every: number },
): Mismatch | null {
  const [knownWidth, width] = [widthOf(known), widthOf(again)];
  for (let row = 0; row < Math.min(known.rows, again.rows); row += 1) {
    const epoch = again.steps[row]!;
    for (let column = 0; column < width; column += 1) {
      const stored = column < knownWidth ? known.values[row * knownWidth + column]! : NaN;
      const trained = again.values[row * width + column]!;
      // What is not a number has many bit patterns and one meaning; the two zeros differ.
      if (column === SECONDS_COLUMN || Object.is(stored, trained)) continue;
      const isSometimesMeasured = column >= LOCAL_COLUMNS.length && epoch % every !== 0;
      if (isSometimesMeasured && (Number.isNaN(stored) || Number.isNaN(trained))) continue;
      const name = columns[column] ?? String(column);
      return { epoch, column: name, stored: valueOrNull(stored), trained: valueOrNull(trained) };
    }
  }
  return null;
}

/** The first series whose CV differs; both are of the same epoch and sample. */
export function measurementMismatch(known: Measurement, again: Measurement): Mismatch | null {
  for (const [series, { cv: trained }] of Object.entries(again.values)) {
    const stored = known.values[series]?.cv ?? null;
    if (stored !== trained)
      return { epoch: again.epoch, column: `${series} (${again.sample} sample)`, stored, trained };
  }
  return null;
}

/**
 * What helps. Resuming is not refused: a fault of the machine may pass, and the comparison is made again, so that
 * nothing can be mixed.
 */
export const MISMATCH_ADVICE =
  'restart trains the config anew as another run; resume tries these epochs once more and fails again if they differ';

export function mismatchMessage({ epoch, column, stored, trained }: Mismatch): string {
  const say = (value: number | null): string => (value === null ? 'no value' : String(value));
  return (
    `epoch ${epoch} was trained again and came out different: ${column} is ${say(trained)}, ` +
    `and ${say(stored)} is stored; the stored value stays`
  );
}

function valueOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** What is to be added to the seconds of a trainer that goes on from a state, given the frame of that epoch that is known. */
export function shiftOfState(known: FrameBlock, seconds: number): number {
  const rounded = Math.fround(seconds);
  return (secondsAt(known, 0) ?? rounded) - rounded;
}

/** What is to be added to the seconds of a trainer that repeats `known`, one frame, as a row of `again`. */
export function shiftBetween(known: FrameBlock, again: FrameBlock): number {
  return (secondsAt(known, 0) ?? 0) - (secondsAt(again, known.fromSeq - again.fromSeq) ?? 0);
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
