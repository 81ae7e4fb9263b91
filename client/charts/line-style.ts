/** What a run's line looks like, everywhere: a hue, a lightness and a dash, each by rank. */
import type { Theme } from '../ui/theme-choice.js';

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
const HUES = [257, 50, 158, 325, 98, 210, 20, 290, 128, 350, 184];
const CHROMA = [0.13, 0.14, 0.13, 0.15, 0.12, 0.1, 0.16, 0.15, 0.13, 0.15, 0.11];

const REPLACED_OPACITY = 0.35;

/** Solid, dashed, dotted, bold, dash-dot, long dashes: the first shades are thin, and a fourth is bold. */
const STROKES: readonly Pick<LineStyle, 'dash' | 'widthPx'>[] = [
  { dash: [], widthPx: 1.5 },
  { dash: [6, 3.5], widthPx: 1.5 },
  { dash: [1.5, 2.5], widthPx: 1.6 },
  { dash: [], widthPx: 2.4 },
  { dash: [8, 3, 2, 3], widthPx: 1.6 },
  { dash: [12, 4], widthPx: 2 },
];

/** Once all dashes are taken, further variants turn the hue by so many degrees, to either side in turn. */
const TURN = 20;

/** Lightness of the first and the last shade. Both ends keep 3 : 1 against their theme's panel. */
const LIGHTNESS: Record<Theme, readonly [number, number]> = { light: [0.645, 0.36], dark: [0.88, 0.6] };

/**
 * @param rank.hue from 0; those beyond the hues step aside in their dash.
 * @param rank.shade its place among `shades`, which decides lightness and dash.
 * @param rank.variant among those of the same hue and shade: takes other dashes, then turns the hue.
 * @param replaced whether a newer run of the same config stands for it.
 */
export function rankedStyle(
  rank: { hue: number; shade: number; variant: number },
  shades: number,
  theme: Theme,
  replaced = false,
): LineStyle {
  const hueRank = rank.hue % HUES.length;
  const [from, to] = LIGHTNESS[theme];
  const part = shades > 1 ? rank.shade / (shades - 1) : 0.5;
  const lightness = from + (to - from) * part;
  // Very light and very dark colours cannot hold much chroma; asking for more shifts their hue.
  const chroma = CHROMA[hueRank]! * (theme === 'dark' ? 0.78 + 0.22 * part : 1 - 0.2 * part);
  // A rank whose hue is another's already steps aside in its dash, as another variant does.
  const step = rank.variant + Math.floor(rank.hue / HUES.length);
  const round = Math.floor(step / STROKES.length);
  const turn = TURN * Math.ceil(round / 2) * (round % 2 === 0 ? -1 : 1);
  return {
    color: `oklch(${lightness.toFixed(3)} ${chroma.toFixed(3)} ${(HUES[hueRank]! + turn + 360) % 360})`,
    ...STROKES[(rank.shade + step) % STROKES.length]!,
    opacity: replaced ? REPLACED_OPACITY : 1,
  };
}

/** Of a run whose config says nothing of its looks: a hue of its own, as long as there are some. */
export function plainStyle(order: number, theme: Theme, replaced = false): LineStyle {
  return rankedStyle({ hue: order, shade: 0, variant: 0 }, 0, theme, replaced);
}
