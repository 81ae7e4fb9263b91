/** A run's colour and dash: the same for the same config everywhere, apart for different ones. */
import { describe, expect, it } from 'vitest';
import { lineStyle } from '../../client/charts/line-style.js';

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
});
