/** What is chosen for the charts: how they draw, and which stand where. All of it is in the page's address. */
import { computed } from '@preact/signals-core';
import type { Band } from './band.js';
import type { Arrangement } from './arrangement.js';
import { type ChartSettings, COMMON_X, type Range } from './chart-settings.js';
import type { CvReading, MetricGroup } from './metric.js';
import {
  type AddressField,
  type Codec,
  flag,
  list,
  number,
  oneOf,
  type PageAddress,
  text,
} from '../data/page-address.js';
import type { Readable } from '../data/signals.js';

/** `10,40`. */
const rangeCodec: Codec<Range | null> = {
  read: (written) => {
    const [from, to, ...more] = (written ?? '').split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
    const fits = from !== undefined && to !== undefined && from < to && more.length === 0;
    return fits && Number.isFinite(to - from) ? [from, to] : null;
  },
  write: (range) => (range === null ? null : range.join(',')),
};

/** One of what every run has, or a column of the frames that may be x. */
const xCodec = (isX: (name: string) => boolean): Codec<string> => ({
  read: (written) => {
    if (written === null) return 'epoch';
    return COMMON_X.includes(written) || isX(written) ? written : 'epoch';
  },
  write: (x) => (x === 'epoch' ? null : x),
  standard: 'epoch',
});

export class ChartChoices {
  readonly x;
  readonly xLog;
  readonly y;
  readonly smoothing;
  readonly clip;
  readonly mean;
  /** How CVs are read, in every view. */
  readonly cv;
  /** Whether what chance gives is drawn. */
  readonly chance;
  readonly range;
  /** Whether the axis of epochs has room for all that will be trained. */
  readonly whole;
  /** Whether each chart keeps an x range of its own. */
  readonly independent;
  /** Those ranges. */
  readonly independentZoom;
  /** And those of the small charts of one run and of differences, which are by epoch always. */
  readonly small;
  readonly pinned;
  readonly order;
  readonly ribbon;
  readonly find;
  /** The chart that is shown large; '' for none. */
  readonly large;
  /** Whether its numbers stand below it. */
  readonly numbers;
  /** Groups that are not open or folded as they are at first. */
  readonly #turned: AddressField<readonly string[]>;
  readonly #settings: Readable<ChartSettings>;
  readonly #arrangement: Readable<Arrangement>;

  /** @param isX whether a series may be x */
  constructor(address: PageAddress, band: Readable<Band>, isX: (name: string) => boolean) {
    this.x = address.field('x', xCodec(isX));
    this.xLog = address.field('xlog', flag());
    this.y = address.field('y', oneOf(['auto', 'linear', 'log'] as const, 'auto'));
    this.smoothing = address.field('smooth', number(0, { min: 0, max: 0.99 }));
    this.clip = address.field('clip', flag());
    this.mean = address.field('mean', flag());
    this.cv = address.field('cv', oneOf<CvReading>(['value', 'departure'], 'value'));
    this.chance = address.field('chance', flag(true));
    this.range = address.field('zoom', rangeCodec);
    this.whole = address.field('whole', flag());
    this.independent = address.field('apart', flag());
    this.independentZoom = new IndependentZoom(address, 'zooms');
    this.small = new IndependentZoom(address, 'small-zooms');
    this.pinned = address.field('pin', list());
    this.order = address.field('order', list());
    this.ribbon = address.field('ribbon', flag());
    this.find = address.field('find', text());
    this.large = address.field('large', text());
    this.numbers = address.field('numbers', flag());
    this.#turned = address.field('fold', list());
    this.#settings = computed(() => ({
      x: this.x.value,
      xLog: this.xLog.value,
      y: this.y.value,
      smoothing: this.smoothing.value,
      clip: this.clip.value,
      mean: this.mean.value,
      range: this.range.value,
      whole: this.whole.value,
      shared: !this.independent.value,
      band: band.value,
      chance: this.chance.value,
    }));
    this.#arrangement = computed(() => ({
      pinned: this.pinned.value,
      order: this.order.value,
      ribbon: this.ribbon.value,
      find: this.find.value,
    }));
  }

  get settings(): Readable<ChartSettings> {
    return this.#settings;
  }

  get arrangement(): Readable<Arrangement> {
    return this.#arrangement;
  }

  get folds(): Readable<readonly string[]> {
    return this.#turned;
  }

  isOpen({ id, open }: Pick<MetricGroup, 'id' | 'open'>): boolean {
    return open !== this.#turned.value.includes(id);
  }

  turn({ id }: Pick<MetricGroup, 'id'>): void {
    const turned = this.#turned.value;
    this.#turned.set(turned.includes(id) ? turned.filter((each) => each !== id) : [...turned, id]);
  }

  /** A range in the unit of another x would mean nothing. */
  chooseX(x: string): void {
    this.range.set(null);
    this.independentZoom.clear();
    this.x.set(x);
  }

  pin(name: string): void {
    const pinned = this.pinned.value;
    this.pinned.set(pinned.includes(name) ? pinned.filter((each) => each !== name) : [...pinned, name]);
  }

  enlarge(name: string, numbers = this.numbers.value): void {
    this.numbers.set(numbers);
    this.large.set(name);
  }

  turnReading(): void {
    this.cv.set(this.cv.value === 'value' ? 'departure' : 'value');
  }

  /** How charts draw goes back to how it is at first; which stand where stays. */
  reset(): void {
    this.chooseX('epoch');
    for (const field of [this.xLog, this.clip, this.mean, this.whole, this.independent, this.ribbon]) field.set(false);
    this.chance.set(true);
    this.y.set('auto');
    this.smoothing.set(0);
  }
}

/** The x ranges of charts that do not share one, by the chart's name, in the page's address: `loss:10:40,emb:0:5`. */
type Ranges = ReadonlyMap<string, Range>;

const NONE: Ranges = new Map();

const codec: Codec<Ranges> = {
  read: (written) => {
    const ranges = new Map<string, Range>();
    for (const each of (written ?? '').split(',')) {
      const [name = '', from = '', to = '', ...more] = each.split(':');
      const range: Range = [from === '' ? NaN : Number(from), to === '' ? NaN : Number(to)];
      const fits = name !== '' && more.length === 0 && Number.isFinite(range[1] - range[0]) && range[0] < range[1];
      if (fits) ranges.set(name, range);
    }
    return ranges;
  },
  write: (ranges) =>
    ranges.size === 0 ? null : [...ranges].map(([name, range]) => [name, ...range].join(':')).join(','),
};

export class IndependentZoom {
  readonly #field: AddressField<Ranges>;

  constructor(address: PageAddress, key: string) {
    this.#field = address.field(key, codec);
  }

  get all(): Readable<Ranges> {
    return this.#field;
  }

  /** Null where a chart shows all there is. */
  of(name: string): Range | null {
    return this.#field.value.get(name) ?? null;
  }

  set(name: string, range: Range | null): void {
    const ranges = new Map(this.#field.value);
    if (range === null) ranges.delete(name);
    else ranges.set(name, range);
    this.#field.set(ranges);
  }

  clear(): void {
    this.#field.set(NONE);
  }
}

/** Which groups of charts are not open or folded as they are at first, in the page's address. */
export class CollapsedGroups {
  readonly #turned: AddressField<readonly string[]>;

  constructor(address: PageAddress, key: string) {
    this.#turned = address.field(key, list());
  }

  get turned(): Readable<readonly string[]> {
    return this.#turned;
  }

  isOpen({ id, open }: { id: string; open: boolean }): boolean {
    return open !== this.#turned.value.includes(id);
  }

  turn(id: string): void {
    const turned = this.#turned.value;
    this.#turned.set(turned.includes(id) ? turned.filter((each) => each !== id) : [...turned, id]);
  }
}
