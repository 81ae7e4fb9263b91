/** What is pointed at, shared by all charts, the table and the tooltip: one run highlighted, one place explained. */
import { signal } from '@preact/signals-core';
import type { DrawnLine } from './drawn-line.js';
import type { LinePoint } from './line-points.js';
import type { Metric } from './metric.js';

export interface PointedRow {
  line: Pick<DrawnLine, 'id' | 'parts' | 'style' | 'runs'>;
  point: LinePoint;
}

export interface PointedPlace {
  metric: Metric;
  /** `epoch 21`, `12.4 s`, `loss 0.0312`. */
  at: string;
  /** Undefined where each row has an epoch of its own. */
  epoch: number | undefined;
  /** Largest value first. */
  rows: readonly PointedRow[];
  /** How many lines further off have a value there, too. */
  more: number;
  /** Shown runs that have no value there. */
  without: readonly string[];
  /** What happened to runs near there, in words. */
  events: readonly string[];
  /** The pointer in the window's coordinates, CSS pixels. */
  x: number;
  y: number;
}

export class Pointing {
  /** The run whose line and row stand out; the others fade. */
  readonly highlighted = signal<string | null>(null);
  readonly place = signal<PointedPlace | null>(null);
  /** Where the pointer rests in a chart, in the window's CSS pixels: what is below it may change without it. */
  pointer: { chart: Element; x: number; y: number } | null = null;

  /** Nothing is pointed at any more. */
  leave(): void {
    this.pointer = null;
    this.highlighted.value = null;
    this.place.value = null;
  }
}
