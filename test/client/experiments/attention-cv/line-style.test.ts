/** A run's colour and dash: the same for the same config everywhere, apart for different ones. */
import { describe, expect, it } from 'vitest';
import { lineStyle } from '../../../../client/experiments/attention-cv/line-style.js';

const DIMS = [64, 128, 256];
const HEADS = [1, 2, 4, 8];

function parts(color: string): { lightness: number; hue: number } {
  const [, lightness, hue] = /^oklch\(([\d.]+) [\d.]+ ([\d.]+)\)$/.exec(color) ?? [];
  return { lightness: Number(lightness), hue: Number(hue) };
}

describe('line style', () => {
  it('gives every config of the reference sweep a look of its own', () => {
    const looks = DIMS.flatMap((dim) => HEADS.map((heads) => lineStyle({ dim, heads }, DIMS, HEADS, 'dark')));
    expect(new Set(looks.map((look) => JSON.stringify(look))).size).toBe(12);
  });

  it('has one hue per dim and one lightness and dash per number of heads', () => {
    for (const heads of HEADS) {
      const looks = DIMS.map((dim) => lineStyle({ dim, heads }, DIMS, HEADS, 'light'));
      expect(new Set(looks.map(({ color }) => parts(color).lightness)).size).toBe(1);
      expect(new Set(looks.map(({ dash, widthPx }) => `${dash.join()}/${widthPx}`)).size).toBe(1);
      expect(new Set(looks.map(({ color }) => parts(color).hue)).size).toBe(3);
    }
  });

  it('darkens with the number of heads in both themes', () => {
    for (const theme of ['light', 'dark'] as const) {
      const lightness = HEADS.map((heads) => parts(lineStyle({ dim: 64, heads }, DIMS, HEADS, theme).color).lightness);
      expect(lightness).toEqual([...lightness].sort((a, b) => b - a));
    }
  });

  it('lets a run that was trained again stand back, in the same colour', () => {
    const [now, before] = [false, true].map((replaced) =>
      lineStyle({ dim: 64, heads: 2 }, DIMS, HEADS, 'dark', replaced),
    );
    expect(before).toEqual({ ...now, opacity: 0.35 });
  });

  it('finds further hues for more than three dims', () => {
    const dims = [8, 16, 32, 64, 128, 256];
    const hues = dims.map((dim) => parts(lineStyle({ dim, heads: 1 }, dims, [1], 'dark').color).hue);
    expect(new Set(hues).size).toBe(dims.length);
  });

  it('dashes another seed of the same dim and heads otherwise; its hue and lightness stay', () => {
    const [first, second] = [0, 1].map((variant) => lineStyle({ dim: 64, heads: 2, variant }, DIMS, HEADS, 'light'));
    expect(second!.color).toBe(first!.color);
    expect(second!.dash).not.toEqual(first!.dash);
  });
});

/** OKLab coordinates of a colour as `lineStyle` writes it. */
function okLab(color: string): [number, number, number] {
  const [, l, c, h] = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(color)!.map(Number) as [0, number, number, number];
  return [l, c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];
}

/** WCAG's relative luminance; what lies outside sRGB is clipped, as screens do. */
function luminance([l, a, b]: [number, number, number]): number {
  const [x, y, z] = [
    l + 0.3963377774 * a + 0.2158037573 * b,
    l - 0.1055613458 * a - 0.0638541728 * b,
    l - 0.0894841775 * a - 1.291485548 * b,
  ].map((root) => root ** 3) as [number, number, number];
  const linear = [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ].map((value) => Math.min(1, Math.max(0, value))) as [number, number, number];
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/** Luminance of the panels: #ffffff and #151a21. */
const PANEL = { light: 1, dark: 0.0102 };

function looksOf(dims: number[], heads: number[], variants: number, theme: 'light' | 'dark') {
  return dims.flatMap((dim) =>
    heads.flatMap((head) =>
      Array.from({ length: variants }, (_, variant) => lineStyle({ dim, heads: head, variant }, dims, heads, theme)),
    ),
  );
}

/** The smallest OKLab distance between two lines of the same dash and width; about 0.02 is just noticeable. */
function closest(looks: readonly ReturnType<typeof lineStyle>[]): number {
  let least = Infinity;
  for (const [index, one] of looks.entries()) {
    for (const other of looks.slice(index + 1)) {
      if (one.dash.join() !== other.dash.join() || one.widthPx !== other.widthPx) continue;
      const [a, b] = [okLab(one.color), okLab(other.color)];
      least = Math.min(least, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
    }
  }
  return least;
}

describe.each(['light', 'dark'] as const)('lines in the %s theme', (theme) => {
  it('are seven noticeable steps apart for the 12 runs of the reference sweep, where the dash is the same', () => {
    expect(closest(looksOf(DIMS, HEADS, 1, theme))).toBeGreaterThan(0.15);
  });

  it.each([
    ['10 dims × 5 heads', 10, 5, 1],
    ['5 dims × 5 heads × 2 seeds', 5, 5, 2],
    ['3 dims × 4 heads × 4 seeds', 3, 4, 4],
    ['2 dims × 5 heads × 5 seeds', 2, 5, 5],
    ['one config × 50 seeds', 1, 1, 50],
    ['50 dims', 50, 1, 1],
  ])('are told apart in a sweep of %s: by dash, or by two noticeable steps of colour', (_, dims, heads, seeds) => {
    const powers = (count: number): number[] => Array.from({ length: count }, (_, index) => 8 * (index + 1));
    expect(closest(looksOf(powers(dims), powers(heads), seeds, theme))).toBeGreaterThan(0.04);
  });

  it('keep 3 : 1 against the panel', () => {
    for (const { color } of looksOf([...Array(12).keys()], HEADS, 8, theme)) {
      const [bright, dim] = [luminance(okLab(color)), PANEL[theme]].sort((a, b) => b - a) as [number, number];
      expect((bright + 0.05) / (dim + 0.05), color).toBeGreaterThanOrEqual(3);
    }
  });
});
