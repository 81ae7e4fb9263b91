/** Which charts stand where, what is found, and how the address keeps it. */
import { signal } from '@preact/signals-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Arrangement, arrange, moved, seriesSearch } from '../../../client/charts/arrangement.js';
import { metricGroups } from '../../../client/experiments/attention-cv/metric-groups.js';
import { attentionCv } from '../../../client/experiments/attention-cv/page-experiment.js';
import { ChartChoices } from '../../../client/charts/chart-choices.js';
import { type AddressBar, PageAddress } from '../../../client/data/page-address.js';
import { BAND } from '../../../shared/experiments/attention-cv/series.js';

const groups = metricGroups(2, { vocab: 256, classes: 10 });
const none: Arrangement = { pinned: [], order: [], ribbon: false, find: '' };
const names = (changes: Partial<Arrangement>) =>
  Object.fromEntries(
    arrange(groups, { ...none, ...changes }).map(({ id, metrics }) => [id, metrics.map(({ name }) => name)]),
  );

describe('series search', () => {
  it('finds by part of a name or by a regular expression, in either case', () => {
    const found = (typed: string) => ['emb', 'act_emb', 'Q_h0', 'act_Q_h0'].filter(seriesSearch(typed).matches);
    expect(found('')).toHaveLength(4);
    expect(found(' EMB ')).toEqual(['emb', 'act_emb']);
    expect(found('^emb$|act_.*_h0')).toEqual(['emb', 'act_Q_h0']);
  });

  it('says what is wrong with a regular expression and looks for the text as it stands', () => {
    const { matches, trouble } = seriesSearch('act_(');
    expect(trouble).toMatch(/^not a regular expression \(unterminated group\)/);
    expect(matches('act_(Q')).toBe(true);
    expect(matches('act_Q')).toBe(false);
    expect(seriesSearch('act_').trouble).toBeUndefined();
  });
});

describe('the arrangement of charts', () => {
  it('puts pinned charts first, in the order in which they were pinned, and nowhere else', () => {
    const shown = names({ pinned: ['cls_head', 'loss', 'no such series'] });
    expect(Object.keys(shown)[0]).toBe('pinned');
    expect(shown.pinned).toEqual(['cls_head', 'loss']);
    expect(shown.training).toEqual(['accuracy']);
    expect(shown.weights).not.toContain('cls_head');
  });

  it('drops groups in which nothing is found and opens the others', () => {
    const found = arrange(groups, { ...none, find: 'act_K' });
    expect(found.map(({ id, open, metrics }) => [id, open, metrics.length])).toEqual([['activation-heads', true, 2]]);
  });

  it('draws one chart for a family of heads when they are shown as ribbons', () => {
    const shown = names({ ribbon: true });
    expect(shown['weight-heads']).toEqual(['Q', 'K', 'V']);
    expect(shown['activation-heads']).toEqual(['act_Q', 'act_K', 'act_V', 'act_post']);
    expect(shown.weights).toEqual(names({}).weights);
  });

  it('moves a chart to another’s place, keeps no more than it must, and undoes itself', () => {
    const standard = ['a', 'b', 'c', 'd'];
    const move = (now: string[], name: string, target: string, order: string[] = []) =>
      moved(now, standard, order, name, target);
    expect(move(['a', 'b', 'c', 'd'], 'c', 'a', ['other'])).toEqual(['other', 'c']);
    expect(move(['a', 'b', 'c', 'd'], 'a', 'b')).toEqual(['b']);
    expect(move(['a', 'b', 'c', 'd'], 'a', 'd')).toEqual(['b', 'c', 'd']);
    expect(move(['b', 'a', 'c', 'd'], 'b', 'a', ['b'])).toEqual([]);
    const order = moved(['emb', 'Q_full', 'K_full'], ['emb', 'Q_full', 'K_full'], [], 'K_full', 'emb');
    expect(names({ order }).weights?.slice(0, 3)).toEqual(['K_full', 'emb', 'Q_full']);
  });
});

describe('the charts’ choices in the address', () => {
  beforeEach(() => void vi.useFakeTimers());

  function open(hash = '') {
    const location = { hash, pathname: '/', search: '' };
    const history = {
      pushState: () => undefined,
      replaceState: (_data: unknown, _unused: string, url: string) => (location.hash = url.startsWith('#') ? url : ''),
    };
    const bar = { location, history, addEventListener: () => undefined } as unknown as AddressBar;
    return { choices: new ChartChoices(new PageAddress(bar), signal(BAND), attentionCv.isX), location };
  }

  it('come back in another page as they were', () => {
    const { choices, location } = open();
    choices.chooseX('act_Q_h1');
    choices.xLog.set(true);
    choices.y.set('log');
    choices.smoothing.set(0.6);
    choices.range.set([0.125, 0.5]);
    choices.pin('loss');
    choices.turn({ id: 'weight-heads' });
    choices.enlarge('emb', true);
    choices.find.set('a|b&c');
    vi.runAllTimers();
    const again = open(location.hash).choices;
    expect(again.settings.value).toEqual(choices.settings.value);
    expect(again.settings.value).toMatchObject({
      x: 'act_Q_h1',
      y: 'log',
      smoothing: 0.6,
      range: [0.125, 0.5],
      shared: true,
    });
    expect(again.arrangement.value).toEqual({ pinned: ['loss'], order: [], ribbon: false, find: 'a|b&c' });
    expect([again.large.value, again.numbers.value]).toEqual(['emb', true]);
    expect(again.isOpen({ id: 'weight-heads', open: false })).toBe(true);
    expect(again.isOpen({ id: 'activation-heads', open: false })).toBe(false);
  });

  it('are as usual where the address makes no sense', () => {
    const { settings } = open('#x=act_Q&y=sideways&smooth=7&zoom=9,3&clip=maybe').choices;
    expect(settings.value).toMatchObject({ x: 'epoch', y: 'auto', smoothing: 0, range: null, clip: false });
    for (const x of ['nonsense', '', 'Q_h']) expect(open(`#x=${x}`).choices.x.value).toBe('epoch');
    for (const x of ['seconds', 'loss', 'emb', 'Q_h3']) expect(open(`#x=${x}`).choices.x.value).toBe(x);
  });

  it('let a zoomed range go with the x that it was of', () => {
    const { choices } = open('#zoom=10,20');
    expect(choices.range.value).toEqual([10, 20]);
    choices.chooseX('loss');
    expect(choices.range.value).toBeNull();
  });

  it('go back to how charts draw at first, and leave them where they stand', () => {
    const { choices } = open(
      '#x=loss&xlog=1&y=log&smooth=0.5&clip=1&mean=1&apart=1&ribbon=1&pin=emb&order=K_full&zoom=1,2',
    );
    choices.reset();
    vi.runAllTimers();
    expect(choices.settings.value).toEqual(open().choices.settings.value);
    expect(choices.arrangement.value).toMatchObject({ pinned: ['emb'], order: ['K_full'], ribbon: false });
  });
});
