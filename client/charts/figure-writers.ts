/** A figure as an SVG document, and drawn into a canvas. */
import { plainText } from '../../shared/plain-text.js';
import type { Figure, PathShape, TextShape } from './chart-figure.js';

export function figureSvg(figure: Figure): string {
  const { width, height, background, font, plot, shapes } = figure;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escaped(font)}">`,
    `<clipPath id="plot"><rect x="${plot.x}" y="${plot.y}" width="${plot.width}" height="${plot.height}"/></clipPath>`,
    `<rect width="${width}" height="${height}" fill="${background}"/>`,
    ...shapes.map((shape) => (shape.kind === 'path' ? pathSvg(shape) : textSvg(shape))),
    '</svg>\n',
  ].join('\n');
}

function pathSvg({ d, stroke, fill, width, dash, alpha, clipped }: PathShape): string {
  const [line, area] = [plainColor(stroke), plainColor(fill)];
  const opacity = Math.round(alpha * (stroke === '' ? area.alpha : line.alpha) * 1000) / 1000;
  return [
    `<path d="${d}" fill="${fill === '' ? 'none' : area.color}"`,
    ...(stroke === '' ? [] : [`stroke="${line.color}" stroke-width="${width}" stroke-linejoin="round"`]),
    ...(dash.length === 0 ? [] : [`stroke-dasharray="${dash.join(' ')}"`]),
    ...(opacity === 1 ? [] : [`opacity="${opacity}"`]),
    ...(clipped ? ['clip-path="url(#plot)"'] : []),
  ]
    .join(' ')
    .concat('/>');
}

function textSvg({ x, y, text, size, bold, fill, anchor }: TextShape): string {
  const weight = bold ? ' font-weight="650"' : '';
  const place = `x="${Math.round(x * 100) / 100}" y="${Math.round(y * 100) / 100}" text-anchor="${anchor}"`;
  return `<text ${place} font-size="${size}"${weight} fill="${plainColor(fill).color}">${escaped(text)}</text>`;
}

export function drawFigure(
  ctx: CanvasRenderingContext2D,
  { width, height, background, font, plot, shapes }: Figure,
): void {
  ctx.fillStyle = background;
  ctx.fillRect(0, 0, width, height);
  for (const shape of shapes) {
    ctx.save();
    if (shape.kind === 'path') {
      if (shape.clipped) {
        ctx.beginPath();
        ctx.rect(plot.x, plot.y, plot.width, plot.height);
        ctx.clip();
      }
      const path = new Path2D(shape.d);
      ctx.globalAlpha = shape.alpha;
      ctx.lineJoin = 'round';
      ctx.lineWidth = shape.width;
      ctx.setLineDash([...shape.dash]);
      ctx.strokeStyle = shape.stroke;
      ctx.fillStyle = shape.fill;
      if (shape.fill !== '') ctx.fill(path);
      if (shape.stroke !== '') ctx.stroke(path);
    } else {
      ctx.font = `${shape.bold ? '650 ' : ''}${shape.size}px ${font}`;
      ctx.textAlign = shape.anchor === 'middle' ? 'center' : shape.anchor;
      ctx.fillStyle = shape.fill;
      ctx.fillText(shape.text, shape.x, shape.y);
    }
    ctx.restore();
  }
}

function escaped(text: string): string {
  return plainText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

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
