/** What the filter of the table can compare of a run. */
import { isActive, type Run, RUN_STATUSES } from '../../../shared/run.js';
import type { PageExperiment } from '../../experiments/experiment.js';
import { byExperiment, experimentOf, experiments } from '../../experiments/experiments.js';
import { newestAccuracy, newestLoss } from '../../experiments/headline.js';
import { plainExperiment } from '../../experiments/plain.js';

/** Fields of a config that are named in a hint. */
const MOST_IN_HINT = 5;

/** What a filter looks at. */
export interface Filterable {
  run: Run;
  /** As the table calls it. */
  label: string;
  /** The newest value of a column of its frames; NaN if it has none. */
  last: (name: string) => number;
}

export interface NumberField {
  kind: 'number';
  of: (each: Filterable) => number;
  /** Held in float32, and never known to the last digit. */
  measured: boolean;
  /** A share, which may be written as `0.99`, `99` or `99%`. */
  percent: boolean;
}

export interface TextField {
  kind: 'text';
  of: (each: Filterable) => readonly string[];
  /** What `=` asks of one of the texts. */
  match: 'whole' | 'part' | 'beginning';
  /** All that the texts can be, where that is a closed list. */
  allowed?: readonly string[];
}

export type FilterField = NumberField | TextField;

const given = (of: NumberField['of']): NumberField => ({ kind: 'number', of, measured: false, percent: false });
const measured = (of: NumberField['of'], percent = false): NumberField => ({
  ...given(of),
  measured: true,
  percent,
});
const words = (of: TextField['of'], match: TextField['match'], allowed?: TextField['allowed']): TextField => ({
  kind: 'text',
  of,
  match,
  ...(allowed !== undefined && { allowed }),
});

const FIELDS: Record<string, FilterField> = {
  name: words(({ run, label }) => [run.name, label], 'part'),
  tag: words(({ run }) => run.tags, 'whole'),
  notes: words(({ run }) => [run.notes], 'part'),
  status: words(({ run }) => (isActive(run.status) ? [run.status, 'active'] : [run.status]), 'beginning', [
    ...RUN_STATUSES,
    'active',
  ]),
  engine: words(({ run }) => [run.engine ?? 'none'], 'beginning'),
  epoch: given(({ run }) => run.step),
  epochs: given(({ run }) => run.total ?? NaN),
  attempt: given(({ run }) => run.attempt),
  seconds: given(({ run }) => run.seconds),
  loss: measured(({ run, last }) => newestLoss(run, last)),
  acc: measured(({ run, last }) => newestAccuracy(run, last), true),
};

/** Other names that people have for them. */
const ALIASES: Record<string, string> = {
  tags: 'tag',
  note: 'notes',
  headdim: 'hd',
  headsize: 'hd',
  learningrate: 'lr',
  accuracy: 'acc',
  time: 'seconds',
  step: 'epoch',
  steps: 'epochs',
  total: 'epochs',
  seqlen: 'length',
};

/** What a hint says that can be asked. @param runs that are listed */
export function fieldHint(runs: readonly Run[]): string {
  const asked = runs.length === 0 ? experiments() : byExperiment(runs).keys();
  const hints = [...asked].map((each) => ({
    fields: each.examples.fields.length > 0 ? each.examples.fields : each.fieldNames(runs).slice(0, MOST_IN_HINT),
    series: each.examples.series,
  }));
  const fields = [...new Set(hints.flatMap((each) => each.fields))];
  const series = hints.find((each) => each.series !== undefined)?.series;
  const usual = ['epoch', 'epochs', 'loss', 'acc', 'name', 'tag'];
  return `${[...fields, ...usual].join(', ')}, status or a series${series === undefined ? '' : ` like ${series}`}`;
}

/** Terms as one may write them of these runs; of none, of those that there usually are. */
export function exampleTerms(runs: readonly Run[]): string[] {
  const asked = runs.length === 0 ? experiments() : byExperiment(runs).keys();
  return [...asked].flatMap(({ examples }) => examples.terms);
}

/**
 * Its field and the name that it goes by; undefined if there is none.
 * @param written in any case
 * @param runs whose configs are asked, too; those of registered experiments are always
 */
export function filterField(written: string, runs: readonly Run[]): { name: string; field: FilterField } | undefined {
  const name = written.toLowerCase();
  const known = isField(name, runs) ? name : (ALIASES[name.replace(/[ _]/g, '')] ?? name);
  const field = FIELDS[known];
  if (field !== undefined) return { name: known, field };
  return isConfigField(known, runs) ? { name: known, field: configField(known, runs) } : seriesField(name, runs);
}

/** A number, unless it is text in any of the runs. */
function configField(name: string, runs: readonly Run[]): FilterField {
  const of = (run: Run): number | string | undefined => experimentOf(run).field(run, name);
  if (runs.some((run) => typeof of(run) === 'string'))
    return words(({ run }) => (of(run) === undefined ? [] : [String(of(run))]), 'beginning');
  return given(({ run }) => Number(of(run) ?? NaN));
}

/** Of the runs of whichever experiment has such a series. */
function seriesField(written: string, runs: readonly Run[]): { name: string; field: FilterField } | undefined {
  const [known] = all().flatMap((each) => each.filterSeries(written, ofExperiment(each, runs)) ?? []);
  if (known === undefined) return undefined;
  const columns = (run: Run): readonly string[] => experimentOf(run).filterSeries(written, [run])?.columns(run) ?? [];
  return { name: known.name, field: measured(({ run, last }) => mean(columns(run).map(last))) };
}

function isField(name: string, runs: readonly Run[]): boolean {
  return FIELDS[name] !== undefined || isConfigField(name, runs);
}

/** Whether it is something of the configs of any experiment, or of these runs. */
function isConfigField(name: string, runs: readonly Run[]): boolean {
  return all().some((each) => each.fieldNames(ofExperiment(each, runs)).some((known) => known.toLowerCase() === name));
}

function all(): readonly PageExperiment[] {
  return [...experiments(), plainExperiment];
}

function ofExperiment(experiment: PageExperiment, runs: readonly Run[]): Run[] {
  return runs.filter((run) => experimentOf(run) === experiment);
}

function mean(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
