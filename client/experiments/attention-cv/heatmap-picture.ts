/** The heatmap as a picture to take along: the same cells, numbers, marks and scale as on the page. */
import { render, svg, type SVGTemplateResult } from 'lit';
import { type Band, JUDGEMENT_SIGNS, judgementWords } from '../../charts/band.js';
import type { GridCell } from './grid-cells.js';
import { formatDeviation, type Quantity, formatQuantity } from './quantity.js';
import { readChartPalette } from '../../charts/chart-palette.js';
import type { Theme } from '../../ui/theme-choice.js';
import { NO_VALUE } from '../../ui/numbers.js';
import { judgementOf } from './head-size-words.js';
import { colorOf, heatmapGrid, scaleSteps } from './heatmap-layout.js';

export interface HeatmapPicture {
  cells: readonly GridCell[];
  quantity: Quantity;
  /** Ends of the scale; null where nothing is measured. */
  range: readonly [number, number] | null;
  band: Band;
  theme: Theme;
}

const CELL = { width: 112, height: 56, gap: 3 };
const LEFT = 84;
const TOP = 24;
const SCALE = { width: 260, steps: 52 };

export function heatmapPicture(picture: HeatmapPicture): SVGSVGElement {
  const { heads, rows } = heatmapGrid(picture.cells);
  const width = Math.max(LEFT + heads.length * (CELL.width + CELL.gap), LEFT + SCALE.width + 190);
  const height = TOP + rows.length * (CELL.height + CELL.gap) + (hasScaledErrors(picture.cells) ? 64 : 46);
  const host = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  host.setAttribute('viewBox', `0 0 ${width} ${height}`);
  render(drawn(picture), host);
  return host;
}

/** Whether any is judged by the standard error of another epoch. */
export function hasScaledErrors(cells: readonly GridCell[]): boolean {
  return cells.some(({ error }) => error?.measured === false);
}

function drawn({ cells, quantity, range, band, theme }: HeatmapPicture): SVGTemplateResult {
  const { heads, rows } = heatmapGrid(cells);
  const faint = readChartPalette().text;
  const x = (column: number): number => LEFT + column * (CELL.width + CELL.gap);
  const y = (row: number): number => TOP + row * (CELL.height + CELL.gap);
  const words = (left: number, top: number, what: string | number, anchor = 'end'): SVGTemplateResult =>
    svg`<text x=${left} y=${top} text-anchor=${anchor} font-size="12" fill=${faint}>${what}</text>`;
  const below = y(rows.length) + 14;
  /** What the marks in the cells mean. */
  const legend = (['in', 'undecided'] as const)
    .map((judgement) => `${JUDGEMENT_SIGNS[judgement]}${judgementWords(band)[judgement]}`)
    .join('   ');
  return svg`${words(LEFT - 10, 15, 'dim ╲ heads')}
    ${heads.map((count, column) => words(x(column) + CELL.width / 2, 15, count, 'middle'))}
    ${rows.map((row, index) => words(LEFT - 10, y(index) + CELL.height / 2 + 4, row[0]!.dim))}
    ${rows.map((row, index) => words(LEFT - 10, y(index) + CELL.height / 2 + 19, row[0]!.variant))}
    ${rows.map((row, index) => row.map((cell) => svg`<g transform="translate(${x(heads.indexOf(cell.heads))} ${y(index)})">${one(cell)}</g>`))}
    ${range === null ? [] : scale(range)}`;

  function one(cell: GridCell): SVGTemplateResult {
    const { spread, headDim } = cell;
    if (spread === undefined || range === null)
      return svg`<rect width=${CELL.width} height=${CELL.height} rx="5" fill="none" stroke=${faint} stroke-opacity="0.4" />
        ${words(CELL.width / 2, CELL.height / 2 + 4, NO_VALUE, 'middle')}`;
    const { background, text } = colorOf(spread.mean, range, quantity, theme);
    const judgement = judgementOf(cell, quantity, band) ?? 'out';
    // Undecided is told by a broken ring and a hollow dot, whatever the colours.
    const dash = judgement === 'undecided' ? '5 4' : 'none';
    const several = spread.deviation === null ? '' : `± ${formatDeviation(quantity, spread.deviation)} · `;
    return svg`<rect width=${CELL.width} height=${CELL.height} rx="5" fill=${background} />
      ${judgement !== 'out' ? svg`<rect x="1" y="1" width=${CELL.width - 2} height=${CELL.height - 2} rx="4" fill="none" stroke=${text} stroke-width="2" stroke-dasharray=${dash} />` : []}
      <text x=${CELL.width / 2} y=${CELL.height / 2 - 3} text-anchor="middle" font-size="13" font-weight="650" fill=${text}>${JUDGEMENT_SIGNS[judgement]}${formatQuantity(quantity, spread.mean)}</text>
      <text x=${CELL.width / 2} y=${CELL.height / 2 + 14} text-anchor="middle" font-size="11" fill=${text}>${several}head size ${headDim}</text>`;
  }

  function scale([low, high]: readonly [number, number]): SVGTemplateResult {
    const step = SCALE.width / SCALE.steps;
    const colors = scaleSteps([low, high], quantity, theme, SCALE.steps);
    return svg`${colors.map(({ background }, index) => svg`<rect x=${LEFT + index * step} y=${below} width=${step + 0.5} height="10" fill=${background} />`)}
      ${words(LEFT, below + 25, formatQuantity(quantity, low), 'start')}
      ${words(LEFT + SCALE.width, below + 25, formatQuantity(quantity, high))}
      ${words(LEFT + SCALE.width + 16, below + 10, `over all epochs${quantity.family.axis === 'log' ? ', log' : ''}`, 'start')}
      ${quantity.family.banded ? words(LEFT + SCALE.width + 16, below + 25, legend, 'start') : []}
      ${quantity.family.banded && hasScaledErrors(cells) ? words(LEFT, below + 43, 'errors are the nearest full measurement’s, scaled', 'start') : []}`;
  }
}
