/** What a filter of the table lists, and what it says of a term that it cannot understand or that finds nothing. */
import { describe, expect, it } from 'vitest';
import type { Filterable } from '../../../../client/runs/table/filter-fields.js';
import { filterValue, hasTerm, toggleTerm } from '../../../../client/runs/table/filter-terms.js';
import { runFilter } from '../../../../client/runs/table/run-filter.js';
import { testConfig } from '../../../support/test-config.js';
import { testRun } from '../../../support/test-run.js';

const TAGS: Record<string, string[]> = { '64-1': ['good'], '64-4': ['good', 'to repeat'], '256-4': ['goodish'] };
const NAMES: Record<string, string> = { '256-1': 'Baseline, long', '256-2': 'warm "up"' };
/** As float32, as they arrive. */
const ACCURACY: Record<string, number> = { '64-1': 0.98, '64-2': 0.99, '64-4': 0.992, '256-1': 1, '256-2': 0.5 };

const runs: Filterable[] = [64, 256].flatMap((dim) =>
  [1, 2, 4].map((heads): Filterable => {
    const id = `${dim}-${heads}`;
    const name = NAMES[id] ?? `${dim} × ${heads}`;
    const config = testConfig({ dim, heads, headDim: dim / heads, lr: heads === 1 ? 0.001 : 0.01, seed: 42 });
    const status = heads === 4 ? 'failed' : heads === 2 ? 'running' : 'completed';
    const run = testRun(id, 's', { name, config, status, tags: TAGS[id] ?? [], step: heads, total: 50 });
    const values: Record<string, number> = {
      loss: heads / 10,
      accuracy: ACCURACY[id] ?? NaN,
      act_Q_h0: dim / 1000,
      'emb:twonn': dim / 10,
      'act_Q_h0:effective_rank': dim / 8,
      ...(heads > 1 && { act_Q_h1: dim / 500 }),
    };
    return { run, label: `${dim} × ${heads}`, last: (column) => Math.fround(values[column] ?? NaN) };
  }),
);

const listed = (text: string): string => {
  const { matches } = runFilter([text], []);
  return runs.flatMap((each) => (matches(each) ? [each.run.id] : [])).join(' ');
};
const hints = (text: string): string[] => runFilter([text], []).hints(runs);
const ALL = '64-1 64-2 64-4 256-1 256-2 256-4';

describe('the filter', () => {
  it.each([
    ['', ALL],
    ['dim=256 heads>1', '256-2 256-4'],
    ['heads=1,4 hd<=64', '64-1 64-4 256-4'],
    ['heads=1 | 4 hd <= 64', '64-1 64-4 256-4'],
    ['hd=16|32', '64-2 64-4'],
    ['head dim=16 HD≤16', '64-4'],
    ['headDim=16|32 head_size!=32 head size≠64', '64-4'],
    ['dim!=64 heads<2', '256-1'],
    ['heads= dim=64', '64-1 64-2 64-4'],
    ['seed=42 seed==42', ALL],
    ['lr=1e-3', '64-1 256-1'],
    ['learning rate>0.001', '64-2 64-4 256-2 256-4'],
    ['epoch>=2 epochs=50', '64-2 64-4 256-2 256-4'],
  ])('%j compares what a run is made of', (text, ids) => {
    expect(listed(text)).toBe(ids);
  });

  it.each(['64x4', '64×4', '64 × 4', '64/4', '64*4', '"64 × 4"', 'name=64x4', 'name=64×4'])(
    '%j is one cell of the grid',
    (text) => {
      expect(listed(text)).toBe('64-4');
      expect(hints(text)).toEqual([]);
    },
  );

  it('takes several cells, and rows and columns of the grid', () => {
    expect(listed('64x4|256/1')).toBe('64-4 256-1');
    expect(listed('64×')).toBe('64-1 64-2 64-4');
    expect(listed('x4')).toBe('64-4 256-4');
  });

  it.each([
    ['tag=good', '64-1 64-4'],
    ['tags:GOOD', '64-1 64-4'],
    ['tag="to repeat"', '64-4'],
    ['tag=good*', '64-1 64-4 256-4'],
    ['tag="good*"', ''],
    ['tag=good|goodish tag!="to repeat"', '64-1 256-4'],
    ['tag!=good', '64-2 256-1 256-2 256-4'],
    ['tag=""', '64-2 256-1 256-2'],
    ['name=base', '256-1'],
    ['name="Baseline, long"', '256-1'],
    [String.raw`name="warm \"up\""`, '256-2'],
    ['name!=256', '64-1 64-2 64-4'],
    ['status=fail', '64-4 256-4'],
    ['status=active', '64-2 256-2'],
    ['status!=failed|running', '64-1 256-1'],
    ['FAILED 256', '256-4'],
    ['"to repeat"', '64-4'],
    ['warm|repeat', '64-4 256-2'],
  ])('%j looks for text', (text, ids) => {
    expect(listed(text)).toBe(ids);
  });

  it.each([
    ['acc>0.99', '64-4 256-1'],
    ['acc>99', '64-4 256-1'],
    ['acc > 99%', '64-4 256-1'],
    ['accuracy>=0.99', '64-2 64-4 256-1'],
    ['acc<=0.98', '64-1 256-2'],
    ['acc<1', '64-1 64-2 64-4 256-2'],
    ['acc=1', '256-1'],
    ['acc=99.2', '64-4'],
    ['acc=0.99', '64-2'],
    ['acc<1%', ''],
    ['acc!=50', '64-1 64-2 64-4 256-1'],
  ])('%j takes accuracy as a share or in percent, as float32', (text, ids) => {
    expect(listed(text)).toBe(ids);
  });

  it.each([
    ['loss>=0.2 64×', '64-2 64-4'],
    ['loss<=.1', '64-1 256-1'],
    ['loss=0.1', '64-1 256-1'],
    ['act_Q_h0=0.064', '64-1 64-2 64-4'],
    ['ACT_q_h1>0.2', '256-2 256-4'],
    ['act_Q>0.3', '256-2 256-4'],
    ['emb:twonn>10', '256-1 256-2 256-4'],
    ['emb:twonn <= 6.4', '64-1 64-2 64-4'],
    ['act_Q:effective_rank=8', '64-1 64-2 64-4'],
    ['act_emb>0', ''],
  ])('%j compares the newest value of a series, and the mean over heads', (text, ids) => {
    expect(listed(text)).toBe(ids);
  });

  it.each([
    ['dims=64 heads=1', '64-1 256-1', 'there is no dims: try dim, heads, hd, seed, lr,'],
    ['act_Z_h0<1', ALL, 'there is no act_z_h0: try'],
    ['loss<', ALL, 'loss< what?'],
    ['loss<a', ALL, 'loss is compared with numbers: loss<64'],
    ['dim=', ALL, 'dim= what?'],
    ['acc>9x', ALL, 'acc is compared with numbers: acc>0.99 or 99%'],
    ['hd<16|32', ALL, 'hd< takes one number'],
    ['tag>good', ALL, 'tag takes = or !=, not >'],
    ['status=done', ALL, 'there is no status done: try queued, running, pausing, paused,'],
  ])('%j cannot be understood: it narrows nothing and says what could', (text, ids, hint) => {
    expect(listed(text)).toBe(ids);
    expect(hints(text)).toEqual([expect.stringContaining(hint)]);
  });

  it.each([
    ['tag=goo', '“tag=goo” finds no run: tag is good, to repeat, goodish'],
    ['name=nobody', '“name=nobody” finds no run: name is 64 × 1, 64 × 2, 64 × 4, Baseline, long, 256 × 1'],
    ['hd=17', '“hd=17” finds no run: hd is 16, 32, 64, 128, 256'],
    ['65x4', '“65x4” finds no run: text is looked for in names, tags, notes and status'],
    ['nothing like', '“nothing” finds no run: text'],
    ['loss>5', '“loss>5” finds no run: loss is 0.1000 to 0.4000'],
    ['acc<10', '“acc<10” finds no run: acc is 50.0 % to 100.0 %'],
    ['act_V_h3>0', '“act_V_h3>0” finds no run: no run has a value of act_V_h3 yet'],
    ['dim=64 and heads=1', '“and” is not needed: terms side by side must all hold, | means or'],
  ])('%j finds nothing and says what there is', (text, hint) => {
    expect(hints(text)[0]).toContain(hint);
  });

  it('says which of several terms exclude each other', () => {
    expect(hints('dim=64 loss<1 hd>64')).toEqual([
      'no run passes “dim=64” and “loss<1” and “hd>64”; without “dim=64” 2, without “hd>64” 3 would be listed',
    ]);
    expect(hints('dim=64 heads=1')).toEqual([]);
    expect(runFilter(['64x4', 'status=completed'], []).hints(runs)).toEqual([
      'no run passes “64x4” and “status=completed”; without “64x4” 2, without “status=completed” 1 would be listed',
    ]);
  });

  it('says nothing of runs before there are any', () => {
    expect(runFilter(['tag=good'], []).hints([])).toEqual([]);
  });
});

describe('a tag that is pressed', () => {
  it.each(['good', 'to repeat', 'a "b" \\ c', 'a|b, c=d', 'go*', 'ü-1.5', '<', 'x:y'])(
    'finds the tag %j alone',
    (tag) => {
      const { matches } = runFilter([`tag=${filterValue(tag)}`], []);
      const tagged = (tags: string[]): boolean =>
        matches({ run: testRun('r', 's', { tags }), label: '8 × 1', last: () => NaN });
      expect(tagged(['other', tag])).toBe(true);
      expect(tagged([`${tag}x`, 'other'])).toBe(false);
    },
  );

  it('becomes a term of the filter beside the others, and is taken out again', () => {
    const once = toggleTerm('dim=64  warm', 'tag="to repeat"');
    expect(once).toBe('dim=64 warm tag="to repeat"');
    expect(hasTerm(once, 'tag="to repeat"')).toBe(true);
    expect(toggleTerm(once, 'tag="to repeat"')).toBe('dim=64 warm');
  });
});

describe('the filter of runs of other programs', () => {
  const foreign = [
    { model: 'resnet', wd: 0.1, amp: true, 'opt.beta-2': 0.99 },
    { model: 'vit', wd: 0.01, amp: false },
    { model: 'ResNet-50', layers: [3, 4] },
  ].map((config, index): Filterable => {
    const series = index === 0 ? ['val/loss', 'top1'] : ['top1'];
    const run = testRun(String(index), null, {
      name: `run ${index}`,
      source: 'external',
      experiment: 'cv',
      config,
      series,
    });
    return { run, label: run.name, last: (name) => (name === 'top1' ? 0.5 + index / 10 : NaN) };
  });
  const all = foreign.map(({ run }) => run);
  const listed = (text: string): string => {
    const { matches } = runFilter([text], all);
    return foreign.flatMap((each) => (matches(each) ? [each.run.id] : [])).join(' ');
  };

  it.each([
    ['wd>0.05', '0'],
    ['wd=0.1|0.01', '0 1'],
    ['model:resnet', '0 2'],
    ['MODEL=vit', '1'],
    ['model!=resnet*', '1'],
    ['amp=true', '0'],
    ['opt.beta-2>=0.99', '0'],
    ['top1>0.55', '1 2'],
    ['model:resnet wd>0', '0'],
  ])('%j asks the keys of their configs and their series', (text, ids) => {
    expect(listed(text)).toBe(ids);
  });

  it('names what their configs have where a field is none', () => {
    expect(runFilter(['width=3'], all).hints(foreign)).toEqual([
      'there is no width: try model, wd, amp, opt.beta-2, epoch, epochs, loss, acc, name, tag, status or a series',
    ]);
    expect(runFilter(['wd>1'], all).hints(foreign)).toEqual(['“wd>1” finds no run: wd is 0.01, 0.1']);
  });
});
