/** The store as all but the service read it: runs and sweeps have their places and times left. */
import type { RunStore } from '../store/run-store.js';
import type { ToldTimes } from './told-times.js';

export function toldStore(store: RunStore, times: ToldTimes): RunStore {
  return {
    sweeps: () => store.sweeps().map((sweep) => times.sweep(sweep)),
    sweep: (id) => {
      const sweep = store.sweep(id);
      return sweep && times.sweep(sweep);
    },
    runs: (filter) => store.runs(filter).map((run) => times.run(run)),
    run: (id) => {
      const run = store.run(id);
      return run && times.run(run);
    },
    commit: (commit) => store.commit(commit),
    check: () => store.check(),
    frames: (...range) => store.frames(...range),
    nextSeq: (runId) => store.nextSeq(runId),
    measurements: (...part) => store.measurements(...part),
    measurement: (...one) => store.measurement(...one),
    fingerprint: (runId) => store.fingerprint(runId),
    checkpoints: (runId) => store.checkpoints(runId),
    log: (...part) => store.log(...part),
    requestAnswer: (requestId) => store.requestAnswer(requestId),
    deleteRun: (id) => store.deleteRun(id),
    deleteSweep: (id) => store.deleteSweep(id),
    close: () => store.close(),
  };
}
