/** The band in the page's address: `0.13-0.3`. */
import type { Band } from '../analysis/band-judgement.js';
import { BAND } from '../../shared/series.js';
import type { Codec } from './page-address.js';

export const bandCodec: Codec<Band> = {
  read: (written) => {
    const [, low, high] = /^(\d*\.?\d+)-(\d*\.?\d+)$/.exec(written ?? '') ?? [];
    const band = { low: Number(low), high: Number(high) };
    return band.low < band.high ? band : BAND;
  },
  write: ({ low, high }) => (low === BAND.low && high === BAND.high ? null : `${low}-${high}`),
  standard: `${BAND.low}-${BAND.high}`,
};
