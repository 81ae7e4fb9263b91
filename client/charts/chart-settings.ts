/** How all charts of a view draw what they hold: one value, which the page keeps in its address. */
import type { Band } from './band.js';
import { LOCAL_COLUMNS } from '../../shared/run.js';

/** From and to, in the x axis' own unit. */
export type Range = readonly [number, number];

export interface ChartSettings {
  /** `epoch`, `seconds` (of training), `time` (when a frame came), `seq` (its number), or any other column of the frames. */
  readonly x: string;
  readonly xLog: boolean;
  /** `auto`: as it suits the metric. */
  readonly y: 'auto' | 'linear' | 'log';
  /** Weight of what came before, 0 (none) to 0.99. */
  readonly smoothing: number;
  /** Whether the y range leaves outliers out, which are then marked at the edge. */
  readonly clip: boolean;
  /** Whether runs that differ in their seed alone are drawn as their mean and spread. */
  readonly mean: boolean;
  /** The x range that all charts share; null = all there is, or each chart its own. */
  readonly range: Range | null;
  /** Whether the axis of epochs has room for all that will be trained, and not for what there is alone. */
  readonly whole: boolean;
  /** Whether zooming one chart zooms all. */
  readonly shared: boolean;
  readonly band: Band;
  /** Whether what chance gives is drawn behind CVs, or the zero line behind their departures from it. */
  readonly chance: boolean;
}

/** Has nothing in it. */
export const NO_BAND: Band = { low: 0, high: 0 };

export const STANDARD_SETTINGS: ChartSettings = {
  x: 'epoch',
  xLog: false,
  y: 'auto',
  smoothing: 0,
  clip: false,
  mean: false,
  range: null,
  whole: false,
  shared: false,
  band: NO_BAND,
  chance: true,
};

/** What a viewer wants to see of x; null = all there is. @param own the chart's, where charts do not share one */
export function shownRange({ shared, range }: ChartSettings, own: Range | null): Range | null {
  return shared ? range : own;
}

/** What x may be beside `epoch` and the columns of the frames: when a frame came, and which one it was. */
export const WALL_TIME = 'time';
export const FRAME = 'seq';
/** What every run has to be drawn by, in the order in which it is offered. */
export const COMMON_X: readonly string[] = ['epoch', 'seconds', WALL_TIME, FRAME];

/** Whether x only grows while a run trains; by another series a line may turn back on itself. */
export function isAscending(x: string): boolean {
  return COMMON_X.includes(x);
}

/** Whether a column holds CVs, which are not measured at every epoch. */
export function isCvColumn(name: string): boolean {
  return !COMMON_X.includes(name) && !(LOCAL_COLUMNS as readonly string[]).includes(name);
}
