/** A run whose program began again from earlier states: what counts is one line, what it went back behind stays beside it. */
import { describe, expect, it } from 'vitest';
import type { Seam } from '../../../shared/run.js';
import { ChartData } from '../../../client/charts/chart-data.js';
import { clockTicks, formatClockTicks } from '../../../client/charts/clock-ticks.js';
import { type ChartSettings, STANDARD_SETTINGS } from '../../../client/charts/chart-settings.js';
import { seamPlaces } from '../../../client/charts/chart-painter.js';
import { RunColumns } from '../../../client/data/run-columns.js';

const metric = { name: 'loss', note: '', axis: 'linear', banded: false, sparse: true } as const;
const style = { color: 'red', dash: [], widthPx: 1.5, opacity: 1 };
const resume = (seq: number, step: number): Seam => ({ seq, step, kind: 'resume' });

/** Each frame a second after the one before; its value is its number. */
function run(steps: readonly number[], seams: readonly Seam[], settings: Partial<ChartSettings> = {}) {
  const held = new RunColumns(['seconds', 'loss'], 'f64');
  const append = (...more: number[]): void => {
    const from = held.rows;
    const values = new Float64Array(more.flatMap((_, row) => [from + row, from + row]));
    held.append({ steps: more, values, times: more.map((_, row) => 1e12 + 1000 * (from + row)) });
  };
  const line = { id: 'a', label: 'a', style, config: { epochs: null, every: null }, stepName: 'step', seams };
  const data = new ChartData(metric, [line], { ...STANDARD_SETTINGS, ...settings }, Infinity);
  append(...steps);
  data.update(() => held);
  const [drawn] = data.lines;
  return { data, line: drawn!, append, update: () => data.update(() => held) };
}

describe('a run that was resumed', () => {
  it('is one line by step, with what it went back behind beside it', () => {
    const { data, line } = run([0, 1, 2, 3, 2, 3, 4], [resume(4, 3)]);
    expect([line.xs, line.ys.values, line.ascending]).toEqual([[0, 1, 2, 3, 4], [0, 1, 4, 5, 6], true]);
    expect(line.former.map(({ xs, ys }) => [xs, ys.values])).toEqual([
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
    ]);
    expect(seamPlaces(line)).toEqual([{ x: 2, epoch: 2, words: 'resumed at step 2, after step 3' }]);
    expect(data.yRange([0, 4])[0]).toBeLessThan(0);
  });

  it('grows at its end without being made anew, and is made anew when the next branch begins', () => {
    const { line, append, update } = run([0, 1, 2, 1], [resume(3, 2), resume(5, 2)]);
    expect(line.order).toBe(1);
    append(2);
    update();
    expect([line.order, line.xs, line.resumes.length]).toEqual([1, [0, 1, 2], 1]);
    append(0);
    update();
    expect([line.order, line.xs, line.ys.values]).toEqual([2, [0], [5]]);
    expect(line.former.map(({ ys }) => ys.values)).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
  });

  it('has nothing beside it where it went on from its end', () => {
    const { line } = run([0, 1, 2, 3], [resume(2, 1)]);
    expect([line.xs, line.former]).toEqual([[0, 1, 2, 3], []]);
    expect(seamPlaces(line).map(({ x }) => x)).toEqual([2]);
  });

  it.each([
    ['seconds', [0, 1, 1, 4, 5], [1, 2, 3]],
    ['seq', [0, 1, 1, 4, 5], [1, 2, 3]],
    ['time', [1e9, 1e9 + 1, 1e9 + 1, 1e9 + 4, 1e9 + 5], [1e9 + 1, 1e9 + 2, 1e9 + 3]],
  ])('has a hole by %s where its other branch was', (x, current, former) => {
    const { line } = run([0, 1, 2, 3, 2, 3], [resume(4, 3)], { x });
    expect([line.xs, line.ys.values]).toEqual([current, [0, 1, NaN, 4, 5]]);
    expect(line.former.map(({ xs }) => xs)).toEqual([former]);
    expect(seamPlaces(line)[0]!.x).toBe(current[3]);
  });

  it('is smoothed along each branch', () => {
    const { line } = run([0, 1, 2, 1, 2], [resume(3, 2)], { smoothing: 0.5 });
    const along = run([0, 1, 2], [], { smoothing: 0.5 });
    expect(line.former[0]!.smooth!.values).toEqual(along.line.smooth!.values);
  });
});

describe('an axis of times', () => {
  const at = (hours: number, minutes: number): number => new Date(2026, 0, 2, hours, minutes).getTime() / 1000;

  it('has its ticks at round times here, with no more digits than they need', () => {
    const now = new Date(2026, 0, 2, 20);
    const hours = clockTicks(at(9, 20), at(12, 40));
    expect(formatClockTicks(hours, now)).toEqual(['10:00', '11:00', '12:00']);
    expect(formatClockTicks(clockTicks(at(9, 0) + 1, at(9, 0) + 12), now)).toEqual(['09:00:05', '09:00:10']);
    expect(formatClockTicks(hours, new Date(2026, 5, 1))[0]).toBe('01-02 10:00');
    expect(formatClockTicks(clockTicks(at(0, 0) - 86_400, at(0, 0) + 2 * 86_400), now)[0]).toBe('01-01');
  });
});
