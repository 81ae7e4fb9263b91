/** What the head-size view finds and says, in the experiment's own numbers, and where its figure puts them. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { type GridRun, gridCells } from '../../../../client/experiments/attention-cv/grid-cells.js';
import { quantity, epochWords } from '../../../../client/experiments/attention-cv/quantity.js';
import { allEffects, effect, type EffectsOf } from '../../../../client/experiments/attention-cv/head-size-effects.js';
import {
  figureLayout,
  type FigureSpec,
  nearestPoint,
} from '../../../../client/experiments/attention-cv/head-size-layout.js';
import {
  byDecider,
  byHeadSizes,
  cellsCsv,
  cellWords,
  decidingWords,
} from '../../../../client/experiments/attention-cv/head-size-words.js';
import { BAND } from '../../../../shared/experiments/attention-cv/series.js';
import { DIMS, referenceLines } from '../../../support/reference-lines.js';

function effectsOf(rows: number, epoch: number | null = null): EffectsOf {
  const { lines, columnsOf, measurementsOf } = referenceLines(rows);
  return { shown: lines, columnsOf, measurementsOf, epoch, band: BAND, dims: DIMS };
}
const after = effectsOf(51);
const namesOf = (effects: readonly { quantity: { family: { id: string } } }[]): string =>
  effects.map(({ quantity: { family } }) => family.id).join(' ');

describe('after training the page finds', () => {
  const all = allEffects(after);

  it('which head sizes are in the band', () => {
    expect(byHeadSizes(all).map(({ words, effects }) => [words, namesOf(effects)])).toEqual([
      ['every head size', 'act_emb'],
      ['8, some of 16, 32, 64', 'emb out_proj'],
      ['128, 256, undecided at 64', 'act_Q'],
      ['8, some of 64, undecided at 32', 'Q_full'],
      ['some of 16, 32, 64, undecided at 8', 'K_full'],
      ['some of 64', 'Q'],
      ['some of 64, undecided at 32', 'K'],
      ['some of 32, undecided at 64', 'V'],
      ['undecided at 8, 16, 32, 64', 'V_full act_post_full'],
      ['no head size', 'cls_head act_K act_V'],
      ['undecided at 64', 'act_post'],
    ]);
  });

  it('that weights follow dim and the heads’ queries follow head size', () => {
    expect(byDecider(all).map(({ words, effects }) => [words, namesOf(effects)])).toEqual([
      ['dim decides', 'emb Q_full K_full V_full out_proj cls_head Q K V act_emb act_post_full'],
      ['head size decides', 'act_Q act_V'],
      ['the number of heads decides', 'act_K'],
      ['nothing alone decides', 'act_post'],
    ]);
    expect(decidingWords(effect(quantity('act_Q')!, after).explained)).toBe(
      'head size decides: it explains 96 % of the differences between 12 runs, dim 35 %, heads 31 %',
    );
  });

  it('where one head is asked for, those runs alone that have it', () => {
    const { figure, explained } = effect(quantity('act_Q_h5')!, after);
    expect(explained.n).toBe(3);
    expect(figure.cells.filter(({ spread }) => spread !== undefined).map(({ heads }) => heads)).toEqual([8, 8, 8]);
    expect(decidingWords(explained)).toBe('these 3 runs cannot tell: each dim comes with one head size');
  });

  it('no band where it means nothing', () => {
    const { figure, counts } = effect(quantity('loss')!, after);
    expect([figure.band, counts]).toEqual([null, []]);
    expect(all).toHaveLength(15);
  });
});

describe('at another moment', () => {
  it('the numbers are those of the epoch, and nothing is said of what is not there', () => {
    const before = allEffects({ ...after, epoch: 0 });
    expect(namesOf(byDecider(before).find(({ decides }) => decides === 'headDim')!.effects)).toBe(
      'act_Q act_K act_V act_post',
    );
    const ahead = allEffects(effectsOf(3, 40));
    expect(byHeadSizes(ahead)).toEqual([]);
    expect(decidingWords(ahead[0]!.explained)).toBe('nothing to compare yet');
  });

  it('is named as what it is', () => {
    const { lines } = referenceLines();
    expect(epochWords(lines, null)).toBe('after training, epoch 50');
    expect(epochWords(lines, 12)).toBe('epoch 12');
    expect(epochWords(lines, 0)).toBe('epoch 0, before training');
    expect(epochWords(referenceLines(20).lines, null)).toBe('epoch 19');
    const [first, ...rest] = referenceLines(20).lines;
    const ahead = { ...first!, run: { ...first!.run, step: 20 } };
    expect(epochWords([ahead, ...rest], null)).toBe('each run’s newest epoch');
    expect(epochWords([{ ...ahead, replaced: true }, ...rest], null)).toBe('epoch 19');
  });
});

const run = (dim: number, heads: number, value: number, seed = 42): GridRun => ({
  ...{ id: `${dim}-${heads}-${seed}`, dim, heads, headDim: dim / heads, lr: 0.001, seed, value },
  ...{ sweepId: 's', variant: '', error: null },
});
const spec = (runs: GridRun[], more: Partial<FigureSpec> = {}): FigureSpec => ({
  ...{ cells: gridCells(runs), dims: [64, 128], axis: 'linear', band: BAND, range: undefined },
  ...more,
});
const size = { width: 806, height: 348, small: false };

describe('the figure', () => {
  it('spaces head sizes by their logarithm, a line for each dim', () => {
    const { plot, lines, xTicks } = figureLayout(
      spec([run(64, 8, 0.2), run(64, 1, 0.4), run(64, 2, 0.3), run(128, 2, 0.25)]),
      size,
    );
    expect(plot).toEqual({ left: 48, top: 12, right: 748, bottom: 312 });
    // 8 and 64 stand 22 px inside; 32 is two of the three doublings along.
    expect(xTicks.map(({ x, text }) => [Math.round(x), text])).toEqual([
      [70, '8'],
      [507, '32'],
      [726, '64'],
    ]);
    expect(lines.map(({ dim, rank, label, points }) => [dim, rank, label, points.length])).toEqual([
      [64, 0, 'dim 64', 3],
      [128, 1, 'dim 128', 1],
    ]);
    const heights = lines[0]!.points.map(({ y }) => y);
    expect(heights[0]! - heights[1]!).toBeCloseTo(heights[1]! - heights[2]!, 6);
    expect(lines[1]!.points[0]!.x).toBe(lines[0]!.points[2]!.x);
  });

  it('draws several seeds as a mean with a bar of one standard deviation, dims a little apart', () => {
    const { lines } = figureLayout(
      spec([run(64, 1, 0.2, 1), run(64, 1, 0.4, 2), run(128, 2, 0.3, 1), run(128, 2, 0.3, 2), run(64, 2, 0.3, 1)]),
      size,
    );
    const [two, one] = [lines[0]!.points[1]!, lines[0]!.points[0]!];
    expect(two.cell.spread!.deviation).toBeCloseTo(Math.SQRT2 * 0.1, 12);
    expect(one.bar).toBeNull();
    const [bottom, top] = two.bar!;
    expect((bottom + top) / 2).toBeCloseTo(two.y, 6);
    // The bars of both ends fit the plot, and are the widest of what is drawn.
    expect(top).toBeGreaterThan(12);
    expect(bottom).toBeLessThan(312);
    expect(lines[1]!.points[0]!.x - two.x).toBe(7);
  });

  it('keeps its scale through training, and shows what of the band is in view', () => {
    const wide = figureLayout(spec([run(64, 1, 0.2), run(64, 2, 0.25)], { range: [0.05, 0.5] }), size);
    expect(wide.band!.edges).toHaveLength(2);
    const inside = figureLayout(spec([run(64, 1, 0.2), run(64, 2, 0.25)]), size);
    expect(inside.band).toEqual({ top: 12, bottom: 312, edges: [] });
    const above = figureLayout(spec([run(64, 1, 0.5), run(64, 2, 0.6)]), size);
    expect(above.band).toBeNull();
  });

  it('stands where there is one run, one head size or no value at all', () => {
    expect(figureLayout(spec([run(64, 1, 0.2)]), size).lines[0]!.points[0]!.x).toBe(398);
    const none = figureLayout(spec([run(64, 1, NaN), run(64, 2, NaN)]), size);
    expect(none.lines.flatMap(({ points }) => points)).toEqual([]);
    expect(none.xTicks.map(({ text }) => text)).toEqual(['32', '64']);
    expect(figureLayout(spec([]), size).xTicks).toEqual([]);
  });

  it('draws a line for each learning rate and sweep of a dim, and names it', () => {
    const runs = [run(64, 1, 0.2), run(64, 2, 0.3)];
    const other = runs.map((each) => ({ ...each, lr: 0.01, variant: 'lr 0.01' }));
    const { lines } = figureLayout(spec([...runs.map((each) => ({ ...each, variant: 'lr 0.001' })), ...other]), size);
    expect(lines.map(({ label, variant, variants, points }) => [label, variant, variants, points.length])).toEqual([
      ['dim 64 · lr 0.001', 0, 2, 2],
      ['dim 64 · lr 0.01', 1, 2, 2],
      ['dim 128 · lr 0.001', 0, 2, 0],
      ['dim 128 · lr 0.01', 1, 2, 0],
    ]);
  });

  it('puts a label beside the end of each line, none over another, none beyond the edge', () => {
    const runs = [run(64, 1, 0.2), run(64, 2, 0.3), run(128, 1, 0.2), run(128, 2, 0.31)];
    const variants = ['lr 0.001', 'lr 0.01', 'lr 0.1'].flatMap((variant, index) =>
      runs.map((each) => ({ ...each, lr: 10 ** (index - 3), variant, value: each.value + index / 1000 })),
    );
    // Where there is no room for what tells the lines of a dim apart, one of them is named.
    for (const [width, count] of [
      [806, 6],
      [350, 2],
    ] as const) {
      const { lines, plot } = figureLayout(spec(variants), { ...size, width });
      const places = lines.flatMap(({ label, labelAt }) =>
        labelAt === undefined ? [] : [{ ...labelAt, width: label.length * 6.4 }],
      );
      expect(places).toHaveLength(count);
      for (const [index, { x, y, width: own }] of places.entries()) {
        expect(y).toBeGreaterThanOrEqual(plot.top);
        expect(y).toBeLessThanOrEqual(plot.bottom);
        for (const other of places.slice(index + 1))
          expect(Math.abs(other.y - y) >= 13 || other.x >= x + own || x >= other.x + other.width).toBe(true);
        expect(x + own).toBeLessThanOrEqual(width);
      }
    }
    const alone = figureLayout(spec([run(64, 1, 0.2)]), size).lines;
    const end = alone[0]!.points[0]!;
    expect(alone.map(({ labelAt }) => labelAt)).toEqual([{ x: end.x + 9, y: end.y }, undefined]);
    expect(figureLayout(spec(runs), { width: 170, height: 116, small: true }).lines[0]!.labelAt).toBeUndefined();
  });

  it('makes room for its longest number, in the small figure, too', () => {
    const close = [run(64, 1, 0.15791), run(64, 2, 0.15803)];
    const small = figureLayout(spec(close, { dims: [64] }), { width: 170, height: 116, small: true });
    const longest = Math.max(...small.yTicks.map(({ text }) => text.length));
    expect(longest).toBeGreaterThanOrEqual(6);
    // Six pixels stand between the numbers and the plot.
    expect(small.plot.left - 6).toBeGreaterThanOrEqual(5.8 * longest);
    expect(
      figureLayout(spec([run(64, 1, 0.2), run(64, 2, 0.3)]), { width: 170, height: 116, small: true }).plot.left,
    ).toBe(34);
  });

  it('leaves out labels that would touch, and finds the point that is pointed at', () => {
    const many = Array.from({ length: 11 }, (_, power) => run(1024, 2 ** power, 0.2 + power / 100));
    const narrow = figureLayout(spec(many, { dims: [1024] }), { width: 170, height: 116, small: true });
    const xs = narrow.xTicks.map(({ x }) => x);
    expect(xs.length).toBeLessThan(7);
    for (const [index, x] of xs.slice(1).entries()) expect(x - xs[index]!).toBeGreaterThanOrEqual(26);
    const point = narrow.lines[0]!.points[4]!;
    expect(nearestPoint(narrow, { x: point.x + 1, y: point.y - 1 }, 60)).toBe(point);
    expect(nearestPoint(narrow, { x: 0, y: -100 }, 60)).toBeUndefined();
  });
});

describe('a cell in words', () => {
  const [cell] = gridCells([run(64, 2, 0.2, 1), run(64, 2, 0.3, 2), run(64, 2, NaN, 3)]);
  const actQ = quantity('act_Q')!;

  it('tells its config, its value and where that stands', () => {
    expect(cellWords(cell!, actQ, BAND)).toEqual([
      '64 × 2 · head size 32',
      '0.2500 ± 0.0707 · in the band',
      'mean and spread of 2 runs',
    ]);
    const [other] = gridCells([{ ...run(64, 2, 0.35), variant: 'lr 0.01' }]);
    expect(cellWords(other!, actQ, BAND)[0]).toBe('64 × 2 · head size 32 · lr 0.01');
    const [single] = gridCells([run(64, 2, 0.35)]);
    expect(cellWords(single!, actQ, BAND)).toEqual(['64 × 2 · head size 32', '0.3500']);
  });

  it('and as CSV', () => {
    expect(cellsCsv(actQ, [cell!, ...gridCells([run(128, 2, NaN)])], BAND)).toBe(
      'series,dim,heads,headDim,lr,runs,mean,spread,se,band\n' +
        'act_Q,64,2,32,0.001,2,0.25,0.07071068,,in\n' +
        'act_Q,128,2,64,0.001,0,,,,\n',
    );
  });
});
