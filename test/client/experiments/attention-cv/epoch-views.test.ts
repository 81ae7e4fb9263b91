/** The choices of summary, head size and heatmap in the address: written, read again, and safe from nonsense. */
import { describe, expect, it, vi } from 'vitest';
import { quantity, quantityId } from '../../../../client/experiments/attention-cv/quantity.js';
import { EpochViews } from '../../../../client/experiments/attention-cv/epoch-views.js';
import { type AddressBar, PageAddress } from '../../../../client/data/page-address.js';

function open(hash: string): { views: EpochViews; bar: { location: { hash: string } } } {
  const bar = {
    location: { hash, pathname: '/', search: '' },
    history: {
      pushState: (_data: unknown, _unused: string, url: string) => (bar.location.hash = url),
      replaceState: (_data: unknown, _unused: string, url: string) =>
        (bar.location.hash = url.startsWith('#') ? url : ''),
    },
    addEventListener: () => {},
  };
  return { views: new EpochViews(new PageAddress(bar as unknown as AddressBar)), bar };
}

const chosen = ({ quantity: of, sample, point, head, detail, numbers, sort }: EpochViews): unknown[] => [
  quantityId(of.value),
  ...[sample, point, head, detail, numbers, sort].map(({ value }) => value),
];

describe('the choices of the views of one epoch', () => {
  it('are the fixed sample after training and act_Q, unless the address says otherwise', () => {
    expect(chosen(open('').views)).toEqual(['act_Q', 'fixed', 'last', 0, false, false, '']);
    const { views } = open('#of=V_h3&sample=script&point=middle&head=5&detail=1&of-numbers=1&sort=-moved.act_K_h0');
    expect(chosen(views)).toEqual(['V_h3', 'script', 'middle', 5, true, true, '-moved.act_K_h0']);
  });

  it('are the usual where the address makes no sense', () => {
    const { views } = open('#of=nothing&sample=both&point=never&head=-2&detail=perhaps');
    expect(chosen(views)).toEqual(['act_Q', 'fixed', 'last', 0, false, false, '']);
  });

  it('are read in another page as one page wrote them, and leave the address when they are as usual', () => {
    vi.useFakeTimers();
    const { views, bar } = open('');
    views.quantity.set(quantity('act_post_h2')!);
    views.sample.set('script');
    views.point.set('first');
    views.numbers.set(true);
    views.sort.set('-emb');
    vi.runAllTimers();
    expect(chosen(open(bar.location.hash).views)).toEqual(['act_post_h2', 'script', 'first', 0, false, true, '-emb']);
    views.quantity.set(quantity('act_Q')!);
    views.sample.set('fixed');
    views.point.set('last');
    views.numbers.set(false);
    views.sort.set('');
    vi.runAllTimers();
    expect(bar.location.hash.replace('/', '')).toBe('');
    vi.useRealTimers();
  });
});
