/**
 * What the filter of the table means: words that a run must contain, and comparisons like `dim=64,128 heads>2
 * loss<0.1`; all of them must hold.
 */
import type { Run } from '../../shared/run.js';

/** What a filter looks at. */
export interface Filterable {
  run: Run;
  /** As the table writes them. */
  words: string;
  /** The newest value of a series, of loss or of accuracy; NaN if it has none. */
  last: (name: string) => number;
}

export interface RunFilter {
  matches: (run: Filterable) => boolean;
  /** What cannot be understood, and what could. */
  problem?: string;
}

const FIELDS: Record<string, (each: Filterable) => number | string> = {
  dim: ({ run }) => run.config.dim,
  heads: ({ run }) => run.config.heads,
  hd: ({ run }) => run.config.headDim,
  seed: ({ run }) => run.config.seed,
  lr: ({ run }) => run.config.lr,
  epoch: ({ run }) => run.epoch,
  epochs: ({ run }) => run.epochs,
  attempt: ({ run }) => run.attempt,
  seconds: ({ run }) => run.seconds,
  status: ({ run }) => run.status,
  engine: ({ run }) => run.engine ?? 'none',
  loss: ({ last }) => last('loss'),
  acc: ({ last }) => 100 * last('accuracy'),
  act_emb: ({ last }) => last('act_emb'),
};

const COMPARISON = /^([a-z_]+)(<=|>=|!=|=|<|>)(.*)$/;

export function runFilter(text: string): RunFilter {
  const tests: RunFilter['matches'][] = [];
  const problems: string[] = [];
  for (const term of text.toLowerCase().split(/\s+/).filter(Boolean)) {
    const test = testOf(term);
    if (typeof test === 'string') problems.push(test);
    else tests.push(test);
  }
  return {
    matches: (run) => tests.every((test) => test(run)),
    ...(problems.length > 0 && { problem: problems.join('; ') }),
  };
}

/** What is wrong with a term, in words, where something is. A term that is still being typed narrows nothing. */
function testOf(term: string): RunFilter['matches'] | string {
  const [, name, operator, written] = COMPARISON.exec(term) ?? [];
  if (name === undefined || operator === undefined || written === undefined)
    return ({ words }) => words.toLowerCase().includes(term);
  const field = FIELDS[name];
  if (field === undefined) return `there is no ${name}: try ${Object.keys(FIELDS).join(', ')}`;
  const wanted = written.split(',').filter((each) => each !== '');
  if (wanted.length === 0) return `${name}${operator} what?`;
  if (operator === '=') return (each) => wanted.some((one) => equal(field(each), one));
  if (operator === '!=') return (each) => !wanted.some((one) => equal(field(each), one));
  const bound = Number(wanted[0]);
  if (wanted.length > 1 || Number.isNaN(bound)) return `${name}${operator} takes one number`;
  return (each) => compare(Number(field(each)), operator, bound);
}

/** Numbers by value, words by their beginning: `status=comp` is enough. */
function equal(value: number | string, wanted: string): boolean {
  return typeof value === 'number' ? value === Number(wanted) : value.startsWith(wanted);
}

function compare(value: number, operator: string, bound: number): boolean {
  if (operator === '<') return value < bound;
  if (operator === '<=') return value <= bound;
  return operator === '>' ? value > bound : value >= bound;
}
