/** What is pointed at, shared by all charts, the table and the tooltip: one run lit, one place explained. */
import { Value } from '../state/value.js';
import type { Metric } from './metric.js';

export interface PointedPlace {
  metric: Metric;
  epoch: number;
  /** Largest value first. */
  rows: { runId: string; value: number }[];
  /** The pointer in the window's coordinates, CSS pixels. */
  x: number;
  y: number;
}

export class Pointing {
  /** The run whose line and row stand out; the others fade. */
  readonly lit = new Value<string | null>(null);
  readonly place = new Value<PointedPlace | null>(null);
}
