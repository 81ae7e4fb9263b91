/**
 * What the filter of the table means: text that a run must contain, grids like `64x4`, and comparisons like
 * `dim=64|128 tag=good acc>0.99`. All terms must hold; one that cannot be understood narrows nothing and is told.
 */
import type { Run } from '../../../shared/run.js';
import { distinct } from '../../data/statistics.js';
import { experimentOf } from '../../experiments/experiments.js';
import {
  exampleTerms,
  fieldHint,
  type Filterable,
  filterField,
  type NumberField,
  type TextField,
} from './filter-fields.js';
import { type FilterTerm, filterTerms, type FilterValue, type Operator } from './filter-terms.js';
import { formatLoss } from '../../ui/numbers.js';

export interface RunFilter {
  matches: (run: Filterable) => boolean;
  /** What cannot be understood or finds none of the runs, and what would; or which terms exclude each other. */
  hints: (all: readonly Filterable[]) => string[];
}

type Test = (each: Filterable) => boolean;

interface Meaning {
  text: string;
  test: Test;
  /** What the runs have instead, where none of them passes. */
  instead: (all: readonly Filterable[]) => string;
}

/** A term, or what is wrong with it. */
type Compiled = Meaning | string;

const MOST_VALUES = 8;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const GRID = /^(\d*)\s*[x×*/]\s*(\d*)$/i;

/** @param texts all of which must hold. @param runs whose configs and series may be asked */
export function runFilter(texts: readonly string[], runs: readonly Run[]): RunFilter {
  const isField = (name: string): boolean => filterField(name, runs) !== undefined;
  const compiled = texts.flatMap((text) => filterTerms(text, isField)).map((term) => compile(term, runs));
  const problems = compiled.filter((each) => typeof each === 'string');
  const terms = compiled.filter((each) => typeof each !== 'string');
  return {
    matches: (run) => terms.every(({ test }) => test(run)),
    hints: (all) => [...problems, ...(all.length === 0 ? [] : missing(terms, all))],
  };
}

/** Terms that find nothing; if there are none, those without which something would be found. */
function missing(terms: readonly Meaning[], all: readonly Filterable[]): string[] {
  const empty = terms.filter(({ test }) => !all.some(test));
  if (empty.length > 0) return empty.map(({ text, instead }) => `“${text}” finds no run: ${instead(all)}`);
  if (terms.length < 2 || all.some((each) => terms.every(({ test }) => test(each)))) return [];
  const without = terms.flatMap((term) => {
    const found = all.filter((each) => terms.every((other) => other === term || other.test(each))).length;
    return found === 0 ? [] : [`without “${term.text}” ${found}`];
  });
  const together = terms.map(({ text }) => `“${text}”`).join(' and ');
  return [`no run passes ${together}${without.length === 0 ? '' : `; ${without.join(', ')} would be listed`}`];
}

function compile(term: FilterTerm, runs: readonly Run[]): Compiled {
  const { text, comparison, values } = term;
  if (comparison === undefined) return textTerm(term, runs);
  const found = filterField(comparison.field, runs);
  if (found === undefined) return `there is no ${comparison.field}: try ${fieldHint(runs)}`;
  if (values.length === 0) return `${text} what?`;
  const { name, field } = found;
  return field.kind === 'text'
    ? textComparison(text, name, field, comparison.operator, values)
    : numberComparison(text, name, field, comparison.operator, values);
}

/** Text is looked for in all that the table says of a run; a grid is compared. */
function textTerm({ text, values }: FilterTerm, runs: readonly Run[]): Compiled {
  if (/^(and|or|not|&+)$/i.test(text)) return `“${text}” is not needed: terms side by side must all hold, | means or`;
  const tests = values.map((value): Test => {
    const [, dim, heads] = (!value.quoted && GRID.exec(value.text)) || [];
    if (dim !== undefined && heads !== undefined && dim + heads !== '')
      return ({ run }) => {
        const grid = experimentOf(run).grid(run);
        if (grid === undefined) return false;
        return (dim === '' || grid[0] === Number(dim)) && (heads === '' || grid[1] === Number(heads));
      };
    const wanted = plain(value.text);
    return ({ run, label }) =>
      [label, run.name, run.notes, run.status, ...run.tags].some((each) => plain(each).includes(wanted));
  });
  return {
    text,
    test: (each) => tests.some((test) => test(each)),
    instead: () =>
      `text is looked for in names, tags, notes and status, numbers are compared (${[...exampleTerms(runs), 'loss<0.1'].join(', ')})`,
  };
}

function textComparison(
  text: string,
  name: string,
  { of, match, allowed }: TextField,
  operator: Operator,
  values: readonly FilterValue[],
): Compiled {
  if (operator !== '=' && operator !== '!=') return `${name} takes = or !=, not ${operator}`;
  const unknown = values.find(
    ({ text }) => allowed !== undefined && !allowed.some((each) => each.startsWith(plain(text))),
  );
  if (unknown !== undefined) return `there is no ${name} ${unknown.text}: try ${allowed!.join(', ')}`;
  const tests = values.map((value) => textTest(value, match));
  const some: Test = (each) => tests.some((test) => test(of(each)));
  return {
    text,
    test: operator === '=' ? some : (each) => !some(each),
    instead: (all) => {
      const there = [...new Set(all.flatMap(of).filter((each) => each !== ''))];
      return there.length === 0 ? `no run has ${name === 'tag' ? 'tags' : name}` : `${name} is ${listed(there)}`;
    },
  };
}

/** `good`, `go*`, and `""` for none at all. */
function textTest({ text, quoted }: FilterValue, match: TextField['match']): (texts: readonly string[]) => boolean {
  const wanted = plain(text);
  if (wanted === '') return (texts) => texts.every((each) => each === '');
  if (!quoted && wanted.includes('*')) {
    const parts = wanted.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
    const pattern = new RegExp(`^${parts.join('.*')}$`, 's');
    return (texts) => texts.some((each) => pattern.test(plain(each)));
  }
  return (texts) =>
    texts.map(plain).some((each) => {
      if (match === 'whole') return each === wanted;
      return match === 'part' ? each.includes(wanted) : each.startsWith(wanted);
    });
}

/** As one would type it: `64 × 4` and `64x4` are the same. */
function plain(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/\s*×\s*/g, 'x');
}

function numberComparison(
  text: string,
  name: string,
  field: NumberField,
  operator: Operator,
  values: readonly FilterValue[],
): Compiled {
  const numbers = values.map(({ text }) => numberOf(text, field));
  if (numbers.some((each) => each === undefined))
    return `${name} is compared with numbers: ${name}${operator}${field.percent ? '0.99 or 99%' : '64'}`;
  const wanted = numbers as WrittenNumber[];
  if (operator !== '=' && operator !== '!=' && wanted.length > 1) return `${name}${operator} takes one number`;
  const value = (each: Filterable): number => (field.measured ? Math.fround(field.of(each)) : field.of(each));
  const instead = (all: readonly Filterable[]): string => whatNumbers(name, field, all);
  const equal: Test = (each) => wanted.some((one) => isEqual(value(each), one));
  if (operator === '=') return { text, test: equal, instead };
  // A value that is not there yet is neither equal nor unequal.
  if (operator === '!=') return { text, test: (each) => !Number.isNaN(value(each)) && !equal(each), instead };
  const bound = field.measured ? Math.fround(wanted[0]!.value) : wanted[0]!.value;
  return { text, test: (each) => compare(value(each), operator, bound), instead };
}

interface WrittenNumber {
  value: number;
  /** How far off a measured value may be that is written like this. */
  tolerance: number;
}

/** Of a share, what is above 1 is percent, and the table's one decimal of a percent is as exact as it is meant. */
function numberOf(written: string, { measured, percent }: NumberField): WrittenNumber | undefined {
  const isPercent = percent && written.endsWith('%');
  const digits = isPercent ? written.slice(0, -1) : written;
  if (!NUMBER.test(digits)) return undefined;
  const scale = percent && (isPercent || Number(digits) > 1) ? 0.01 : 1;
  const [mantissa = '', exponent = '0'] = digits.toLowerCase().split('e');
  const decimals = (mantissa.split('.')[1] ?? '').length;
  const unit = scale * 10 ** (Number(exponent) - decimals);
  // Whole numbers are meant exactly; of what is measured, others to the digits that are written.
  const exact = !measured || (decimals === 0 && !percent);
  const tolerance = exact ? 0 : (percent ? Math.min(unit, 0.001) : unit) / 2;
  return { value: scale === 1 ? Number(digits) : Number(digits) / 100, tolerance };
}

function isEqual(value: number, { value: wanted, tolerance }: WrittenNumber): boolean {
  return Math.abs(value - wanted) <= tolerance * (1 + 1e-6);
}

function compare(value: number, operator: '<' | '<=' | '>' | '>=', bound: number): boolean {
  if (operator === '<') return value < bound;
  if (operator === '<=') return value <= bound;
  return operator === '>' ? value > bound : value >= bound;
}

function whatNumbers(name: string, { of, measured, percent }: NumberField, all: readonly Filterable[]): string {
  const there = distinct(all.map(of).filter((value) => !Number.isNaN(value)));
  const [low, high] = [there[0], there.at(-1)];
  if (low === undefined || high === undefined) return `no run has a value of ${name} yet`;
  if (!measured) return `${name} is ${listed(there.map(String))}`;
  const write = (value: number): string => (percent ? `${(value * 100).toFixed(1)} %` : formatLoss(value));
  return low === high ? `${name} is ${write(low)}` : `${name} is ${write(low)} to ${write(high)}`;
}

function listed(values: readonly string[]): string {
  const more = values.length - MOST_VALUES;
  return `${values.slice(0, MOST_VALUES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
