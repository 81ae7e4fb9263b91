/** What a run's line looks like, everywhere: hue = dim, lightness and dash = heads. */

export type Theme = 'light' | 'dark';

export interface LineStyle {
  /** CSS colour, in OKLCH so that hues of one rank are equally light. */
  color: string;
  /** CSS pixels on and off; empty = solid. */
  dash: readonly number[];
  widthPx: number;
  /** 1; less for a run that was trained again, whose curve stays behind the newer one. */
  opacity: number;
}

/** Blue, orange, green first: apart for every common kind of colour blindness. Then purple, yellow, cyan, red, … */
const HUES = [257, 50, 158, 325, 98, 210, 20, 290];
const CHROMA = [0.13, 0.14, 0.13, 0.15, 0.12, 0.1, 0.16, 0.15];

const REPLACED_OPACITY = 0.35;

/** Solid, dashed, dotted, bold, dash-dot, long dashes: few heads are thin, and a fourth is bold. */
const STROKES: readonly Pick<LineStyle, 'dash' | 'widthPx'>[] = [
  { dash: [], widthPx: 1.5 },
  { dash: [6, 3.5], widthPx: 1.5 },
  { dash: [1.5, 2.5], widthPx: 1.6 },
  { dash: [], widthPx: 2.4 },
  { dash: [8, 3, 2, 3], widthPx: 1.6 },
  { dash: [12, 4], widthPx: 2 },
];

/** Lightness of the fewest and the most heads. Both ends keep 3 : 1 against their theme's panel. */
const LIGHTNESS: Record<Theme, readonly [number, number]> = { light: [0.67, 0.38], dark: [0.88, 0.6] };

/**
 * @param dims, heads the sweep's distinct values, ascending: ranks among them decide, so that a hidden run changes
 * nobody's colour.
 * @param replaced whether a newer run of the same config stands for it.
 */
export function lineStyle(
  config: { dim: number; heads: number },
  dims: readonly number[],
  heads: readonly number[],
  theme: Theme,
  replaced = false,
): LineStyle {
  const hueRank = Math.max(0, dims.indexOf(config.dim)) % HUES.length;
  const headRank = Math.max(0, heads.indexOf(config.heads));
  const [from, to] = LIGHTNESS[theme];
  const part = heads.length > 1 ? headRank / (heads.length - 1) : 0.5;
  const lightness = from + (to - from) * part;
  // Very light and very dark colours cannot hold much chroma; asking for more shifts their hue.
  const chroma = CHROMA[hueRank]! * (theme === 'dark' ? 0.78 + 0.22 * part : 1 - 0.2 * part);
  return {
    color: `oklch(${lightness.toFixed(3)} ${chroma.toFixed(3)} ${HUES[hueRank]})`,
    ...STROKES[headRank % STROKES.length]!,
    opacity: replaced ? REPLACED_OPACITY : 1,
  };
}
