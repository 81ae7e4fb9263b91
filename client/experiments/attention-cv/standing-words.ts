/** Which head sizes are in the band, as the head-size view says it: a sentence, and what the dims say of it. */
import { type Band, type Judgement, formatBand } from '../../charts/band.js';
import { distinct } from '../../data/statistics.js';
import { SCALED_ERRORS } from '../../data/standard-error.js';
import type { HeadSizeStanding } from './head-size-standing.js';
import { LOADING } from '../../runs/epoch-reading.js';

export interface StandingPart {
  judgement: Judgement | 'none';
  words: string;
}

export interface StandingWords {
  /** `In the band 0.13 – 0.30 after training, epoch 50` */
  lead: string;
  /** `head sizes 128, 256`, `undecided: 64`, `outside: 8, 16, 32`, `loading: 512`; those in the band first. */
  parts: readonly StandingPart[];
  /** What each dim says where they differ, else ''. */
  dims: string;
  /** What the sentence rests on. */
  basis: string;
}

/**
 * @param headDims all that are shown, ascending
 * @param when as `epochWords` says it
 */
export function standingWords(
  standings: readonly HeadSizeStanding[],
  headDims: readonly number[],
  band: Band,
  when: string,
): StandingWords {
  const sizes = (judgement: Judgement | undefined): number[] =>
    standings.filter((each) => each.judgement === judgement).map(({ headDim }) => headDim);
  const loading = sizes(undefined);
  const unmeasured = headDims.filter((size) => standings.every(({ headDim }) => headDim !== size));
  const parts: StandingPart[] = [
    // Not "no head size" of those that are still to be judged.
    ...(loading.length > 0 && sizes('in').length === 0 ? [] : [insidePart(sizes('in'), standings.length)]),
    ...named('undecided', 'undecided', sizes('undecided')),
    ...named('out', 'outside', sizes('out')),
    ...named('none', LOADING, loading),
    ...named('none', 'no value', unmeasured),
  ];
  return {
    lead: `In the band ${formatBand(band)} ${when.startsWith('after') ? when : `at ${when}`}`,
    parts: standings.length === 0 ? [{ judgement: 'none', words: 'nothing measured yet' }] : parts,
    dims: dimsLine(standings),
    basis: basisOf(standings),
  };
}

/** The same in one string. */
export function standingSentence({ lead, parts, dims }: StandingWords): string {
  return `${lead}: ${parts.map(({ words }) => words).join(' · ')}.${dims === '' ? '' : ` ${dims}.`}`;
}

function insidePart(inside: readonly number[], of: number): StandingPart {
  if (inside.length === 0) return { judgement: 'none', words: 'no head size' };
  const sizes = inside.length === of && of > 1 ? 'every head size,' : inside.length === 1 ? 'head size' : 'head sizes';
  return { judgement: 'in', words: `${sizes} ${inside.join(', ')}` };
}

function named(judgement: StandingPart['judgement'], name: string, sizes: readonly number[]): StandingPart[] {
  return sizes.length === 0 ? [] : [{ judgement, words: `${name}: ${sizes.join(', ')}` }];
}

/** `The dims differ: dims 64, 512 – none in; dim 128 – 128 in, 64 undecided` */
function dimsLine(standings: readonly HeadSizeStanding[]): string {
  if (!standings.some(({ differs }) => differs)) return '';
  const dims = distinct(standings.flatMap((each) => each.dims.map(({ dim }) => dim)));
  const byWords = new Map<string, number[]>();
  for (const dim of dims) {
    const words = dimWords(standings, dim);
    byWords.set(words, [...(byWords.get(words) ?? []), dim]);
  }
  const each = [...byWords].map(([words, of]) => `${of.length === 1 ? 'dim' : 'dims'} ${of.join(', ')} – ${words}`);
  return `The dims differ: ${each.join('; ')}`;
}

function dimWords(standings: readonly HeadSizeStanding[], dim: number): string {
  const sizes = (judgement: Judgement): number[] =>
    standings
      .filter(({ dims }) => dims.some((each) => each.dim === dim && each.judgement === judgement))
      .map(({ headDim }) => headDim);
  const [inside, undecided] = [sizes('in'), sizes('undecided')];
  const words = `${inside.length === 0 ? 'none' : inside.join(', ')} in`;
  return undecided.length === 0 ? words : `${words}, ${undecided.join(', ')} undecided`;
}

function basisOf(standings: readonly HeadSizeStanding[]): string {
  const mean = 'by the mean over the shown runs of a head size, dim / heads';
  const known = standings.flatMap(({ error }) => error ?? []);
  if (standings.length === 0) return mean;
  if (standings.some(({ error }) => error === undefined)) return mean;
  if (known.length === 0) return `${mean}; no standard errors here yet`;
  const where = known.length < standings.length ? ', where all its runs have one' : '';
  const scaled = known.every(({ measured }) => measured) ? '' : `; ${SCALED_ERRORS}`;
  return `${mean}; undecided: within one standard error of an edge${where}${scaled}`;
}
