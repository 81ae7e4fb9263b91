/** Colours as every program that reads SVG knows them: `#rrggbb`, and how opaque. */

export interface PlainColor {
  color: string;
  alpha: number;
}

/** Of `oklch(L C h)` or `#rrggbb`, `#rrggbbaa`; anything else is passed on as it is. */
export function plainColor(css: string): PlainColor {
  const [, l, c, h] = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(css) ?? [];
  if (h !== undefined) return { color: fromOklch(Number(l), Number(c), (Number(h) * Math.PI) / 180), alpha: 1 };
  const [, rgb, alpha] = /^(#[\da-f]{6})([\da-f]{2})$/i.exec(css) ?? [];
  if (rgb === undefined) return { color: css, alpha: 1 };
  return { color: rgb, alpha: parseInt(alpha!, 16) / 255 };
}

/** By way of cone responses and linear sRGB, as CSS Color 4 has it; what sRGB cannot show is cut off. */
function fromOklch(lightness: number, chroma: number, hue: number): string {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ];
  return `#${linear.map(toByte).join('')}`;
}

function toByte(linear: number): string {
  const cut = Math.min(1, Math.max(0, linear));
  const shown = cut <= 0.0031308 ? 12.92 * cut : 1.055 * cut ** (1 / 2.4) - 0.055;
  return Math.round(shown * 255)
    .toString(16)
    .padStart(2, '0');
}
