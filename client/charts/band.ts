/**
 * The band of valid CVs: whether a CV is in it, and when its sampling error leaves that open (the one rule, wherever a
 * CV is shown), and how it is written.
 */
import type { StandardError } from '../data/standard-error.js';
import { UNREMARKABLE } from './chance.js';
import type { Codec } from '../data/page-address.js';

export interface Band {
  readonly low: number;
  readonly high: number;
  /** Whether what lies outside is asked for, and not what lies within. */
  readonly beyond?: true;
}

/** What is asked of departures: whether they are more than chance gives now and then. */
export const BEYOND_CHANCE: Band = { low: -UNREMARKABLE, high: UNREMARKABLE, beyond: true };

/** `in`: as it is asked for. */
export type Judgement = 'in' | 'out' | 'undecided';

export const JUDGEMENT_WORDS: Record<Judgement, string> = {
  in: 'in the band',
  undecided: 'undecided',
  out: 'outside',
};

const DEPARTURE_JUDGEMENTS: Record<Judgement, string> = {
  in: 'beyond chance',
  undecided: 'undecided',
  out: 'within chance',
};

export function judgementWords({ beyond }: Band): Record<Judgement, string> {
  return beyond === true ? DEPARTURE_JUDGEMENTS : JUDGEMENT_WORDS;
}

/** `in the band 0.13 – 0.30`, `beyond chance (± 2 sd)` */
export function bandWords(band: Band): string {
  const edges = formatBand(band);
  return `${judgementWords(band).in} ${band.beyond === true ? `(${edges})` : edges}`;
}

/** In the title of a picture. */
export function bandTitle(band: Band): string {
  return band.beyond === true ? bandWords(band) : `band ${formatBand(band)}`;
}

/** What stands before a number as text: filled, hollow, or nothing. */
export const JUDGEMENT_SIGNS: Record<Judgement, string> = { in: '● ', undecided: '○ ', out: '' };

/**
 * The band without its edges, as the original script has it; closer than one standard error to an edge, on either
 * side, it is undecided.
 * @param error null = not known, and then the value alone decides; undefined = not here yet, and then nothing is said
 * that the error might take back.
 */
export function judge(cv: number, error: Pick<StandardError, 'value'> | null, band: Band): Judgement;
export function judge(
  cv: number,
  error: Pick<StandardError, 'value'> | null | undefined,
  band: Band,
): Judgement | undefined;
export function judge(
  cv: number,
  error: Pick<StandardError, 'value'> | null | undefined,
  { low, high, beyond }: Band,
): Judgement | undefined {
  if (error === undefined) return undefined;
  if (error !== null && Math.min(Math.abs(cv - low), Math.abs(cv - high)) < error.value) return 'undecided';
  return (cv > low && cv < high) !== (beyond === true) ? 'in' : 'out';
}

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

/** `0.13 – 0.30`; more decimals where an edge has them. */
export function formatBand({ low, high, beyond }: Band): string {
  if (beyond === true) return `± ${high} sd`;
  const edge = (value: number): string => (Number(value.toFixed(2)) === value ? value.toFixed(2) : String(value));
  return `${edge(low)} – ${edge(high)}`;
}
