/** What a program sent, as frames of its run. Pure. */
import { type FrameBlock, SECONDS, SECONDS_COLUMN } from '../../shared/frames.js';
import type { SentFrame } from '../../shared/ingest.js';
import { columnsOf, type Run } from '../../shared/run.js';
import type { WriterRow } from '../store/run-store.js';

/** The first column of every run is called so; what a program logs under this name is kept beside it. */
const LOGGED_SECONDS = `logged/${SECONDS}`;

/** Counts training time while the program is not paused: up to `at`, in ms since 1970. */
export function countedTo(run: Run, writer: WriterRow, at: number): { seconds: number; countedTo: number } {
  const { countedTo: before } = writer;
  // A clock that was set back counts nothing.
  const passed = before === null ? 0 : Math.max(0, at - before);
  return { seconds: run.seconds + passed / 1000, countedTo: before === null ? at : Math.max(before, at) };
}

/** The run and its writer after these frames, and the frames as the run's next ones. @param sent at least one */
export function taken(
  run: Run,
  writer: WriterRow,
  sent: readonly SentFrame[],
  nextSeq: number,
): { run: Run; writer: WriterRow; block: FrameBlock } {
  const series = [...run.series];
  const known = new Map(series.map((name, index) => [name, index]));
  for (const { values } of sent)
    for (const [given] of values) {
      const name = nameOf(given);
      if (known.has(name)) continue;
      known.set(name, series.length);
      series.push(name);
    }
  const after: Run = series.length > run.series.length ? { ...run, series } : { ...run };
  const columns = columnsOf(after).length;
  const leading = columns - series.length;
  const rows = sent.length;
  const steps = new Float64Array(rows);
  const times = new Float64Array(rows);
  const values = new Float64Array(rows * columns).fill(NaN); // (rows, columns)
  const nan: [row: number, column: number][] = [];
  const next: WriterRow = { ...writer, frames: writer.frames + rows, endSeq: nextSeq + rows };
  sent.forEach(({ step, at, values: logged, position }, row) => {
    if (position !== undefined) next.position = position;
    const counted = countedTo(after, next, at);
    after.seconds = counted.seconds;
    next.countedTo = counted.countedTo;
    steps[row] = step;
    times[row] = at;
    values[row * columns + SECONDS_COLUMN] = after.seconds;
    for (const [name, value] of logged) {
      const column = leading + known.get(nameOf(name))!;
      values[row * columns + column] = value;
      if (Number.isNaN(value)) nan.push([row, column]);
    }
  });
  after.step = steps[rows - 1]!;
  const block = { runId: run.id, fromSeq: nextSeq, rows, steps, times, values, ...(nan.length > 0 && { nan }) };
  return { run: after, writer: next, block };
}

function nameOf(given: string): string {
  return given === SECONDS ? LOGGED_SECONDS : given;
}

/** Of so many frames the latest tell how fast a program trains: it may have compiled, or evaluated, before. */
const RECENT_FRAMES = 200;

/** How long a program will still take, from its latest frames. */
export class StepRate {
  readonly #marks: { step: number; seconds: number }[] = [];

  add(step: number, seconds: number): void {
    // Another branch of it, or a late value, tells nothing of how fast it is.
    if (this.#marks.length > 0 && step < this.#marks.at(-1)!.step) this.#marks.length = 0;
    this.#marks.push({ step, seconds });
    if (this.#marks.length > RECENT_FRAMES) this.#marks.shift();
  }

  /** Undefined while nothing tells: also where all that came bears one time, as what is written in one go does. */
  secondsTo(total: number): number | undefined {
    const [first, last] = [this.#marks[0], this.#marks.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    if (last.step <= first.step || last.seconds <= first.seconds) return undefined;
    return Math.max(0, ((total - last.step) * (last.seconds - first.seconds)) / (last.step - first.step));
  }
}
