/** uPlot's options for one chart. Pure: the same inputs give the same options, whatever the page shows. */
import type uPlot from 'uplot';
import { axisRange } from './axis-range.js';
import { backgroundHook } from './chart-background.js';
import type { ChartPalette } from './chart-palette.js';
import type { LineStyle } from './line-style.js';
import type { Metric } from './metric.js';
import { epochTicks, formatLogTicks, formatPercentTicks, formatTicks, linearTicks, logTicks } from './ticks.js';

export interface ChartInputs {
  metric: Metric;
  /** `show`: false while there is nothing to draw, since uPlot looks through all it shows several times a frame. */
  runs: readonly { label: string; style: LineStyle; show: boolean }[];
  /** The last epoch of the x axis: the longest run's total, so that the axis stands still while lines grow. */
  epochs: number;
  palette: ChartPalette;
  width: number;
  height: number;
  hooks?: Pick<uPlot.Hooks.Arrays, 'setCursor' | 'ready'>;
}

/** Cursors of all charts with this key move in step. */
const SYNC_KEY = 'epoch';
/** A `const enum` of uPlot's types, which has no value to import. */
const LOGARITHMIC = 3 as uPlot.Scale.Distr.Logarithmic;
const LEAST_AXIS_PX = 42;
const CHARACTER_PX = 6.6;

const FORMATS = { linear: formatTicks, percent: formatPercentTicks, log: formatLogTicks };
const TICKS = { linear: linearTicks, percent: linearTicks, log: logTicks };

export function chartOptions(inputs: ChartInputs): uPlot.Options {
  const { metric, palette } = inputs;
  const furniture = {
    stroke: palette.text,
    font: palette.font,
    grid: { stroke: palette.grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width: inputs.width,
    height: inputs.height,
    // Half of the last epoch's label stands beyond the plot.
    padding: [8, Math.max(10, (String(inputs.epochs).length / 2) * CHARACTER_PX + 3), 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range: () => [0, Math.max(1, inputs.epochs)] },
      y: {
        ...(metric.axis === 'log' ? { distr: LOGARITHMIC, log: 10 as const } : {}),
        range: (_plot, min, max) => axisRange(metric.axis, min, max),
      },
    },
    axes: [
      {
        ...furniture,
        size: 24,
        gap: 5,
        splits: (_plot, _axis, _min, max) => epochTicks(max),
        values: (_plot, ticks) => ticks.map(String),
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
        splits: (_plot, _axis, min, max) => TICKS[metric.axis](min, max),
        values: (_plot, ticks) => FORMATS[metric.axis](ticks),
        // uPlot would hide most labels of a log axis; ours are few already.
        filter: (_plot, ticks) => ticks,
      },
    ],
    series: [
      { label: 'epoch' },
      ...inputs.runs.map(({ label, style, show }) => ({
        label,
        show,
        stroke: style.color,
        width: style.widthPx,
        dash: [...style.dash],
        // A line of one value would be invisible.
        points: { show: (plot: uPlot, series: number) => isLone(plot.data[series]), size: 5, fill: style.color },
        spanGaps: false,
      })),
    ],
    cursor: {
      y: false,
      // From epoch to epoch: between two of them there is nothing to tell.
      move: (plot, left, top) => [left < 0 ? left : plot.valToPos(plot.posToIdx(left), 'x'), top],
      points: { show: false },
      drag: { x: false, y: false },
      sync: { key: SYNC_KEY, setSeries: false, scales: ['x', null] },
    },
    hooks: { ...inputs.hooks, drawClear: [backgroundHook(metric, palette)] },
  };
}

function isLone(column: uPlot.AlignedData[number] | undefined): boolean {
  let values = 0;
  for (let index = 0; column !== undefined && index < column.length && values < 2; index++)
    if (column[index] != null) values++;
  return values === 1;
}
