/**
 * Whether what a chart got since it was drawn would change its picture. Of a run of thousands of epochs one more moves a
 * line by a fraction of a pixel: it is drawn once it can be seen.
 */
import type { Range } from './chart-settings.js';
import type { DrawnLine } from './drawn-line.js';
import { type Axis, toPixel } from './projection.js';

/** Canvas pixels. */
const LEAST_PX = 0.5;

/** @param axis as it was drawn. @param range that is shown now. */
export function rangeMoves(axis: Axis, [min, max]: Range): boolean {
  const px = toPixel(axis);
  return Math.abs(px(min) - axis.from) >= LEAST_PX || Math.abs(px(max) - axis.to) >= LEAST_PX;
}

/** @param drawn how many points of the line were drawn on these axes. */
export function lineMoves(line: DrawnLine, drawn: number, x: Axis, y: Axis): boolean {
  const { xs } = line;
  if (xs.length === drawn) return false;
  // Values that several runs share change where they were drawn already; before the first point there is no line.
  if (line.runs.length > 1 || drawn === 0) return true;
  const [px, py] = [toPixel(x), toPixel(y)];
  const place = px(xs[drawn - 1]!);
  const columns = [line.ys, line.smooth, line.lows, line.highs].flatMap((each) => (each === undefined ? [] : [each]));
  return columns.some(({ values }) => {
    const height = py(values[drawn - 1]!);
    for (let at = drawn; at < xs.length; at++) {
      const distance = Math.hypot(px(xs[at]!) - place, py(values[at]!) - height);
      // No number: a gap begins or ends.
      if (!(distance < LEAST_PX)) return true;
    }
    return false;
  });
}
