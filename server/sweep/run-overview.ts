/**
 * All sweeps and runs as they were told last, each made into text once and not again before it changes: what lists of
 * them are made of, for however many ask. In memory a run takes about a kilobyte.
 */
import type { RunsChanged, RunTimes } from '../../shared/protocol.js';
import type { Run, RunStatus, Sweep } from '../../shared/run.js';
import { countStatuses } from '../store/count-statuses.js';
import type { SweepService } from './sweep-service.js';

/** A sweep or a run in a list. */
export interface OverviewItem {
  readonly id: string;
  readonly text: string;
}

class RunEntry implements OverviewItem {
  readonly id: string;
  readonly sweepId: string;
  readonly status: RunStatus;
  /** Higher than that of all that were made before. */
  readonly position: number;
  /** Without the end of the object: its times, and its series, which it shares with all runs that have as many heads. */
  readonly #begin: string;
  readonly #series: string;
  /** Of many waiting runs they alone change again and again. */
  times: Omit<RunTimes, 'id'>;

  constructor({ series, place, etaSeconds, ...run }: Run, position: number, shared: (text: string) => string) {
    this.position = position;
    this.id = run.id;
    this.sweepId = run.sweepId;
    this.status = run.status;
    this.times = { ...(place !== undefined && { place }), ...(etaSeconds !== undefined && { etaSeconds }) };
    this.#begin = JSON.stringify(run).slice(0, -1);
    this.#series = shared(JSON.stringify(series));
  }

  get text(): string {
    const { place, etaSeconds } = this.times;
    const placeText = place === undefined ? '' : `,"place":${place}`;
    const etaText = etaSeconds === undefined ? '' : `,"etaSeconds":${JSON.stringify(etaSeconds)}`;
    return `${this.#begin}${placeText}${etaText},"series":${this.#series}}`;
  }
}

class SweepEntry implements OverviewItem {
  readonly id: string;
  readonly position: number;
  /** By id, in the order in which they were made. */
  readonly runs = new Map<string, RunEntry>();
  #sweep: Sweep;
  #text: string | undefined;

  constructor(sweep: Sweep, position: number) {
    this.position = position;
    this.id = sweep.id;
    this.#sweep = sweep;
  }

  update(sweep: Sweep): void {
    this.#sweep = sweep;
    this.#text = undefined;
  }

  /** One of its runs has come, gone or changed. */
  recount(): void {
    this.#text = undefined;
  }

  get text(): string {
    return (this.#text ??= JSON.stringify({
      ...this.#sweep,
      runIds: [...this.runs.keys()],
      counts: countStatuses(this.runs.values()),
    }));
  }
}

/** A part of a list, as texts of JSON. */
export interface OverviewPart {
  sweeps: string[];
  runs: string[];
  /** Where the next part begins; absent at the end. */
  next?: string;
}

export class RunOverview {
  readonly #sweeps = new Map<string, SweepEntry>();
  readonly #runs = new Map<string, RunEntry>();
  readonly #series = new Map<string, string>();
  #positions = 0;

  constructor({ store, committed$ }: Pick<SweepService, 'store' | 'committed$'>) {
    this.#change({ sweeps: store.sweeps(), runs: store.runs() });
    committed$.subscribe((event) => {
      if (event.type === 'changed') this.#change(event);
    });
  }

  /**
   * The newest sweeps with their newest runs, as many as there is room for, then those before them: from where the part
   * ended that named `after`. Within a part all stand as they were made. Undefined: no part ends there.
   */
  newestFirst(after: string | undefined, room: number): OverviewPart | undefined {
    const place = /^(\d{1,15})-(\d{1,15})$/.exec(after ?? `${this.#positions}-0`);
    if (place === null) return undefined;
    const [sweepPosition, runPosition] = [Number(place[1]), Number(place[2])];
    const [sweeps, runs]: [string[], string[]] = [[], []];
    const part = (next?: string): OverviewPart => ({
      sweeps: sweeps.reverse(),
      runs: runs.reverse(),
      ...(next !== undefined && { next }),
    });
    let left = room;
    let last: string | undefined;
    for (const entry of [...this.#sweeps.values()].reverse()) {
      if (entry.position > sweepPosition) continue;
      const isBegun = entry.position === sweepPosition;
      if (!isBegun) {
        if (left <= 0) return part(last);
        const text = entry.text;
        sweeps.push(text);
        left -= text.length;
        last = `${entry.position}-${this.#positions}`;
      }
      for (const run of [...entry.runs.values()].reverse()) {
        if (isBegun && run.position >= runPosition) continue;
        if (left <= 0) return part(last);
        const text = run.text;
        runs.push(text);
        left -= text.length;
        last = `${entry.position}-${run.position}`;
      }
    }
    return part();
  }

  /** In the order in which they were made. */
  sweeps(): OverviewItem[] {
    return [...this.#sweeps.values()];
  }

  /** In the order in which they were made. */
  runs(): readonly (OverviewItem & Pick<Run, 'sweepId' | 'status'>)[] {
    return [...this.#runs.values()];
  }

  #change({ runs, sweeps = [], removed = [], times = [] }: RunsChanged): void {
    for (const sweep of sweeps) {
      const entry = this.#sweeps.get(sweep.id);
      if (entry === undefined) this.#sweeps.set(sweep.id, new SweepEntry(sweep, this.#positions++));
      else entry.update(sweep);
    }
    for (const run of runs) {
      const position = this.#runs.get(run.id)?.position ?? this.#positions++;
      const entry = new RunEntry(run, position, (text) => this.#shared(text));
      this.#runs.set(run.id, entry);
      const sweep = this.#sweeps.get(run.sweepId);
      sweep?.runs.set(run.id, entry);
      sweep?.recount();
    }
    for (const { id, ...rest } of times) {
      const run = this.#runs.get(id);
      if (run !== undefined) run.times = rest;
    }
    for (const id of removed) {
      const run = this.#runs.get(id);
      const sweep = this.#sweeps.get(run?.sweepId ?? id);
      if (run !== undefined) {
        this.#runs.delete(id);
        sweep?.runs.delete(id);
        sweep?.recount();
      } else if (this.#sweeps.delete(id)) {
        for (const runId of sweep!.runs.keys()) this.#runs.delete(runId);
      }
    }
  }

  #shared(text: string): string {
    const kept = this.#series.get(text);
    if (kept === undefined) this.#series.set(text, text);
    return kept ?? text;
  }
}
