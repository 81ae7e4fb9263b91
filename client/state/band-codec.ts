/** The band in the page's address: `0.13-0.3`. */
import type { Band } from '../analysis/band-judgement.js';
import type { Codec } from './page-address.js';

/** @param standard where the address names none */
export const bandCodec = (standard: Band): Codec<Band> => ({
  read: (written) => {
    const [, low, high] = /^(\d*\.?\d+)-(\d*\.?\d+)$/.exec(written ?? '') ?? [];
    const band = { low: Number(low), high: Number(high) };
    return band.low < band.high ? band : standard;
  },
  write: ({ low, high }) => (low === standard.low && high === standard.high ? null : `${low}-${high}`),
  standard: `${standard.low}-${standard.high}`,
});
