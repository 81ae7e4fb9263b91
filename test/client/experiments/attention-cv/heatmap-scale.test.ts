/** The heatmap's colours: ordered for every eye, and readable. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { partOf, scaleColor } from '../../../../client/experiments/attention-cv/heatmap-layout.js';

const STEPS = Array.from({ length: 101 }, (_, step) => step / 100);
const channels = (color: string): number[] => /^rgb\((.*)\)$/.exec(color)![1]!.split(' ').map(Number);

/** WCAG's relative luminance, 0 to 1. */
function luminance(rgb: readonly number[]): number {
  const [red, green, blue] = rgb.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** What is left of a colour without its red-green part: the luminances of its long and short wavelengths alike. */
const withoutRedGreen = (rgb: readonly number[]): number =>
  luminance([(rgb[0]! + rgb[1]!) / 2, (rgb[0]! + rgb[1]!) / 2, rgb[2]!]);

describe('the scale', () => {
  it.each(['light', 'dark'] as const)('runs one way in lightness, with and without colour vision (%s)', (theme) => {
    for (const light of [luminance, withoutRedGreen]) {
      const lights = STEPS.map((part) => light(channels(scaleColor(part, theme).background)));
      const ordered = lights.toSorted((a, b) => (theme === 'light' ? b - a : a - b));
      expect(lights).toEqual(ordered);
      expect(Math.abs(lights[0]! - lights.at(-1)!)).toBeGreaterThan(0.8);
    }
  });

  it.each(['light', 'dark'] as const)('has text of at least 4.5 : 1 on every colour (%s)', (theme) => {
    for (const part of STEPS) {
      const { background, text } = scaleColor(part, theme);
      const [one, other] = [luminance(channels(background)), text === '#ffffff' ? 1 : 0];
      expect((Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('ends where its values end, and is halfway at a single one', () => {
    expect(scaleColor(-3, 'light')).toEqual(scaleColor(0, 'light'));
    expect(scaleColor(7, 'dark')).toEqual(scaleColor(1, 'dark'));
    expect(scaleColor(0, 'light')).toEqual(scaleColor(1, 'dark'));
    expect(partOf(0.3, [0.1, 0.5], false)).toBeCloseTo(0.5, 12);
    expect(partOf(0.1, [0.01, 1], true)).toBeCloseTo(0.5, 12);
    expect(partOf(0.2, [0.2, 0.2], false)).toBe(0.5);
  });
});
