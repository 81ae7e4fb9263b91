/** Blocks of frames for tests, whose steps are their seqs; and how they travel. */
import { bytesOf, type FrameBlock, type FrameValues, valuesOf } from '../../shared/frames.js';
import type { FramesText } from '../../shared/protocol.js';
import { columnsOf } from '../../shared/run.js';
import { seriesNames } from '../../shared/experiments/attention-cv/series.js';

/** When the frame `seq` of a test was made. */
export function timeAt(seq: number): number {
  return Date.UTC(2026, 0, 2) + 1000 * seq;
}

/** @param values (rows, columns) */
export function testBlock(runId: string, fromSeq: number, rows: number, values: FrameValues): FrameBlock {
  const steps = Float64Array.from({ length: rows }, (_, row) => fromSeq + row);
  return { runId, fromSeq, rows, steps, times: steps.map(timeAt), values };
}

/** The columns of a run that trains here with so many heads. */
export function columnsFor(heads: number): string[] {
  return columnsOf({ source: 'local', series: seriesNames(heads) });
}

/** As it is sent; times are not kept. */
export function framesText(fromSeq: number, steps: readonly number[], values: FrameValues): FramesText {
  const base64 = (array: FrameValues): string => Buffer.from(bytesOf(array)).toString('base64');
  return {
    fromSeq,
    rows: steps.length,
    steps: base64(new Float64Array(steps)),
    times: base64(new Float64Array(steps.length).fill(NaN)),
    data: base64(values),
  };
}

/** The rows of a message whose values are float32. */
export function rowsOf({ steps, times, data }: FramesText): {
  steps: Float64Array;
  times: Float64Array;
  values: FrameValues;
} {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  return {
    steps: valuesOf(bytes(steps), 'f64'),
    times: valuesOf(bytes(times), 'f64'),
    values: valuesOf(bytes(data), 'f32'),
  };
}
