/** From values to pixels: what of a long line must still be seen. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceArea, traceLine, visiblePoints } from '../../../client/charts/line-path.js';
import { type Axis, toPixel, toValue } from '../../../client/charts/projection.js';
import { Pyramid } from '../../../client/charts/pyramid.js';

function column(values: readonly number[]): Pyramid {
  const made = new Pyramid();
  for (const value of values) made.push(value);
  return made;
}

/** What is drawn, as `M0,1` and `L2,3`. */
class Recorder {
  readonly steps: string[] = [];
  moveTo = (x: number, y: number) => void this.steps.push(`M${round(x)},${round(y)}`);
  lineTo = (x: number, y: number) => void this.steps.push(`L${round(x)},${round(y)}`);
  get ys(): number[] {
    return this.steps.map((step) => Number(step.split(',')[1]));
  }
}
const round = (value: number) => Math.round(value * 100) / 100;

const axis = (min: number, max: number, to: number, from = 0, log = false): Axis => ({ min, max, from, to, log });
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('pyramid', () => {
  it('knows smallest and largest of any stretch, as looking at each would', () => {
    const value = fc.oneof(
      { weight: 9, arbitrary: fc.double({ noNaN: true, min: -1e6, max: 1e6 }) },
      { weight: 1, arbitrary: fc.constant(NaN) },
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 700 }), fc.nat(700), fc.nat(700), (values, a, b) => {
        const [from, to] = [Math.min(a, b, values.length), Math.min(Math.max(a, b), values.length)];
        const numbers = values.slice(from, to).filter((each) => !Number.isNaN(each));
        const expected = numbers.length === 0 ? [NaN, NaN] : [Math.min(...numbers), Math.max(...numbers)];
        expect(column(values).range(from, to)).toEqual(expected);
      }),
    );
  });
});

describe('projection', () => {
  it('goes to pixels and back, on linear and log axes, up or down', () => {
    for (const each of [axis(0, 50, 300), axis(0.1, 0.4, 0, 150), axis(0.001, 10, 0, 150, true)]) {
      expect(toPixel(each)(each.min)).toBeCloseTo(each.from, 9);
      expect(toPixel(each)(each.max)).toBeCloseTo(each.to, 9);
      expect(toValue(each)(toPixel(each)(each.max / 2))).toBeCloseTo(each.max / 2, 9);
    }
    expect(toPixel(axis(0.01, 100, 100, 0, true))(1)).toBeCloseTo(50, 9);
  });
});

describe('line path', () => {
  const y = axis(0, 10, 0, 100);

  it('draws every point of a short line, lifts the pen at gaps and makes a point alone a dot', () => {
    const drawn = new Recorder();
    const values = [0, 5, NaN, 5, NaN, 10, 0];
    traceLine(drawn, { xs: upTo(7), ascending: true }, column(values), axis(0, 6, 60), y);
    expect(drawn.steps).toEqual(['M0,100', 'L10,50', 'M30,50', 'M28.8,50', 'L31.2,50', 'M50,0', 'L60,100']);
  });

  it('hands over the points alone to whoever draws them as dots', () => {
    const [drawn, dots] = [new Recorder(), []];
    const values = [0, NaN, 5, NaN, 10, 0];
    traceLine(drawn, { xs: upTo(6), ascending: true }, column(values), axis(0, 5, 50), y, dots);
    expect(dots).toEqual([
      { x: 0, y: 100 },
      { x: 20, y: 50 },
    ]);
    expect(drawn.steps).toEqual(['M0,100', 'M20,50', 'M40,0', 'L50,100']);
  });

  it('keeps every spike of a line of a million points, with a few steps a pixel column', () => {
    const values = upTo(1_000_000).map((index) => (index === 123_456 ? 10 : index === 876_543 ? 0 : 5));
    const drawn = new Recorder();
    traceLine(drawn, { xs: upTo(values.length), ascending: true }, column(values), axis(0, 999_999, 300), y);
    expect(drawn.steps.length).toBeLessThanOrEqual(4 * 300);
    expect(drawn.ys.filter((each) => each === 0)).toHaveLength(1);
    expect(drawn.ys.filter((each) => each === 100)).toHaveLength(1);
    const spike = drawn.steps[drawn.ys.indexOf(0)]!;
    expect(Number(spike.slice(1).split(',')[0])).toBeCloseTo(Math.floor(0.123456 * 300) + 0.5, 6);
  });

  it('shows the same top and foot in every pixel column as all points would', () => {
    const noise = upTo(5000).map((index) => 5 + 4 * Math.sin(index * 12.9898) * Math.cos(index * 78.233));
    const drawn = new Recorder();
    traceLine(drawn, { xs: upTo(noise.length), ascending: true }, column(noise), axis(0, 5000, 50), y);
    const columns = new Map<string, number[]>();
    for (const step of drawn.steps) {
      const [x, at] = step.slice(1).split(',');
      columns.set(x!, [...(columns.get(x!) ?? []), Number(at)]);
    }
    expect(columns.size).toBe(50);
    const first = noise.slice(0, 100).map((value) => toPixel(y)(value));
    expect(Math.min(...columns.get('0.5')!)).toBeCloseTo(Math.min(...first), 1);
    expect(Math.max(...columns.get('0.5')!)).toBeCloseTo(Math.max(...first), 1);
  });

  it('keeps the dashes of a dense line that rises or falls: its path is no longer than the line', () => {
    for (const values of [upTo(5000), upTo(5000).map((value) => 5000 - value)]) {
      const drawn = new Recorder();
      const points = { xs: upTo(5000), ascending: true };
      traceLine(drawn, points, column(values), axis(0, 4999, 100), axis(0, 5000, 0, 100));
      const ways = drawn.ys.slice(1).map((at, index) => Math.abs(at - drawn.ys[index]!));
      expect(ways.reduce((sum, way) => sum + way)).toBeCloseTo(100, 0);
    }
  });

  it('draws a line that turns back in the order of training, without points that do not move', () => {
    const drawn = new Recorder();
    const points = { xs: [0, 10, 10.01, 5], ascending: false };
    traceLine(drawn, points, column([0, 5, 5.001, 10]), axis(0, 10, 100), y);
    expect(drawn.steps).toEqual(['M0,100', 'L100,50', 'L50,0']);
  });

  it('looks only at what is in view and where the line enters and leaves', () => {
    expect(visiblePoints({ xs: upTo(100), ascending: true }, [10, 20])).toEqual([9, 22]);
    expect(visiblePoints({ xs: upTo(100), ascending: true }, [-5, 500])).toEqual([0, 100]);
    expect(visiblePoints({ xs: upTo(100), ascending: false }, [10, 20])).toEqual([0, 100]);
  });

  it('closes an area at each gap', () => {
    const drawn = new Recorder();
    const points = { xs: upTo(5), ascending: true };
    traceArea(drawn, points, column([0, 1, NaN, 2, 3]), column([5, 6, NaN, 7, 8]), axis(0, 4, 40), y);
    expect(drawn.steps).toEqual(['M0,50', 'L10,40', 'L10,90', 'L0,100', 'M30,30', 'L40,20', 'L40,70', 'L30,80']);
  });
});
