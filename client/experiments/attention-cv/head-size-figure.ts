/** Draws CVs against head size, one colour and mark per dim; the large one tells what is pointed at. */
import { css, html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { type ChartPalette, readChartPalette } from '../../charts/chart-palette.js';
import type { LineStyle } from '../../charts/line-style.js';
import type { Theme } from '../../ui/theme-choice.js';
import {
  type FigureLayout,
  figureLayout,
  type FigureLine,
  type FigurePoint,
  type FigureStroke,
  nearestPoint,
} from './head-size-layout.js';
import type { FigureSpec } from './head-size-layout.js';

const NEAR_PX = 60;
const FADED = 0.25;
/** By a dim's rank: circle, square, triangle, diamond, around the origin. */
const MARKS = [
  'M-4,0a4,4 0 1 0 8,0a4,4 0 1 0 -8,0Z',
  'M-3.6,-3.6H3.6V3.6H-3.6Z',
  'M0,-4.6L4.4,3.4H-4.4Z',
  'M0,-5L4.6,0L0,5L-4.6,0Z',
];

@customElement('head-size-figure')
export class HeadSizeFigure extends LitElement {
  @property({ attribute: false }) spec!: FigureSpec;
  /** What the picture says, for those who do not see it. */
  @property() label = '';
  @property({ type: Boolean, reflect: true }) small = false;
  @property() theme: Theme = 'dark';
  /** Colour of each dim, and the stroke of its learning rate or sweep. */
  @property({ attribute: false }) styleOf!: (line: FigureStroke) => LineStyle;
  /** The runs that stand out; the others fade. */
  @property({ attribute: false }) highlighted: string | null = null;
  /** What is said of a point in the tooltip, a line each. */
  @property({ attribute: false }) wordsOf: (point: FigurePoint) => readonly string[] = () => [];
  @state() private size = { width: 0, height: 0 };
  @state() private pointed: FigurePoint | undefined;
  @query('.tip') private readonly tip!: HTMLElement | null;

  #layout: FigureLayout | undefined;
  /** Where the pointer is in the figure, CSS pixels; undefined while it is elsewhere. */
  #pointer: { x: number; y: number } | undefined;
  #told: string | null = null;
  #palette: ChartPalette | undefined;
  readonly #sizes = new ResizeObserver(([entry]) => {
    const { width, height } = entry!.contentRect;
    if (width !== this.size.width || height !== this.size.height) this.size = { width, height };
  });

  static override readonly styles = css`
    :host {
      position: relative;
      display: block;
      height: 340px;
      min-width: 0;
    }
    :host([small]) {
      height: 116px;
    }
    svg {
      position: absolute;
      display: block;
      inset: 0;
      width: 100%;
      height: 100%;
    }
    .tip {
      position: absolute;
      top: 0;
      left: 0;
      z-index: 1;
      padding: 6px 10px 7px;
      font-size: 12px;
      line-height: 18px;
      white-space: nowrap;
      pointer-events: none;
      background: var(--raised);
      border: 1px solid var(--border);
      border-radius: var(--radius);
      box-shadow: var(--shadow-float);
    }
    .tip div:first-child {
      font-weight: 650;
    }
    .tip div + div {
      color: var(--muted);
    }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    this.#pointer = undefined;
  }

  /** The picture itself, to be taken along; undefined before it is drawn. */
  get picture(): SVGSVGElement | undefined {
    return this.renderRoot.querySelector('svg') ?? undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('theme') || this.#palette === undefined) this.#palette = readChartPalette();
    this.#layout = figureLayout(this.spec, { ...this.size, small: this.small });
    // What a pointer at rest points at may have moved on, or be gone.
    this.pointed = this.#nearest();
  }

  override render(): unknown {
    const { width, height } = this.size;
    if (width === 0 || this.#layout === undefined) return nothing;
    return html`<svg
        viewBox="0 0 ${width} ${height}"
        role=${this.small ? 'presentation' : 'img'}
        aria-hidden=${this.small ? 'true' : nothing}
        aria-label=${this.small ? nothing : this.label}
        @pointermove=${(event: PointerEvent) => this.#point(event)}
        @pointerdown=${(event: PointerEvent) => this.#point(event)}
        @pointerleave=${() => this.#point(undefined)}
      >
        ${this.#furniture(this.#layout)} ${this.#layout.lines.map((line) => this.#line(line))}
      </svg>
      ${
        this.pointed === undefined
          ? nothing
          : html`<div class="tip">${this.wordsOf(this.pointed).map((words) => html`<div>${words}</div>`)}</div>`
      }`;
  }

  protected override updated(): void {
    this.#tell();
    if (this.tip === null || this.pointed === undefined) return;
    const { x, y } = this.pointed;
    const { offsetWidth, offsetHeight } = this.tip;
    const left = x + 14 + offsetWidth > this.size.width ? x - 14 - offsetWidth : x + 14;
    const top = Math.max(0, Math.min(this.size.height - offsetHeight, y - offsetHeight - 8));
    this.tip.style.transform = `translate(${Math.round(Math.max(0, left))}px, ${Math.round(top)}px)`;
  }

  #point(event: PointerEvent | undefined): void {
    if (this.small || this.#layout === undefined) return;
    const box = this.getBoundingClientRect();
    this.#pointer = event === undefined ? undefined : { x: event.clientX - box.left, y: event.clientY - box.top };
    const pointed = this.#nearest();
    if (pointed !== this.pointed) this.pointed = pointed;
    this.#tell();
  }

  /** Which run is pointed at, if it is another one now. */
  #tell(): void {
    const runId = this.pointed?.cell.runs[0]?.id ?? null;
    if (runId === this.#told) return;
    this.#told = runId;
    this.dispatchEvent(new CustomEvent('point', { detail: runId }));
  }

  #nearest(): FigurePoint | undefined {
    if (this.#layout === undefined || this.#pointer === undefined) return undefined;
    return nearestPoint(this.#layout, this.#pointer, NEAR_PX);
  }

  #furniture({ plot, xTicks, yTicks, band: inView, zero, lines }: FigureLayout): TemplateResult[] {
    const { text, grid, band, bandEdge, chance, chanceBand } = this.#palette!;
    const isChance = this.spec.band?.beyond === true;
    const [fill, edge] = isChance ? [chanceBand, chance] : [band, bandEdge];
    const line = (x1: number, y1: number, x2: number, y2: number): TemplateResult =>
      svg`<line x1=${x1} y1=${y1} x2=${x2} y2=${y2} stroke=${grid} />`;
    const size = this.small ? 10 : 11;
    const half = this.small ? 4 : 9;
    const told = lines.flatMap(({ points }) =>
      points.flatMap((point) => (point.chance ? [{ x: point.x, ...point.chance }] : [])),
    );
    // Runs of one shape share theirs: drawn twice, its area would be twice as dark.
    const nulls = [...new Map(told.map((each) => [`${each.x} ${each.y}`, each])).values()];
    const isTold = nulls.length > 0;
    const bottom = plot.bottom + (this.small ? 13 : 16);
    return [
      ...(zero === null ? [] : [svg`<line x1=${plot.left} y1=${zero} x2=${plot.right} y2=${zero} stroke=${chance} />`]),
      ...(inView === null
        ? []
        : [
            svg`<rect x=${plot.left} y=${inView.top} width=${plot.right - plot.left} height=${inView.bottom - inView.top} fill=${fill} />`,
            ...inView.edges.map(
              (y) =>
                svg`<line x1=${plot.left} y1=${y} x2=${plot.right} y2=${y} stroke=${edge} stroke-dasharray=${isChance ? '2 3' : '4 3'} />`,
            ),
          ]),
      ...yTicks.flatMap(({ y, text: words }) => [
        line(plot.left, y, plot.right, y),
        svg`<text x=${plot.left - 6} y=${y + 3.5} text-anchor="end" font-size=${size} fill=${text}>${words}</text>`,
      ]),
      ...xTicks.flatMap(({ x, text: words }) => [
        line(x, plot.top, x, plot.bottom),
        svg`<text x=${x} y=${bottom} text-anchor="middle" font-size=${size} fill=${text}>${words}</text>`,
      ]),
      ...nulls.map(
        ({ x, y, top, bottom: foot }) =>
          svg`<rect x=${x - half} y=${top} width=${2 * half} height=${foot - top} fill=${chanceBand} /><path d=${`M${x - half},${y}h${2 * half}`} stroke=${chance} stroke-width=${this.small ? 1 : 1.5} />`,
      ),
      ...(this.small
        ? []
        : [
            svg`<text x=${(plot.left + plot.right) / 2} y=${bottom + 16} text-anchor="middle" font-size=${size} fill=${text}>head size = dim / heads, log₂${isTold ? ' · grey: chance ± one standard deviation' : ''}</text>`,
          ]),
    ];
  }

  #line(line: FigureLine): TemplateResult {
    const { color, dash } = this.styleOf(line);
    const faded = this.highlighted !== null && !line.points.some((point) => isHighlighted(point, this.highlighted));
    const path = line.points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x},${y}`).join('');
    const scale = this.small ? 0.75 : 1;
    return svg`<g opacity=${faded ? FADED : 1}>
      <path d=${path} fill="none" stroke=${color} stroke-width=${this.small ? 1.2 : 1.5} stroke-opacity="0.55" stroke-dasharray=${dash.join(' ') || 'none'} />
      ${line.points.map(
        (point) =>
          svg`${
            point.bar === null
              ? nothing
              : svg`<path d=${errorBar(point.x, point.bar, this.small ? 2 : 4)} fill="none" stroke=${color} stroke-width="1.2" />`
          }<path d=${MARKS[line.rank % MARKS.length]!} transform="translate(${point.x} ${point.y}) scale(${scale * (point === this.pointed || (this.highlighted !== null && isHighlighted(point, this.highlighted)) ? 1.6 : 1)})" fill=${color} />`,
      )}
      ${
        line.labelAt === undefined
          ? nothing
          : svg`<text x=${line.labelAt.x} y=${line.labelAt.y + 4} font-size="11" font-weight="600" fill=${color}>${line.label}</text>`
      }
    </g>`;
  }
}

function isHighlighted({ cell }: FigurePoint, runId: string | null): boolean {
  return cell.runs.some(({ id }) => id === runId);
}

function errorBar(x: number, [from, to]: readonly [number, number], half: number): string {
  return `M${x - half},${from}H${x + half}M${x},${from}V${to}M${x - half},${to}H${x + half}`;
}
