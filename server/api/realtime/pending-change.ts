/** What has changed of runs and sweeps and is still to be told: of each every field that changed, as it is now. */
import { type Delta, joinedDelta } from '../../../shared/delta.js';
import type { RunsChanged } from '../../../shared/protocol.js';
import type { Run, Sweep } from '../../../shared/run.js';

export class PendingChange {
  readonly #runs = new Map<string, Delta<Run>>();
  readonly #sweeps = new Map<string, Delta<Sweep>>();
  readonly #removed = new Set<string>();

  get isEmpty(): boolean {
    return this.#runs.size + this.#sweeps.size + this.#removed.size === 0;
  }

  add({ runs, sweeps = [], removed = [] }: RunsChanged): void {
    for (const run of runs) this.#runs.set(run.id, joinedDelta(this.#runs.get(run.id), run));
    for (const sweep of sweeps) this.#sweeps.set(sweep.id, joinedDelta(this.#sweeps.get(sweep.id), sweep));
    for (const id of removed) {
      this.#runs.delete(id);
      this.#sweeps.delete(id);
      this.#removed.add(id);
    }
  }

  take(): RunsChanged {
    const change: RunsChanged = { runs: [...this.#runs.values()] };
    if (this.#sweeps.size > 0) change.sweeps = [...this.#sweeps.values()];
    if (this.#removed.size > 0) change.removed = [...this.#removed];
    this.#runs.clear();
    this.#sweeps.clear();
    this.#removed.clear();
    return change;
  }
}
