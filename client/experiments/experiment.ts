/** What the page asks of an experiment, whichever it is: how its configs, runs and series are told, drawn and compared. */
import type { JsonObject, MeasuredSteps } from '../../shared/experiment.js';
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

/** How a run is drawn. @param order of the run among those whose experiment has no looks of its own */
export type StyleOf = (run: Run, look: { sweep: Sweep; order: number; theme: Theme; replaced: boolean }) => LineStyle;

export interface PageExperiment {
  /** As its runs name it. */
  readonly name: string;

  // Of its sweeps and configs, in words.

  /** Whether a sweep's spec is one of its own. */
  owns(spec: JsonObject): boolean;
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
  /** Numbers of a config that a filter compares and a table sorts by; NaN where the run has none. */
  readonly numberNames: readonly string[];
  number(run: Run, name: string): number;
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
  /** The charts of these runs; of none, those that there will be. */
  groups(runs: readonly Run[]): MetricGroup[];
  /** Changes whenever `groups` does. */
  groupsKey(runs: readonly Run[]): string;
  /** Whose newest value stands in the table of runs and how it stands to the band. */
  readonly newest: string | undefined;
  /** Series that charts may have as their x, besides steps and time. */
  readonly xSeries: readonly { name: string; group: string }[];
  isX(name: string): boolean;
  /** @param written in lower case */
  filterSeries(written: string): SeriesField | undefined;
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
