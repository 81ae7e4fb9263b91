import { whenChanged } from '../../../client/data/signals.js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { IndependentZoom } from '../../../client/charts/chart-choices.js';
import { type AddressBar, flag, list, number, oneOf, PageAddress, text } from '../../../client/data/page-address.js';

/** A window's address alone: steps are kept so that one can go back. */
class FakeBar {
  readonly location = { hash: '', pathname: '/', search: '' };
  readonly steps: string[] = [];
  readonly #listeners = new Map<string, () => void>();
  readonly history = {
    pushState: (_data: unknown, _unused: string, url: string) => {
      this.steps.push(this.location.hash);
      this.location.hash = url.startsWith('#') ? url : '';
    },
    replaceState: (_data: unknown, _unused: string, url: string) => {
      this.location.hash = url.startsWith('#') ? url : '';
    },
  };

  constructor(hash = '') {
    this.location.hash = hash;
  }

  addEventListener(name: string, listener: () => void): void {
    this.#listeners.set(name, listener);
  }

  back(): void {
    this.location.hash = this.steps.pop() ?? '';
    this.#listeners.get('popstate')!();
  }

  open(): PageAddress {
    return new PageAddress(this as unknown as AddressBar);
  }
}

beforeEach(() => void vi.useFakeTimers());

describe('page address', () => {
  it('reads in another page what one page wrote, whatever the characters', () => {
    const bar = new FakeBar();
    const write = bar.open();
    write.field('sweep', text()).set('s/1&x=#%');
    write.field('hidden', list()).set(['a', 'b c']);
    write.field('epoch', number(null)).set(12);
    write.field('log', flag()).set(true);
    write.field('axis', oneOf(['epoch', 'time'], 'epoch')).set('time');
    vi.runAllTimers();
    const read = new FakeBar(bar.location.hash).open();
    expect(read.field('sweep', text()).value).toBe('s/1&x=#%');
    expect(read.field('hidden', list()).value).toEqual(['a', 'b c']);
    expect(read.field('epoch', number(null)).value).toBe(12);
    expect(read.field('log', flag()).value).toBe(true);
    expect(read.field('axis', oneOf(['epoch', 'time'], 'epoch')).value).toBe('time');
  });

  it('leaves out what is as usual, and is gone when all is', () => {
    const bar = new FakeBar('#epoch=3');
    const epoch = bar.open().field('epoch', number(null));
    epoch.set(null);
    vi.runAllTimers();
    expect(bar.location.hash).toBe('');
  });

  it('takes what makes no sense as the usual', () => {
    const address = new FakeBar('#epoch=abc&band=-4&axis=sideways&empty=').open();
    expect(address.field('epoch', number(null)).value).toBeNull();
    expect(address.field('band', number(0.3, { min: 0 })).value).toBe(0.3);
    expect(address.field('axis', oneOf(['epoch', 'time'], 'epoch')).value).toBe('epoch');
    expect(address.field('empty', number(7)).value).toBe(7);
  });

  it('writes a moving slider once, and every step of navigation', async () => {
    const bar = new FakeBar();
    const address = bar.open();
    const [epoch, view, run] = [
      address.field('epoch', number(null)),
      address.field('view', text(), { push: true }),
      address.field('run', text(), { push: true }),
    ];
    for (let step = 0; step < 50; step++) epoch.set(step);
    expect(bar.location.hash).toBe('');
    vi.runAllTimers();
    expect(bar.location.hash).toBe('#epoch=49');
    expect(bar.steps).toEqual([]);
    // Two fields set together are one step.
    run.set('r1');
    view.set('run');
    await Promise.resolve();
    expect(bar.steps).toEqual(['#epoch=49']);
    const heard = vi.fn();
    whenChanged(() => view.value, heard);
    bar.back();
    expect([view.value, run.value, epoch.value]).toEqual(['', '', 49]);
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('has choices at once for a reload, and keeps up with a stream of changes without writing each', () => {
    const bar = new FakeBar();
    const writes = vi.spyOn(bar.history, 'replaceState');
    const epoch = bar.open().field('epoch', number(null));
    for (const choice of [3, 2, 1]) {
      epoch.set(choice);
      vi.advanceTimersByTime(0);
      expect(bar.location.hash).toBe(`#epoch=${choice}`);
    }
    for (let step = 2; step <= 375; step++) {
      vi.advanceTimersByTime(80);
      epoch.set(step);
      const { hash } = bar.location;
      expect(step - Number(hash.slice('#epoch='.length))).toBeLessThanOrEqual(5);
    }
    vi.runAllTimers();
    expect(bar.location.hash).toBe('#epoch=375');
    // Safari refuses the 101st in 30 s, which have passed.
    expect(writes.mock.calls.length).toBeLessThanOrEqual(100);
  });

  it('links to a changed view without going there', () => {
    const bar = new FakeBar('#sweep=s1&view=run&run=r1');
    const address = bar.open();
    for (const key of ['sweep', 'view', 'run']) address.field(key, text());
    expect(address.link({ view: 'summary', run: null })).toBe('#sweep=s1&view=summary');
    expect(bar.location.hash).toBe('#sweep=s1&view=run&run=r1');
  });
});

describe('ranges of single charts', () => {
  it('are in the address by name, and go from it one by one', () => {
    const bar = new FakeBar();
    const ranges = new IndependentZoom(bar.open(), 'zooms');
    ranges.set('loss', [10, 40.5]);
    ranges.set('Δ Q_h0', [0, 5]);
    vi.runAllTimers();
    expect(decodeURIComponent(bar.location.hash)).toBe('#zooms=loss:10:40.5,Δ Q_h0:0:5');
    expect(new IndependentZoom(new FakeBar(bar.location.hash).open(), 'zooms').of('Δ Q_h0')).toEqual([0, 5]);
    ranges.set('Δ Q_h0', null);
    expect([ranges.of('loss'), ranges.of('Δ Q_h0')]).toEqual([[10, 40.5], null]);
    ranges.clear();
    vi.runAllTimers();
    expect(bar.location.hash).toBe('');
  });

  it('are no ranges where an address makes no sense', () => {
    const read = (text: string) => [...new IndependentZoom(new FakeBar(`#z=${text}`).open(), 'z').all.value];
    expect(read('loss:3:9,emb:9:3,:1:2,a:1,b:x:2,c:1:2:3,d::5')).toEqual([['loss', [3, 9]]]);
  });
});
