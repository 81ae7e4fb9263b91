/**
 * uPlot's options for one chart. Pure: the same inputs give the same options, whatever the page shows. uPlot keeps the
 * axes, the cursor and the zooming; the lines, each with x of its own, are drawn by the chart's painter in `draw`.
 */
import type uPlot from 'uplot';
import { backgroundHook } from './chart-background.js';
import type { Guide } from './chance.js';
import type { ChartPalette } from './chart-palette.js';
import type { ChartSettings, Range } from './chart-settings.js';
import type { Metric } from './metric.js';
import { formatXTicks, xTicks } from './x-axis.js';
import { formatYTicks, yTicks } from './y-axis.js';

export interface ChartInputs {
  metric: Pick<Metric, 'banded' | 'axis'>;
  axis: Metric['axis'];
  settings: Pick<ChartSettings, 'x' | 'xLog' | 'band'>;
  /** What is shown now; asked for at every change. */
  ranges: { x: () => Range; y: () => Range };
  palette: ChartPalette;
  /** Whether all steps so far are whole numbers; unless given they are. */
  hasWholeSteps?: () => boolean;
  /** What chance gives, as it stands out now. */
  guides?: () => readonly Guide[];
  width: number;
  height: number;
  hooks?: Pick<uPlot.Hooks.Arrays, 'setCursor' | 'setSelect' | 'draw'>;
  /** Told of a double click. */
  reset?: () => void;
}

/** A `const enum` of uPlot's types, which has no value to import. */
const LOGARITHMIC = 3 as uPlot.Scale.Distr.Logarithmic;
/** Room for `0.0885`: a shorter label that comes or goes while a run trains leaves the plot where it is. */
const LEAST_AXIS_PX = 50;
const CHARACTER_PX = 6.6;
const LEAST_DRAG_PX = 6;
/** What charts in step tell each other: where the cursor is, not what is being dragged. */
const TOLD = ['mousemove', 'mouseenter', 'mouseleave'];

export function chartOptions(inputs: ChartInputs): uPlot.Options {
  const { metric, axis, palette, ranges, settings, guides = () => [], hasWholeSteps = () => true } = inputs;
  const { x, xLog } = settings;
  const ticksWithin = (min: number, max: number): number[] => xTicks(x, xLog, min, max, hasWholeSteps());
  const lastLabel = (ticks: readonly number[]): string => formatXTicks(x, xLog, ticks).at(-1) ?? '';
  const logarithmic = { distr: LOGARITHMIC, log: 10 as const };
  const furniture = {
    stroke: palette.text,
    font: palette.font,
    grid: { stroke: palette.grid, width: 1 },
    ticks: { show: false },
    // uPlot would hide most labels of a log axis; ours are few already.
    filter: (_plot: uPlot, ticks: number[]) => ticks,
  };
  return {
    width: inputs.width,
    height: inputs.height,
    // Half of the last label stands beyond the plot. Asked anew as x grows: pages of one run agree, whoever came first.
    padding: [8, () => Math.max(10, (lastLabel(ticksWithin(...ranges.x())).length / 2) * CHARACTER_PX + 3), 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, ...(xLog ? logarithmic : {}), range: () => [...ranges.x()] },
      y: { ...(axis === 'log' ? logarithmic : {}), range: () => [...ranges.y()] },
    },
    axes: [
      {
        ...furniture,
        size: 24,
        gap: 5,
        splits: (_plot, _axis, min, max) => ticksWithin(min, max),
        values: (_plot, ticks) => formatXTicks(x, xLog, ticks),
      },
      {
        ...furniture,
        gap: 6,
        // Wide enough for the longest number, else the same everywhere, so that charts stand in line.
        size: (_plot, labels) =>
          Math.max(
            LEAST_AXIS_PX,
            Math.max(0, ...((labels as string[] | null) ?? []).map((label) => label.length)) * CHARACTER_PX + 10,
          ),
        splits: (_plot, _axis, min, max) => yTicks(axis, min, max),
        values: (_plot, ticks) => formatYTicks(metric, axis, ticks),
      },
    ],
    series: [{}, { paths: () => null, points: { show: false } }],
    cursor: {
      y: false,
      // From epoch to epoch: between two of them there is nothing to tell.
      move: (plot, left, top) =>
        x === 'epoch' && hasWholeSteps() ? [snapped(plot, left, ranges.x()), top] : [left, top],
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG_PX },
      bind: {
        dblclick: () => () => {
          inputs.reset?.();
          return null;
        },
      },
      // Charts whose x means the same move in step.
      sync: {
        key: x,
        setSeries: false,
        scales: ['x', null],
        filters: { pub: (type) => TOLD.includes(type), sub: () => true },
      },
    },
    hooks: {
      ...inputs.hooks,
      drawClear: [
        backgroundHook({ band: metric.banded ? settings.band : null, guides, xLog, yLog: axis === 'log' }, palette),
      ],
    },
  };
}

function snapped(plot: uPlot, left: number, [min, max]: Range): number {
  if (left < 0) return left;
  const epoch = Math.min(Math.floor(max), Math.max(Math.ceil(min), Math.round(plot.posToVal(left, 'x'))));
  return plot.valToPos(epoch, 'x');
}
