/** How cells stand in a heatmap: a row for each dim, learning rate and sweep, a column for each number of heads. */
import { distinct } from '../../data/statistics.js';
import { type GridCell, variantKey } from './grid-cells.js';
import type { Quantity } from './quantity.js';
import type { Theme } from '../../ui/theme-choice.js';

export interface HeatmapGrid {
  /** Of the columns, ascending. */
  heads: number[];
  rows: GridCell[][];
}

export function heatmapGrid(cells: readonly GridCell[]): HeatmapGrid {
  const rows = new Map<string, GridCell[]>();
  for (const cell of cells) {
    const key = `${cell.dim} ${variantKey(cell)}`;
    rows.set(key, [...(rows.get(key) ?? []), cell]);
  }
  return {
    heads: distinct(cells.map((cell) => cell.heads)),
    rows: [...rows.values()],
  };
}

/** Colours for values: one lightness a value, so that any eye and any printer can order them, and text that stays readable. */
export interface ScaleColor {
  background: string;
  /** Black or white, whichever stands out more: at least 4.5 : 1. */
  text: string;
}

/** Violet at nine steps of even lightness: no dim's hue, and of one kind for every colour blindness. */
const VIOLETS: readonly (readonly [number, number, number])[] = [
  [26, 10, 72],
  [44, 22, 110],
  [66, 42, 146],
  [91, 71, 178],
  [119, 104, 202],
  [150, 140, 219],
  [184, 178, 233],
  [216, 213, 244],
  [244, 243, 252],
];

/** @param part 0 to 1. What is more stands out more: dark on a light page, light on a dark one. */
export function scaleColor(part: number, theme: Theme): ScaleColor {
  const clamped = Math.min(1, Math.max(0, Number.isNaN(part) ? 0 : part));
  return between(VIOLETS, theme === 'light' ? 1 - clamped : clamped);
}

/** @param part from the first colour, 0, to the last, 1 */
function between(colors: readonly (readonly [number, number, number])[], part: number): ScaleColor {
  const at = part * (colors.length - 1);
  const from = colors[Math.floor(at)]!;
  const to = colors[Math.ceil(at)]!;
  const rgb = from.map((channel, index) => Math.round(channel + (to[index]! - channel) * (at % 1)));
  return { background: `rgb(${rgb.join(' ')})`, text: luminance(rgb) > 0.179 ? '#000000' : '#ffffff' };
}

/** Orange below, violet above, of even steps of lightness away from a middle that is nearly the panel's. */
const ORANGES: readonly (readonly [number, number, number])[] = [
  [248, 244, 238],
  [246, 222, 190],
  [240, 190, 130],
  [226, 150, 72],
  [196, 110, 30],
  [152, 80, 14],
  [106, 54, 8],
];
const DIVERGING_VIOLETS: readonly (readonly [number, number, number])[] = [
  [248, 244, 238],
  [216, 213, 244],
  [184, 178, 233],
  [150, 140, 219],
  [119, 104, 202],
  [91, 71, 178],
  [66, 42, 146],
];

/** Of departures, from −1 to 1: whatever the theme, the middle is light, so that neither side looks like nothing. */
export function divergingColor(part: number): ScaleColor {
  const clamped = Math.min(1, Math.max(-1, Number.isNaN(part) ? 0 : part));
  return between(clamped < 0 ? ORANGES : DIVERGING_VIOLETS, Math.abs(clamped));
}

/** Of a value on the scale of its quantity: of departures around 0, by as much to either side. */
export function colorOf(
  value: number,
  range: readonly [number, number],
  { family, departs }: Pick<Quantity, 'family' | 'departs'>,
  theme: Theme,
): ScaleColor {
  if (departs === true) return divergingColor(value / Math.max(Math.abs(range[0]), Math.abs(range[1]), 1e-9));
  return scaleColor(partOf(value, range, family.axis === 'log'), theme);
}

/** The scale itself, from its low end to its high one. */
export function scaleSteps(
  [low, high]: readonly [number, number],
  quantity: Pick<Quantity, 'family' | 'departs'>,
  theme: Theme,
  steps: number,
): ScaleColor[] {
  const parts = Array.from({ length: steps }, (_, step) => step / (steps - 1));
  if (quantity.departs !== true) return parts.map((part) => scaleColor(part, theme));
  return parts.map((part) => colorOf(low + part * (high - low), [low, high], quantity, theme));
}

/** Where a value stands between the ends of a scale; on a log scale by its logarithm. */
export function partOf(value: number, [low, high]: readonly [number, number], log: boolean): number {
  const scale = log ? Math.log : (v: number): number => v;
  return high > low ? (scale(value) - scale(low)) / (scale(high) - scale(low)) : 0.5;
}

/** WCAG's relative luminance of sRGB channels 0 to 255. */
function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
