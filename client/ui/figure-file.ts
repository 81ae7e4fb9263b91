/**
 * A figure as a file of its own, SVG or PNG, titled and on the page's ground. The picture is painted shape by shape: the
 * page's CSP lets no image be loaded from its own SVG.
 */
import { plainText } from '../../shared/plain-text.js';
import { saveFile } from './save-file.js';

export interface Figure {
  /** Made of g, rect, line, path and text, colours and measures in attributes. */
  picture: SVGSVGElement;
  title: string;
  /** Without its ending. */
  fileName: string;
}

/** Room for the title above the picture. */
const TITLE_PX = 34;
const MARGIN_PX = 10;
/** Pixels of a PNG for one of the page. */
const SCALE = 2;

export const FIGURE_FORMATS = ['png', 'svg'] as const;
export type FigureFormat = (typeof FIGURE_FORMATS)[number];

export async function saveFigure(figure: Figure, format: FigureFormat): Promise<void> {
  const whole = framed(figure);
  saveFile(`${figure.fileName}.${format}`, format === 'svg' ? svgBlob(whole) : await pngBlob(whole));
}

/** The picture with its title, in a frame that begins at 0. */
function framed({ picture, title }: Figure): SVGSVGElement {
  const { width, height } = picture.viewBox.baseVal;
  const style = getComputedStyle(document.documentElement);
  const whole = shape('svg', {
    width: width + 2 * MARGIN_PX,
    height: height + TITLE_PX + MARGIN_PX,
    'font-family': style.getPropertyValue('--font').trim(),
  });
  whole.setAttribute('viewBox', `0 0 ${whole.getAttribute('width')} ${whole.getAttribute('height')}`);
  const ground = style.getPropertyValue('--panel').trim();
  const heading = { x: MARGIN_PX + 4, y: 22, 'font-size': 13, 'font-weight': 650 };
  const words = shape('text', { ...heading, fill: style.getPropertyValue('--text').trim() });
  words.textContent = title;
  const moved = shape('g', { transform: `translate(${MARGIN_PX} ${TITLE_PX})` });
  moved.append(...[...picture.children].map((child) => child.cloneNode(true)));
  whole.append(shape('rect', { width: '100%', height: '100%', fill: ground }), words, moved);
  return whole as SVGSVGElement;
}

/** Programs that draw SVG know neither OKLCH nor hexadecimal opacity. */
function svgBlob(whole: SVGSVGElement): Blob {
  const plainOf = colorReader();
  for (const element of whole.querySelectorAll('*'))
    for (const name of ['fill', 'stroke']) {
      const color = element.getAttribute(name);
      if (color === null || color === 'none') continue;
      const { rgb, opacity } = plainOf(color);
      element.setAttribute(name, rgb);
      if (opacity < 1)
        element.setAttribute(`${name}-opacity`, String(opacity * Number(element.getAttribute(`${name}-opacity`) ?? 1)));
    }
  // An XML serializer writes what XML forbids, too.
  for (const element of whole.querySelectorAll('text')) element.textContent = plainText(element.textContent);
  // What the page's templates leave between shapes is no part of the figure.
  const walker = document.createTreeWalker(whole, NodeFilter.SHOW_COMMENT);
  const comments: Node[] = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  for (const comment of comments) comment.parentNode!.removeChild(comment);
  return new Blob([new XMLSerializer().serializeToString(whole)], { type: 'image/svg+xml' });
}

async function pngBlob(whole: SVGSVGElement): Promise<Blob> {
  const size = (name: string): number => Number(whole.getAttribute(name)) * SCALE;
  const canvas = Object.assign(document.createElement('canvas'), { width: size('width'), height: size('height') });
  const context = canvas.getContext('2d')!;
  context.scale(SCALE, SCALE);
  paint(whole, context, whole.getAttribute('font-family') ?? 'sans-serif');
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('the picture is too large')) : resolve(blob)));
  });
}

function paint(element: Element, context: CanvasRenderingContext2D, font: string): void {
  const text = (name: string, otherwise = ''): string => element.getAttribute(name) ?? otherwise;
  const number = (name: string, otherwise = 0): number => Number(element.getAttribute(name) ?? otherwise);
  context.save();
  context.globalAlpha *= number('opacity', 1);
  const transform = (element as SVGGraphicsElement).transform.baseVal.consolidate()?.matrix;
  if (transform !== undefined)
    context.transform(transform.a, transform.b, transform.c, transform.d, transform.e, transform.f);
  if (element.tagName === 'text') {
    context.font = `${text('font-weight', '400')} ${text('font-size', '11')}px ${font}`;
    context.textAlign = ({ middle: 'center', end: 'end' } as const)[text('text-anchor')] ?? 'start';
    context.fillStyle = text('fill', '#000');
    context.fillText(element.textContent, number('x'), number('y'));
  } else {
    const path = pathOf(element);
    const alpha = context.globalAlpha;
    if (path !== undefined && text('fill') !== 'none' && element.tagName !== 'line') {
      context.globalAlpha = alpha * number('fill-opacity', 1);
      context.fillStyle = text('fill', '#000');
      context.fill(path);
    }
    if (path !== undefined && text('stroke', 'none') !== 'none') {
      context.globalAlpha = alpha * number('stroke-opacity', 1);
      context.strokeStyle = text('stroke');
      context.lineWidth = number('stroke-width', 1);
      context.setLineDash(
        text('stroke-dasharray', 'none') === 'none' ? [] : text('stroke-dasharray').split(/[ ,]+/).map(Number),
      );
      context.stroke(path);
    }
    context.globalAlpha = alpha;
    for (const child of element.children) paint(child, context, font);
  }
  context.restore();
}

function pathOf(element: Element): Path2D | undefined {
  const number = (name: string): number => Number(element.getAttribute(name) ?? 0);
  const path = new Path2D();
  switch (element.tagName) {
    case 'path':
      return new Path2D(element.getAttribute('d') ?? '');
    case 'line':
      path.moveTo(number('x1'), number('y1'));
      path.lineTo(number('x2'), number('y2'));
      return path;
    case 'rect': {
      const box = (element as SVGRectElement).ownerSVGElement!;
      const length = (name: 'width' | 'height'): number =>
        element.getAttribute(name) === '100%' ? Number(box.getAttribute(name)) : number(name);
      path.roundRect(number('x'), number('y'), length('width'), length('height'), number('rx'));
      return path;
    }
    default:
      return undefined;
  }
}

/** Of any CSS colour, what a pixel of it is. */
function colorReader(): (color: string) => { rgb: string; opacity: number } {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  return (color) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
    const hex = [red, green, blue].map((channel) => channel.toString(16).padStart(2, '0')).join('');
    return { rgb: `#${hex}`, opacity: Math.round((alpha / 255) * 1000) / 1000 };
  };
}

function shape(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
