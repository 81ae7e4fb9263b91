/**
 * Runs minus a base run, epoch by epoch, in the shape that charts read: columns that grow as frames of both arrive.
 * A difference is named `Δ loss`, so that nobody takes it for the value; that of accuracy is in percentage points.
 */
import type { FrameSource } from '../charts/metric-chart.js';
import { LEADING_COLUMNS } from '../../shared/frames.js';
import { RunColumns } from '../state/run-columns.js';

interface Held {
  base: RunColumns;
  own: RunColumns;
  differences: RunColumns;
}

/** Columns that stay as they are: where the difference stands. */
const PLACES = 2;

export class Differences implements FrameSource {
  readonly #source: FrameSource;
  readonly #baseId: string;
  readonly #held = new Map<string, Held>();

  constructor(source: FrameSource, baseId: string) {
    this.#source = source;
    this.#baseId = baseId;
  }

  get baseId(): string {
    return this.#baseId;
  }

  /** As far as both runs are; undefined while either has nothing. */
  columns(runId: string): RunColumns | undefined {
    const [base, own] = [this.#source.columns(this.#baseId), this.#source.columns(runId)];
    if (base === undefined || own === undefined) return undefined;
    let held = this.#held.get(runId);
    // A run that was let go and is followed again begins anew.
    if (held?.base !== base || held.own !== own) {
      held = { base, own, differences: new RunColumns(own.names.filter((name) => base.has(name)).map(differenceName)) };
      this.#held.set(runId, held);
    }
    extend(held);
    return held.differences;
  }

  /** New frames of the base are news of every run. */
  onFrames(listener: (runId: string) => void): () => void {
    return this.#source.onFrames((runId) => {
      if (runId !== this.#baseId) listener(runId);
      else for (const other of this.#held.keys()) listener(other);
    });
  }
}

/** Where the difference stands keeps its name. */
export function differenceName(name: string): string {
  return (LEADING_COLUMNS.slice(0, PLACES) as readonly string[]).includes(name) ? name : `Δ ${name}`;
}

/** Of which column it is the difference; undefined for what is none. */
export function differenceOf(name: string): string | undefined {
  return name.startsWith('Δ ') ? name.slice(2) : undefined;
}

function extend({ base, own, differences }: Held): void {
  const from = differences.rows;
  const rows = Math.min(base.rows, own.rows) - from;
  if (rows <= 0) return;
  const names = own.names.filter((name) => base.has(name));
  const values = new Float32Array(rows * names.length);
  for (let row = 0; row < rows; row++)
    for (const [index, name] of names.entries())
      values[row * names.length + index] = difference(name, own.at(name, from + row), base.at(name, from + row));
  differences.append(values, 0);
}

function difference(name: string, own: number, base: number): number {
  if (differenceName(name) === name) return own;
  return (own - base) * (name === 'accuracy' ? 100 : 1);
}
