/** What the filter of the table can compare of a run. */
import { isActive, type Run, RUN_STATUSES } from '../../../shared/run.js';
import { experimentOf, experiments } from '../../experiments/experiments.js';

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
  loss: measured(({ last }) => last('loss')),
  acc: measured(({ last }) => last('accuracy'), true),
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
  seqlen: 'length',
};

/** As a hint lists them. */
export const FIELD_NAMES =
  'dim, heads, hd, seed, lr, epoch, epochs, loss, acc, name, tag, status or a series like act_Q';

/** Its field and the name that it goes by; undefined if there is none. @param written in any case */
export function filterField(written: string): { name: string; field: FilterField } | undefined {
  const name = written.toLowerCase();
  const known = isField(name) ? name : (ALIASES[name.replace(/[ _]/g, '')] ?? name);
  const field = FIELDS[known];
  if (field !== undefined) return { name: known, field };
  if (isNumber(known)) return { name: known, field: given(({ run }) => experimentOf(run).number(run, known)) };
  return seriesField(name);
}

/** Of the runs of whichever experiment has such a series. */
function seriesField(written: string): { name: string; field: FilterField } | undefined {
  const [known] = experiments().flatMap((each) => each.filterSeries(written) ?? []);
  if (known === undefined) return undefined;
  const columns = (run: Run): readonly string[] => experimentOf(run).filterSeries(written)?.columns(run) ?? [];
  return { name: known.name, field: measured(({ run, last }) => mean(columns(run).map(last))) };
}

function isField(name: string): boolean {
  return FIELDS[name] !== undefined || isNumber(name);
}

/** Whether it is a number of the configs of any experiment. */
function isNumber(name: string): boolean {
  return experiments().some(({ numberNames }) => numberNames.includes(name));
}

function mean(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
