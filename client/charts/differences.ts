/**
 * Runs minus a base run, step by step, in the shape that charts read: columns that grow as frames of both arrive.
 * A difference is named `Δ loss`, so that nobody takes it for the value; that of accuracy is in percentage points.
 */
import type { FrameSource } from './metric-chart.js';
import { makeValues, SECONDS } from '../../shared/frames.js';
import { departureOf } from '../data/cv-null.js';
import { RunColumns } from '../data/run-columns.js';

interface Difference {
  base: RunColumns;
  own: RunColumns;
  /** The columns that both have, in the order of `differences`. */
  names: string[];
  differences: RunColumns;
}

export class Differences implements FrameSource {
  readonly #source: FrameSource;
  readonly #baseId: string;
  readonly #departing: ReadonlySet<string>;
  readonly #byRun = new Map<string, Difference>();

  /** @param departing the series whose CVs are read as departures from chance before they are subtracted */
  constructor(source: FrameSource, baseId: string, departing: ReadonlySet<string> = new Set()) {
    this.#source = source;
    this.#baseId = baseId;
    this.#departing = departing;
  }

  get baseId(): string {
    return this.#baseId;
  }

  /** As far as both runs are; undefined while either has nothing. */
  columns(runId: string): RunColumns | undefined {
    const [base, own] = [this.#source.columns(this.#baseId), this.#source.columns(runId)];
    if (base === undefined || own === undefined) return undefined;
    let known = this.#byRun.get(runId);
    // A run that was let go and is followed again begins anew.
    if (known?.base !== base || known.own !== own) {
      known = { base, own, names: [], differences: new RunColumns([], own.dtype) };
      this.#byRun.set(runId, known);
    }
    const read = (id: string, name: string, value: number): number =>
      this.#departing.has(name) ? departureOf(value, this.#source.nullOf?.(id, name)) : value;
    extend(
      known,
      (name, value) => read(runId, name, value),
      (name, value) => read(this.#baseId, name, value),
    );
    return known.differences;
  }

  /** New frames of the base are news of every run. */
  onFrames(listener: (runId: string) => void): () => void {
    return this.#source.onFrames((runId) => {
      if (runId !== this.#baseId) listener(runId);
      else for (const other of this.#byRun.keys()) listener(other);
    });
  }
}

/** Where the difference stands keeps its name. */
export function differenceName(name: string): string {
  return name === SECONDS ? name : `Δ ${name}`;
}

/** Of which column it is the difference; undefined for what is none. */
export function differenceOf(name: string): string | undefined {
  return name.startsWith('Δ ') ? name.slice(2) : undefined;
}

type Read = (name: string, value: number) => number;

function extend({ base, own, names, differences }: Difference, readOwn: Read, readBase: Read): void {
  const from = differences.rows;
  let to = from;
  while (to < own.rows && own.step(to) <= base.highestStep) to++;
  if (to === from) return;
  names.push(...own.names.filter((name) => base.has(name) && !names.includes(name)));
  differences.grow(names.map(differenceName));
  const steps = Array.from({ length: to - from }, (_, index) => own.step(from + index));
  const values = makeValues(own.dtype, steps.length * names.length);
  for (const [row, step] of steps.entries())
    for (const [index, name] of names.entries())
      values[row * names.length + index] = difference(
        name,
        readOwn(name, own.inRow(name, from + row)),
        readBase(name, base.at(name, step)),
      );
  differences.append({ steps, values });
}

function difference(name: string, own: number, base: number): number {
  if (differenceName(name) === name) return own;
  return (own - base) * (name === 'accuracy' ? 100 : 1);
}
