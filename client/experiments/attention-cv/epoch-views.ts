/** What is chosen in the views of one epoch: summary, head size and heatmap. The epoch itself is the observatory's. */
import { quantity, quantityId, type Quantity } from './quantity.js';
import { FULL_POINTS } from './script-reading.js';
import { type Codec, flag, number, oneOf, type PageAddress, text } from '../../data/page-address.js';

/** The clearest case of what the experiment asks. */
const FIRST_SHOWN: Quantity = quantity('act_Q')!;

const shownQuantity: Codec<Quantity> = {
  read: (written) => quantity(written ?? '') ?? FIRST_SHOWN,
  write: (shown) => (quantityId(shown) === quantityId(FIRST_SHOWN) ? null : quantityId(shown)),
  standard: quantityId(FIRST_SHOWN),
};

export class EpochViews {
  /** Head size and heatmap show the same. */
  readonly quantity;
  /** Whose numbers the summary tells: the fixed sample's at any epoch, or the script's at one of its three. */
  readonly sample;
  readonly point;
  /** Which head stands for all in the summary's activations, as head 0 does in the script. */
  readonly head;
  /** Standard errors and valid samples beside the summary's CVs. */
  readonly detail;
  /** Whether the head-size figure's points stand below it as numbers. */
  readonly numbers;
  /** The summary's order: a column's key, after a `-` from large to small; '' = the grid's. */
  readonly sort;

  constructor(address: PageAddress) {
    this.quantity = address.field('of', shownQuantity);
    this.sample = address.field('sample', oneOf(['fixed', 'script'] as const, 'fixed'));
    this.point = address.field('point', oneOf(FULL_POINTS, 'last'));
    this.head = address.field('head', number(0, { min: 0, max: 1023 }));
    this.detail = address.field('detail', flag());
    this.numbers = address.field('of-numbers', flag());
    this.sort = address.field('sort', text());
  }
}

const ofAddress = new WeakMap<PageAddress, EpochViews>();

export function openEpochViews(address: PageAddress): void {
  ofAddress.set(address, new EpochViews(address));
}

/** Those of a page, which its experiment has opened. */
export function epochViewsOf({ address }: { address: PageAddress }): EpochViews {
  return ofAddress.get(address)!;
}
