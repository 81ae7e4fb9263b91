/** The straight line through measurements, and how sure its slope is. */

export interface Point {
  x: number;
  y: number;
}

export interface Slope {
  /** Least squares, per unit of x. */
  slope: number;
  /** Standard error of the slope; null for fewer than three points. */
  standardError: number | null;
}

export function slopeOf(points: readonly Point[]): Slope {
  const n = points.length;
  const mean = (of: (point: Point) => number): number => points.reduce((sum, point) => sum + of(point), 0) / n;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const squares = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  const slope = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / squares;
  const residuals = points.reduce((sum, point) => sum + (point.y - y - slope * (point.x - x)) ** 2, 0);
  return { slope, standardError: n < 3 ? null : Math.sqrt(residuals / (n - 2) / squares) };
}

/** The value below which a share of all lies. @param share 0 to 1 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
