/** What has changed of runs and sweeps and is still to be told: the latest of each, once. */
import { type RunsChanged, type RunTimes, withTimes } from '../../shared/protocol.js';
import type { Run, Sweep } from '../../shared/run.js';

export class PendingChange {
  readonly #runs = new Map<string, Run>();
  readonly #sweeps = new Map<string, Sweep>();
  readonly #removed = new Set<string>();
  /** Of runs that are not whole among the others. */
  readonly #times = new Map<string, RunTimes>();

  get isEmpty(): boolean {
    return this.#runs.size + this.#sweeps.size + this.#removed.size + this.#times.size === 0;
  }

  add({ runs, sweeps = [], removed = [], times = [] }: RunsChanged): void {
    for (const run of runs) {
      this.#runs.set(run.id, run);
      this.#times.delete(run.id);
    }
    for (const one of times) {
      const run = this.#runs.get(one.id);
      if (run === undefined) this.#times.set(one.id, one);
      else this.#runs.set(one.id, withTimes(run, one));
    }
    for (const sweep of sweeps) this.#sweeps.set(sweep.id, sweep);
    for (const id of removed) {
      this.#runs.delete(id);
      this.#sweeps.delete(id);
      this.#times.delete(id);
      this.#removed.add(id);
    }
  }

  take(): RunsChanged {
    const change: RunsChanged = { runs: [...this.#runs.values()] };
    if (this.#sweeps.size > 0) change.sweeps = [...this.#sweeps.values()];
    if (this.#removed.size > 0) change.removed = [...this.#removed];
    if (this.#times.size > 0) change.times = [...this.#times.values()];
    this.#runs.clear();
    this.#sweeps.clear();
    this.#removed.clear();
    this.#times.clear();
    return change;
  }
}
