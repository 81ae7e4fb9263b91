/** From values to pixels and back, on a linear or a logarithmic axis. */

export interface Axis {
  min: number;
  max: number;
  log: boolean;
  /** Where `min` and `max` are, in pixels. */
  from: number;
  to: number;
}

export function toPixel({ min, max, log, from, to }: Axis): (value: number) => number {
  const scaled = log ? Math.log10 : (value: number): number => value;
  const [low, high] = [scaled(min), scaled(max)];
  const factor = (to - from) / (high - low);
  return (value) => from + (scaled(value) - low) * factor;
}

export function toValue({ min, max, log, from, to }: Axis): (pixel: number) => number {
  if (log) {
    const ratio = Math.log10(max / min);
    return (pixel) => min * 10 ** (((pixel - from) / (to - from)) * ratio);
  }
  return (pixel) => min + ((pixel - from) / (to - from)) * (max - min);
}
