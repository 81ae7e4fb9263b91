/** The logo: a pentachoron's five points and ten edges, the complete graph K₅. */
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

const CORNERS = Array.from({ length: 5 }, (_, corner) => {
  const angle = (2 * Math.PI * corner) / 5;
  return { x: 12 + 9.6 * Math.sin(angle), y: 12.7 - 9.6 * Math.cos(angle) };
});
const EDGES = CORNERS.flatMap((from, index) => CORNERS.slice(index + 1).map((to) => ({ from, to })));

const LINES: SVGTemplateResult[] = EDGES.map(
  ({ from, to }) => svg`<line x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y}></line>`,
);
const DOTS: SVGTemplateResult[] = CORNERS.map(({ x, y }) => svg`<circle cx=${x} cy=${y} r="1.5"></circle>`);

export function pentachoronMark(): TemplateResult {
  return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
    <g fill="none" stroke="currentColor" stroke-width="1">${LINES}</g>
    <g fill="currentColor">${DOTS}</g>
  </svg>`;
}
