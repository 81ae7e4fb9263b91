/** When new values are worth a redraw: on 300 pixels a run of 3,000 epochs moves by a tenth of one at each. */
import { describe, expect, it } from 'vitest';
import { type ChartSettings, STANDARD_SETTINGS } from '../../../client/charts/chart-settings.js';
import { DrawnLine } from '../../../client/charts/drawn-line.js';
import { lineMoves, rangeMoves } from '../../../client/charts/chart-painter.js';
import { RunColumns } from '../../../client/data/run-columns.js';
import { appendRows } from '../../support/frame-rows.js';

const x = { min: 0, max: 3000, log: false, from: 0, to: 300 };
const y = { min: 0, max: 1, log: false, from: 150, to: 0 };
const style = { color: 'red', dash: [], widthPx: 1.5, opacity: 1 };
const emb = { name: 'emb', note: '', axis: 'linear', banded: true } as const;

function line(ids: string[] = ['a'], settings: Partial<ChartSettings> = {}) {
  const held = new RunColumns(['seconds', 'loss', 'accuracy', 'emb']);
  const runs = ids.map((id) => ({ id, label: id, style, config: { epochs: 3000, every: 1 } }));
  const drawn = new DrawnLine(emb, runs, { ...STANDARD_SETTINGS, ...settings }, false);
  const grow = (...values: number[]): void => {
    for (const value of values) appendRows(held, [0, 0, 0, value]);
    drawn.update(() => held);
  };
  return { drawn, grow };
}

describe('a line', () => {
  it('is drawn again once it has moved by half a pixel since it was drawn, not before', () => {
    const { drawn, grow } = line();
    grow(0.5, 0.5);
    const moves: boolean[] = [];
    for (let epoch = 0; epoch < 6; epoch++) {
      grow(0.5);
      moves.push(lineMoves(drawn, 2, x, y));
    }
    expect(moves).toEqual([false, false, false, false, true, true]);
  });

  it('is drawn again at once for a spike, also for one that is over already, and for a gap', () => {
    const { drawn, grow } = line();
    grow(0.5, 0.5);
    // 0.002 is 0.3 pixels, 0.01 is 1.5.
    grow(0.502);
    expect(lineMoves(drawn, 2, x, y)).toBe(false);
    grow(0.51, 0.5);
    expect(lineMoves(drawn, 2, x, y)).toBe(true);
    expect(lineMoves(drawn, 5, x, y)).toBe(false);
    grow(NaN);
    expect(lineMoves(drawn, 5, x, y)).toBe(true);
  });

  it('is looked at with the raw values behind its smoothed ones', () => {
    const { drawn, grow } = line(['a'], { smoothing: 0.99 });
    grow(...Array.from({ length: 1000 }, () => 0.5), 0.52);
    expect(Math.abs(drawn.shown.values[1000]! - 0.5)).toBeLessThan(0.001);
    expect(lineMoves(drawn, 1000, x, y)).toBe(true);
  });

  it('is drawn at its first point, and at every change of values that several runs share', () => {
    const first = line();
    expect(lineMoves(first.drawn, 0, x, y)).toBe(false);
    first.grow(0.5);
    expect(lineMoves(first.drawn, 0, x, y)).toBe(true);
    const shared = line(['a', 'b']);
    shared.grow(0.5, 0.5);
    expect(lineMoves(shared.drawn, 1, x, y)).toBe(true);
  });
});

describe('a range', () => {
  it('moves the picture from half a pixel on, at either end and on a logarithmic axis', () => {
    expect(rangeMoves(y, [0, 1.003])).toBe(false);
    expect(rangeMoves(y, [0, 1.004])).toBe(true);
    expect(rangeMoves(y, [-0.004, 1])).toBe(true);
    const log = { min: 0.01, max: 1, log: true, from: 150, to: 0 };
    expect(rangeMoves(log, [0.0101, 1])).toBe(false);
    expect(rangeMoves(log, [0.0102, 1])).toBe(true);
  });
});
