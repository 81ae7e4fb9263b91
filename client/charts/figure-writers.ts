/** A figure as an SVG document, and drawn into a canvas. */
import { plainText } from '../../shared/plain-text.js';
import type { Figure, PathShape, TextShape } from './chart-figure.js';
import { plainColor } from './plain-color.js';

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
