/**
 * What is trained again must come out as it did before: the comparison of frames and measurements with those that are
 * kept. Pure.
 */
import { LEADING_COLUMNS, SECONDS_COLUMN, type FrameBlock } from '../../shared/frames.js';
import type { Measurement } from '../../shared/measurement.js';
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
  /** Epochs before this one were trained on another engine. */
  fromEpoch: number;
  /** Whether the draws of the script's measurements are the same: they depend on the total of epochs. */
  scriptSample: boolean;
}

/** @param log of the run, oldest first. */
export function comparableOf(log: readonly LogRow[]): Comparable {
  const change = log.findLast(({ event }) => event === 'engine-changed');
  return {
    fromEpoch: change === undefined ? 0 : epochOf(change) + 1,
    scriptSample: !log.some(({ event }) => event === 'extended'),
  };
}

function epochOf({ details }: LogRow): number {
  const epoch = typeof details === 'object' && details !== null && 'epoch' in details ? details.epoch : undefined;
  return typeof epoch === 'number' ? epoch : -1;
}

/**
 * The first value of `again` that is not, bit for bit, what `kept` has in the same row; null when there is none. Both
 * begin with the same frame. `seconds` may differ. So may, at epochs that are not a multiple of `every`, whether CVs
 * were measured at all: the middle and the last epoch move when a run is extended.
 */
export function frameMismatch(
  kept: FrameBlock,
  again: FrameBlock,
  { columns, every }: { columns: readonly string[]; every: number },
): Mismatch | null {
  const width = again.values.length / again.rows;
  const keptBits = bitsOf(kept.values);
  const againBits = bitsOf(again.values);
  for (let at = 0; at < Math.min(keptBits.length, againBits.length); at += 1) {
    const column = at % width;
    if (column === SECONDS_COLUMN || keptBits[at] === againBits[at]) continue;
    const stored = valueOrNull(kept.values[at]);
    const trained = valueOrNull(again.values[at]);
    // What is not a number has many bit patterns and one meaning.
    if (stored === null && trained === null) continue;
    // seq 0 is epoch 0.
    const epoch = again.fromSeq + Math.floor(at / width);
    const isSometimesMeasured = column >= LEADING_COLUMNS.length && epoch % every !== 0;
    if (isSometimesMeasured && (stored === null || trained === null)) continue;
    return { epoch, column: columns[column] ?? String(column), stored, trained };
  }
  return null;
}

/** The first series whose CV differs; both are of the same epoch and sample. */
export function measurementMismatch(kept: Measurement, again: Measurement): Mismatch | null {
  for (const [series, { cv: trained }] of Object.entries(again.values)) {
    const stored = kept.values[series]?.cv ?? null;
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

function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

function valueOrNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
