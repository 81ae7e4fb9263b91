/** What the page asks of an experiment, whichever it is: how its configs, runs and series are told, drawn and compared. */
import type { MeasuredSteps } from '../../shared/experiment.js';
import type { Measurement } from '../../shared/measurement.js';
import type { Run, Sweep } from '../../shared/run.js';
import type { Band } from '../charts/band.js';
import type { ErrorIfKnown } from '../data/standard-error.js';
import type { LineStyle } from '../charts/line-style.js';
import type { Theme } from '../ui/theme-choice.js';
import type { MetricGroup } from '../charts/metric.js';
import type { PageAddress } from '../data/page-address.js';
import type { RunColumns } from '../data/run-columns.js';

export interface Fact {
  name: string;
  value: string;
}

/** What a filter can compare that is measured: the mean of these columns. */
export interface SeriesField {
  /** As it is written in full. */
  name: string;
  columns: (run: Run) => readonly string[];
}

/** What the columns of the table are for the runs of an experiment. */
export interface TableColumns {
  /** Above what its runs are called. */
  label: string;
  /** A number of the config that has a column of its own, by its field's name. */
  size?: { field: string; label: string; title: string };
  /** The series whose newest value stands there, and how it stands to the band. @property name where there is room for it */
  newest?: { series: string; name: string; title: string };
}

/** Terms of the filter, and what they do. */
export interface FilterHelp {
  terms: readonly string[];
  title: string;
}

export interface SearchExamples {
  /** Fields of a config that are asked most. */
  fields: readonly string[];
  /** A series that a filter may ask. */
  series?: string;
  /** A run, as one looks for it among the commands. */
  run: string;
  /** A term or two, for a hint; and what stands in the empty filter and above it. */
  terms: readonly string[];
  filter: string;
  tip: string;
  /** The search for series. */
  find: string;
  help: { configs: readonly FilterHelp[]; series: readonly FilterHelp[] };
}

/** How a run is drawn. @param order of the run among those whose experiment has no looks of its own */
export type StyleOf = (run: Run, look: { sweep: Sweep; order: number; theme: Theme; replaced: boolean }) => LineStyle;

export interface PageExperiment {
  /** As its runs name it. */
  readonly name: string;

  // Of its sweeps and configs, in words.

  /** What a sweep varies, and what is unusual about it. */
  sweepLine(sweep: Sweep): string;
  /** What a run is called, and what else tells it from its neighbours. @param seeded whether by its seed, too */
  label(run: Run, sweep: Sweep | undefined, seeded: boolean): { main: string; more: readonly string[] };
  /** Its config in one line, below its name. */
  kind(run: Run): string;
  /** What decides a run's numbers. */
  parameters(run: Run): readonly Fact[];
  /** Kinds of runs to choose from, each with the run's own. */
  facets(run: Run): readonly (readonly [facet: string, value: string | number])[];
  /** What of the configs of these runs a filter can ask, as one writes it; of no runs, what there usually is. */
  fieldNames(runs: readonly Run[]): readonly string[];
  /** Undefined where the run has none. @param name one of `fieldNames` in any case */
  field(run: Run, name: string): number | string | undefined;
  /** What one may look for among its runs and series, by example. */
  readonly examples: SearchExamples;
  /** What `64x4` in a filter is compared with. */
  grid(run: Run): readonly [number, number] | undefined;
  /** What tells runs apart in a table of many, as columns of a file. */
  identity(run: Run): Readonly<Record<string, string | number>>;
  /** Equal in runs that differ in their seed alone; undefined where nobody knows. */
  seedReplicates(run: Run): string | undefined;
  /** What limits a comparison of these runs of it, as sentences without their end. */
  compareNotes(runs: readonly Run[]): string[];

  // Of its series.

  /** When they are measured; null where that is not known beforehand. */
  measured(run: Run): MeasuredSteps | null;
  /** Whose series the `ribbons` of its groups draw as one; undefined where no group has any. */
  readonly ribbonOf: string | undefined;
  /** The charts of these runs; of none, those that there will be. */
  groups(runs: readonly Run[]): MetricGroup[];
  /** Changes whenever `groups` does. */
  groupsKey(runs: readonly Run[]): string;
  /** What stands in the table of runs beside progress, loss and accuracy. */
  readonly table: TableColumns;
  /** Series that charts may have as their x, besides steps and time. */
  readonly xSeries: readonly { name: string; group: string }[];
  isX(name: string): boolean;
  /** @param written in lower case @param runs of it that are asked */
  filterSeries(written: string, runs: readonly Run[]): SeriesField | undefined;
  /** Why a run has no value, where its experiment knows. */
  whyNoValue(run: Run, columns: RunColumns, series: string, step: number): string | undefined;
  /**
   * The standard error of a value; null where there is none, undefined while it is not here.
   * @param measurements asked for where they are needed alone
   */
  errorOf(
    run: Run,
    columns: RunColumns,
    measurements: () => readonly Measurement[] | undefined,
    series: string,
    step: number,
  ): ErrorIfKnown;
  /** Whether a full measurement of it can tell more than its config asks for. */
  canMeasureMore(run: Run): boolean;
  /** What a full measurement rests on. */
  measuredOn(run: Run): string;

  // Of the page.

  /** The looks of its runs, from what the shown sweeps were asked to be. */
  styles(sweeps: readonly Sweep[]): StyleOf;
  /** Values between these are marked; undefined where none are. */
  readonly band: Band | undefined;
  /** The views that it adds, as the address names them. */
  readonly viewNames: readonly string[];
  /** Asks for its fields of the address: whatever nobody asks for is lost there. */
  openAddress(address: PageAddress): void;
}
