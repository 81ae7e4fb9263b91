/** Fits y = c · xᵏ: how cost grows with a size. */

/** k, by least squares over the logarithms. */
export function fittedExponent(xs: number[], ys: number[]): number {
  const [logX, logY] = [xs.map(Math.log), ys.map(Math.log)];
  const [meanX, meanY] = [mean(logX), mean(logY)];
  const covariance = logX.reduce((sum, x, i) => sum + (x - meanX) * (logY[i]! - meanY), 0);
  return covariance / logX.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
