/**
 * All sweeps and runs, in memory: whoever reads one asks here, and the store is asked once, when the server starts. A run
 * is known in two forms: as it was committed last, and as viewers were told of it last, which lists are made of.
 */
import { deltaOf, type Delta } from '../../shared/delta.js';
import type { RunsChanged } from '../../shared/protocol.js';
import type { Run, RunStatus, Sweep } from '../../shared/run.js';
import { countStatuses } from '../store/count-statuses.js';
import type { Commit, RunFilter, RunStore, StoredSweep } from '../store/run-store.js';

export interface RunReader {
  run(id: string): Run | undefined;
  /** In the order in which they were made. */
  runs(filter?: RunFilter): Run[];
  sweep(id: string): Sweep | undefined;
  /** In the order in which they were made. */
  sweeps(): Sweep[];
}

/** What has become of runs and sweeps, whole. */
export interface Changed {
  runs: readonly Run[];
  sweeps?: readonly Sweep[];
  removed?: readonly string[];
}

/** A sweep or a run in a list, as JSON. */
export interface ListItem {
  readonly id: string;
  readonly text: string;
}

/** A part of a list, as texts of JSON. */
export interface ListPart {
  sweeps: string[];
  runs: string[];
  /** Where the next part begins; absent at the end. */
  next?: string;
}

/** Sweeps and runs as they were told last, each made into text once and not again before it changes. */
export interface RunLists {
  /**
   * The newest sweeps with their newest runs, as many as there is room for, then those before them: from where the part
   * ended that named `after`. Within a part all stand as they were made. Undefined: no part ends there.
   * @param room in characters
   */
  newestFirst(after: string | undefined, room: number): ListPart | undefined;
  /** In the order in which they were made. */
  listedSweeps(): readonly ListItem[];
  /** In the order in which they were made. */
  listedRuns(): readonly (ListItem & Pick<Run, 'sweepId' | 'status'>)[];
}

export class RunRegistry implements RunReader, RunLists {
  readonly #runs = new Map<string, Run>();
  readonly #sweeps = new Map<string, { sweep: StoredSweep; runIds: Set<string> }>();
  readonly #toldRuns = new Map<string, ToldRun>();
  readonly #toldSweeps = new Map<string, ToldSweep>();
  readonly #series = new SharedSeries();
  #positions = 0;

  constructor(store: Pick<RunStore, 'runs' | 'sweeps'>) {
    const sweeps = store.sweeps();
    const runs = store.runs();
    this.commit({ sweeps, runs });
    // A sweep was made just before the first of its runs.
    const unlisted = [...sweeps];
    for (const run of runs) {
      while (run.sweepId !== null && !this.#toldSweeps.has(run.sweepId)) this.#list(unlisted.shift()!);
      this.tell({ runs: [run] });
    }
    unlisted.forEach((sweep) => this.#list(sweep));
  }

  #list({ id }: StoredSweep): void {
    this.tell({ runs: [], sweeps: [this.sweep(id)!] });
  }

  run(id: string): Run | undefined {
    return this.#runs.get(id);
  }

  runs({ sweep, status }: RunFilter = {}): Run[] {
    const ids = sweep === undefined ? this.#runs.keys() : (this.#sweeps.get(sweep)?.runIds ?? []);
    return [...ids].map((id) => this.#runs.get(id)!).filter((run) => status === undefined || run.status === status);
  }

  sweep(id: string): Sweep | undefined {
    const entry = this.#sweeps.get(id);
    if (entry === undefined) return undefined;
    const runIds = [...entry.runIds];
    return { ...entry.sweep, runIds, counts: countStatuses(runIds.map((runId) => this.#runs.get(runId)!)) };
  }

  sweeps(): Sweep[] {
    return [...this.#sweeps.keys()].map((id) => this.sweep(id)!);
  }

  /** Is told of what the store has committed. */
  commit({ sweeps = [], runs = [] }: Pick<Commit, 'sweeps' | 'runs'>): void {
    for (const sweep of sweeps) {
      const runIds = this.#sweeps.get(sweep.id)?.runIds ?? new Set();
      this.#sweeps.set(sweep.id, { sweep, runIds });
    }
    for (const run of runs) {
      this.#runs.set(run.id, { ...run, series: this.#series.shared(run.series) });
      if (run.sweepId !== null) this.#sweeps.get(run.sweepId)?.runIds.add(run.id);
    }
  }

  /** Forgets runs and sweeps; of a sweep its runs, too. */
  remove(ids: readonly string[]): void {
    for (const id of ids) {
      const sweepId = this.#runs.get(id)?.sweepId;
      if (sweepId != null) this.#sweeps.get(sweepId)?.runIds.delete(id);
      for (const runId of this.#sweeps.get(id)?.runIds ?? []) this.#runs.delete(runId);
      this.#runs.delete(id);
      this.#sweeps.delete(id);
    }
  }

  /** Takes what viewers are now told, and answers what of it is news to them. */
  tell({ runs, sweeps = [], removed = [] }: Changed): RunsChanged {
    // The sweeps first: a new one was made before its runs.
    const newSweeps = sweeps.map((sweep) => this.#tellSweep(sweep)).filter((delta) => delta !== null);
    const news: RunsChanged = { runs: runs.map((run) => this.#tellRun(run)).filter((delta) => delta !== null) };
    if (newSweeps.length > 0) news.sweeps = newSweeps;
    for (const id of removed) this.#untell(id);
    if (removed.length > 0) news.removed = [...removed];
    return news;
  }

  #tellSweep(sweep: Sweep): Delta<Sweep> | null {
    const entry = this.#toldSweeps.get(sweep.id);
    const delta = deltaOf(entry?.sweep, sweep);
    if (entry === undefined) this.#toldSweeps.set(sweep.id, new ToldSweep(sweep, this.#positions++));
    else if (delta !== null) entry.sweep = sweep;
    return delta;
  }

  #tellRun(given: Run): Delta<Run> | null {
    const run = { ...given, series: this.#series.shared(given.series) };
    const before = this.#toldRuns.get(run.id);
    const delta = deltaOf(before?.run, run);
    if (delta === null) return null;
    const position = before?.position ?? this.#positions++;
    const entry = new ToldRun(run, position, this.#series.text(run.series));
    this.#toldRuns.set(run.id, entry);
    if (run.sweepId !== null) this.#toldSweeps.get(run.sweepId)?.runs.set(run.id, entry);
    return delta;
  }

  #untell(id: string): void {
    const run = this.#toldRuns.get(id);
    if (run?.sweepId != null) this.#toldSweeps.get(run.sweepId)?.runs.delete(id);
    for (const runId of this.#toldSweeps.get(id)?.runs.keys() ?? []) this.#toldRuns.delete(runId);
    this.#toldRuns.delete(id);
    this.#toldSweeps.delete(id);
  }

  newestFirst(after: string | undefined, room: number): ListPart | undefined {
    const place = /^(\d{1,15})-(\d{1,15})$/.exec(after ?? `${this.#positions}-0`);
    if (place === null) return undefined;
    const [groupPosition, runPosition] = [Number(place[1]), Number(place[2])];
    const [sweeps, runs]: [string[], string[]] = [[], []];
    const part = (next?: string): ListPart => ({
      sweeps: sweeps.reverse(),
      runs: runs.reverse(),
      ...(next !== undefined && { next }),
    });
    let left = room;
    let last: string | undefined;
    const add = (texts: string[], { text }: ListItem, place: string): void => {
      texts.push(text);
      left -= text.length;
      last = place;
    };
    for (const group of this.#groups().reverse()) {
      if (group.position > groupPosition) continue;
      const isBegun = group.position === groupPosition;
      if (group instanceof ToldRun) {
        if (isBegun) continue;
        if (left <= 0) return part(last);
        add(runs, group, `${group.position}-0`);
        continue;
      }
      if (!isBegun) {
        if (left <= 0) return part(last);
        add(sweeps, group, `${group.position}-${this.#positions}`);
      }
      for (const run of [...group.runs.values()].reverse()) {
        if (isBegun && run.position >= runPosition) continue;
        if (left <= 0) return part(last);
        add(runs, run, `${group.position}-${run.position}`);
      }
    }
    return part();
  }

  /** Sweeps, and the runs that are of none, in the order in which they were made. */
  #groups(): (ToldSweep | ToldRun)[] {
    const alone = [...this.#toldRuns.values()].filter(({ sweepId }) => sweepId === null);
    return [...this.#toldSweeps.values(), ...alone].sort((one, other) => one.position - other.position);
  }

  listedSweeps(): readonly ListItem[] {
    return [...this.#toldSweeps.values()];
  }

  listedRuns(): readonly (ListItem & Pick<Run, 'sweepId' | 'status'>)[] {
    return [...this.#toldRuns.values()];
  }
}

class ToldRun implements ListItem {
  readonly run: Run;
  /** Higher than that of all that were made before. */
  readonly position: number;
  readonly #seriesText: string;
  #text: string | undefined;

  constructor(run: Run, position: number, seriesText: string) {
    this.run = run;
    this.position = position;
    this.#seriesText = seriesText;
  }

  get id(): string {
    return this.run.id;
  }

  get sweepId(): string | null {
    return this.run.sweepId;
  }

  get status(): RunStatus {
    return this.run.status;
  }

  /** Without its series in memory: they are the same text for all runs that have the same. */
  get text(): string {
    const { series: _series, ...rest } = this.run;
    this.#text ??= JSON.stringify(rest).slice(0, -1);
    return `${this.#text},"series":${this.#seriesText}}`;
  }
}

class ToldSweep implements ListItem {
  readonly position: number;
  /** By id, in the order in which they were made. */
  readonly runs = new Map<string, ToldRun>();
  #sweep: Sweep;
  #text: string | undefined;

  constructor(sweep: Sweep, position: number) {
    this.#sweep = sweep;
    this.position = position;
  }

  get id(): string {
    return this.#sweep.id;
  }

  get sweep(): Sweep {
    return this.#sweep;
  }

  set sweep(sweep: Sweep) {
    this.#sweep = sweep;
    this.#text = undefined;
  }

  get text(): string {
    return (this.#text ??= JSON.stringify(this.#sweep));
  }
}

/** One list of names for all runs that have the same: of a thousand heads it is larger than all else of a run. */
class SharedSeries {
  readonly #lists = new Map<string, string[]>();
  readonly #texts = new WeakMap<readonly string[], string>();

  shared(series: string[]): string[] {
    if (this.#texts.has(series)) return series;
    const text = JSON.stringify(series);
    const shared = this.#lists.get(text) ?? series;
    this.#lists.set(text, shared);
    this.#texts.set(shared, text);
    return shared;
  }

  /** As JSON. @param series as `shared` answered it */
  text(series: string[]): string {
    return this.#texts.get(series) ?? JSON.stringify(series);
  }
}
