/** The x ranges of charts that do not share one, by the chart's name, in the page's address: `loss:10:40,emb:0:5`. */
import type { Range } from '../charts/chart-settings.js';
import type { AddressField, Codec, PageAddress } from './page-address.js';
import type { Readable } from './value.js';

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
