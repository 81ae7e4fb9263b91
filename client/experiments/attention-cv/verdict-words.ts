/** Which head sizes are in the band, as the head-size view says it: a sentence, and what the dims say of it. */
import { type Band, bandWords, type Judgement, judgementWords } from '../../charts/band.js';
import { distinct } from '../../data/statistics.js';
import { SCALED_ERRORS } from '../../data/standard-error.js';
import type { HeadSizeVerdict } from './head-size-verdict.js';
import { LOADING } from '../../runs/epoch-reading.js';

export interface VerdictPart {
  judgement: Judgement | 'none';
  words: string;
}

export interface VerdictWords {
  /** `In the band 0.13 – 0.30 after training, epoch 50` */
  lead: string;
  /** `head sizes 128, 256`, `undecided: 64`, `outside: 8, 16, 32`, `loading: 512`; those in the band first. */
  parts: readonly VerdictPart[];
  /** What each dim says where they differ, else ''. */
  dims: string;
  /** What the sentence rests on. */
  basis: string;
}

/**
 * @param headDims all that are shown, ascending
 * @param when as `epochWords` says it
 */
export function verdictWords(
  verdicts: readonly HeadSizeVerdict[],
  headDims: readonly number[],
  band: Band,
  when: string,
): VerdictWords {
  const sizes = (judgement: Judgement | undefined): number[] =>
    verdicts.filter((each) => each.judgement === judgement).map(({ headDim }) => headDim);
  const loading = sizes(undefined);
  const unmeasured = headDims.filter((size) => verdicts.every(({ headDim }) => headDim !== size));
  const parts: VerdictPart[] = [
    // Not "no head size" of those that are still to be judged.
    ...(loading.length > 0 && sizes('in').length === 0 ? [] : [insidePart(sizes('in'), verdicts.length)]),
    ...named('undecided', 'undecided', sizes('undecided')),
    ...named('out', judgementWords(band).out, sizes('out')),
    ...named('none', LOADING, loading),
    ...named('none', 'no value', unmeasured),
  ];
  return {
    lead: `${capital(bandWords(band))} ${when.startsWith('after') ? when : `at ${when}`}`,
    parts: verdicts.length === 0 ? [{ judgement: 'none', words: 'nothing measured yet' }] : parts,
    dims: dimsLine(verdicts, band),
    basis: basisOf(verdicts, band),
  };
}

/** The same in one string. */
export function verdictSentence({ lead, parts, dims }: VerdictWords): string {
  return `${lead}: ${parts.map(({ words }) => words).join(' · ')}.${dims === '' ? '' : ` ${dims}.`}`;
}

function capital(words: string): string {
  return `${words[0]!.toUpperCase()}${words.slice(1)}`;
}

function insidePart(inside: readonly number[], of: number): VerdictPart {
  if (inside.length === 0) return { judgement: 'none', words: 'no head size' };
  const sizes = inside.length === of && of > 1 ? 'every head size,' : inside.length === 1 ? 'head size' : 'head sizes';
  return { judgement: 'in', words: `${sizes} ${inside.join(', ')}` };
}

function named(judgement: VerdictPart['judgement'], name: string, sizes: readonly number[]): VerdictPart[] {
  return sizes.length === 0 ? [] : [{ judgement, words: `${name}: ${sizes.join(', ')}` }];
}

/** `The dims differ: dims 64, 512 – none in; dim 128 – 128 in, 64 undecided` */
function dimsLine(verdicts: readonly HeadSizeVerdict[], band: Band): string {
  if (!verdicts.some(({ differs }) => differs)) return '';
  const dims = distinct(verdicts.flatMap((each) => each.dims.map(({ dim }) => dim)));
  const byWords = new Map<string, number[]>();
  for (const dim of dims) {
    const words = dimWords(verdicts, dim, band);
    byWords.set(words, [...(byWords.get(words) ?? []), dim]);
  }
  const each = [...byWords].map(([words, of]) => `${of.length === 1 ? 'dim' : 'dims'} ${of.join(', ')} – ${words}`);
  return `The dims differ: ${each.join('; ')}`;
}

function dimWords(verdicts: readonly HeadSizeVerdict[], dim: number, { beyond }: Band): string {
  const sizes = (judgement: Judgement): number[] =>
    verdicts
      .filter(({ dims }) => dims.some((each) => each.dim === dim && each.judgement === judgement))
      .map(({ headDim }) => headDim);
  const [inside, undecided] = [sizes('in'), sizes('undecided')];
  const words = `${inside.length === 0 ? 'none' : inside.join(', ')} ${beyond === true ? 'beyond' : 'in'}`;
  return undecided.length === 0 ? words : `${words}, ${undecided.join(', ')} undecided`;
}

function basisOf(verdicts: readonly HeadSizeVerdict[], { beyond }: Band): string {
  const mean = 'by the mean over the shown runs of a head size, dim / heads';
  const known = verdicts.flatMap(({ error }) => error ?? []);
  if (verdicts.length === 0) return mean;
  if (verdicts.some(({ error }) => error === undefined)) return mean;
  if (known.length === 0) return `${mean}; no standard errors here yet`;
  const where = known.length < verdicts.length ? ', where all its runs have one' : '';
  const scaled = known.every(({ measured }) => measured) ? '' : `; ${SCALED_ERRORS}`;
  return `${mean}; undecided: within one standard error of ${beyond === true ? '± 2' : 'an edge'}${where}${scaled}`;
}
