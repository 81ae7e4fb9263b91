/** What the head-size view says in words: what decides, and which head sizes are in the band. */
import { type Band, judge, type Judgement, judgementWords } from '../../charts/band.js';
import { formatNull } from '../../charts/chance.js';
import type { BandCount } from './band-counts.js';
import { type Explained, type Factor, FACTORS } from './explained-variance.js';
import type { GridCell } from './grid-cells.js';
import { columnName, formatDeviation, type Quantity, formatQuantity } from './quantity.js';
import { csvTable } from '../../ui/table-text.js';

export const FACTOR_WORDS: Record<Factor, string> = { dim: 'dim', headDim: 'head size', heads: 'heads' };
const SUBJECTS: Record<Factor, string> = { dim: 'dim', headDim: 'head size', heads: 'the number of heads' };

/** Why runs of a head size have no value: five points in fewer than four dimensions span no volume. */
export function noHeadValue({ family }: Quantity, headDim: number): string {
  if (family.metric !== 'cv') return 'no shown run has a value';
  if (family.perHead && family.id.startsWith('act_') && headDim < 4)
    return 'fewer than 4 columns a head: five points span no volume there';
  if (family.perHead && !family.id.startsWith('act_') && headDim < 5)
    return 'fewer than 5 rows a head: a pentachoron has five corners';
  return 'no shown run has a value';
}

export function percentOf(share: number | undefined): string {
  return share === undefined ? '–' : `${Math.round(share * 100)} %`;
}

/** `head size decides: it explains 96 % of the differences between 12 runs, dim 35 %, heads 31 %` */
export function decidingWords({ n, shares, decides, alike }: Explained): string {
  if (n < 2) return 'nothing to compare yet';
  if (alike !== undefined)
    return `these ${n} runs cannot tell: each ${FACTOR_WORDS[alike[0]]} comes with one ${alike[1] === 'heads' ? 'number of heads' : FACTOR_WORDS[alike[1]]}`;
  const known = FACTORS.filter((factor) => shares[factor] !== undefined).sort((a, b) => shares[b]! - shares[a]!);
  if (known.length === 0) return `these ${n} runs cannot tell: too few, or all alike`;
  const each = (factors: readonly Factor[]): string =>
    factors.map((factor) => `${FACTOR_WORDS[factor]} ${percentOf(shares[factor])}`).join(', ');
  if (decides === undefined) return `nothing decides alone among ${n} runs: ${each(known)}`;
  const others = each(known.filter((factor) => factor !== decides));
  return `${SUBJECTS[decides]} decides: it explains ${percentOf(shares[decides])} of the differences between ${n} runs${others === '' ? '' : `, ${others}`}`;
}

/** Families by what decides them. */
export function byDecider<T extends { explained: Explained }>(
  effects: readonly T[],
): { decides: Factor | undefined; words: string; effects: T[] }[] {
  return [...FACTORS, undefined]
    .map((decides) => ({
      decides,
      words: decides === undefined ? 'nothing alone decides' : `${SUBJECTS[decides]} decides`,
      effects: effects.filter(({ explained }) => explained.decides === decides),
    }))
    .filter((group) => group.effects.length > 0);
}

/**
 * Families by the head sizes at which runs are in the band, those with the most first; nothing where none is measured,
 * or not all is judged yet.
 */
export function byHeadSizes<T extends { counts: readonly BandCount[] }>(
  effects: readonly T[],
): { words: string; inside: boolean; effects: T[] }[] {
  const groups = new Map<string, { words: string; inside: number; effects: T[] }>();
  for (const effect of effects.filter(({ counts }) => isJudged(counts))) {
    const words = sizesLine(effect.counts);
    const share = effect.counts.reduce((sum, { inside, of }) => sum + inside / of, 0) / effect.counts.length;
    const group = groups.get(words) ?? { words, inside: share, effects: [] };
    group.effects.push(effect);
    groups.set(words, group);
  }
  return [...groups.values()]
    .sort((a, b) => b.inside - a.inside)
    .map(({ words, inside, effects }) => ({ words, inside: inside > 0, effects }));
}

function isJudged(counts: readonly BandCount[]): boolean {
  return counts.length > 0 && counts.every(({ unjudged }) => unjudged === 0);
}

/** `128, 256, some of 64, undecided at 32` */
function sizesLine(counts: readonly BandCount[]): string {
  const sizes = (which: (count: BandCount) => boolean): string =>
    counts
      .filter(which)
      .map(({ headDim }) => headDim)
      .join(', ');
  const all = sizes(({ inside, of }) => inside === of);
  const some = sizes(({ inside, of }) => inside > 0 && inside < of);
  const open = sizes(({ inside, undecided }) => inside === 0 && undecided > 0);
  if (counts.every(({ inside, of }) => inside === of)) return counts.length === 1 ? all : 'every head size';
  const parts = [all, some === '' ? '' : `some of ${some}`, open === '' ? '' : `undecided at ${open}`];
  return parts.filter((part) => part !== '').join(', ') || 'no head size';
}

/** How a cell's mean stands to the band; undefined where it has none, its error loads, or the band means nothing. */
export function judgementOf({ spread, error }: GridCell, quantity: Quantity, band: Band): Judgement | undefined {
  return spread === undefined || !quantity.family.banded ? undefined : judge(spread.mean, error, band);
}

/** What is said of a point: which config, its value, where that stands. */
export function cellWords(cell: GridCell, quantity: Quantity, band: Band): string[] {
  const { dim, heads, headDim, variant, runs, spread, chance } = cell;
  if (spread === undefined) return [];
  const { mean, deviation, n } = spread;
  const value = formatQuantity(quantity, mean);
  const judgement = judgementOf(cell, quantity, band) ?? 'out';
  return [
    `${dim} × ${heads} · head size ${headDim}${variant === '' ? '' : ` · ${variant}`}`,
    `${value}${deviation === null ? '' : ` ± ${formatDeviation(quantity, deviation)}`}${judgement === 'out' ? '' : ` · ${judgementWords(band)[judgement]}`}`,
    ...(chance === undefined ? [] : [`chance ${formatNull(chance)}`]),
    ...(runs.length > 1 ? [`mean and spread of ${n} ${n === 1 ? 'run' : 'runs'}`] : []),
  ];
}

/** `spread` is the standard deviation between the runs of a cell, `se` the standard error that `band`, or `beyond` of departures, follows from. */
export function cellsCsv(quantity: Quantity, cells: readonly GridCell[], band: Band): string {
  const rows = cells.map((cell) => [
    columnName(quantity),
    ...[cell.dim, cell.heads, cell.headDim, cell.lr],
    cell.spread?.n ?? 0,
    cell.spread === undefined ? '' : shortened(cell.spread.mean),
    cell.spread?.deviation == null ? '' : shortened(cell.spread.deviation),
    cell.error == null ? '' : shortened(cell.error.value),
    judgementOf(cell, quantity, band) ?? '',
  ]);
  return csvTable([
    [
      'series',
      'dim',
      'heads',
      'headDim',
      'lr',
      'runs',
      'mean',
      'spread',
      'se',
      band.beyond === true ? 'beyond' : 'band',
    ],
    ...rows,
  ]);
}

/** As many digits as a float32 has. */
function shortened(value: number): number {
  return Number(value.toPrecision(7));
}
