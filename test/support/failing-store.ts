/** A `RunStore` whose disk is full, or broken, from one write on until the test mends it. */
import type { RunStore } from '../../server/store/run-store.js';

export interface FailingStore extends RunStore {
  /** Writes tried so far. */
  readonly writes: number;
  /** Writes refused so far. */
  readonly refusals: number;
  /** Whether writes are refused at present. */
  isBroken: boolean;
}

/** What the system and SQLite say of a disk. */
export const DISK_ERRORS = {
  ENOSPC: () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
  EIO: () => Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO' }),
  SQLITE_FULL: () =>
    Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', sqliteCodeName: 'SQLITE_FULL' }),
  SQLITE_IOERR: () =>
    Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', sqliteCodeName: 'SQLITE_IOERR_WRITE' }),
} as const;

/**
 * Everything is `store`'s, but that writes are refused with `error()` from the one with index `failFrom` on, until
 * `isBroken` is set to false.
 */
export function failingStore(store: RunStore, failFrom: number, error: () => Error = DISK_ERRORS.ENOSPC): FailingStore {
  const state = { writes: 0, refusals: 0, isBroken: false };
  const write = <Parameters extends unknown[]>(act: (...parameters: Parameters) => void) => {
    return (...parameters: Parameters): void => {
      if (state.writes === failFrom) state.isBroken = true;
      state.writes += 1;
      if (state.isBroken) {
        state.refusals += 1;
        throw error();
      }
      act(...parameters);
    };
  };
  return {
    commit: write((commit) => store.commit(commit)),
    check: () => store.check(),
    deleteRun: write((id) => store.deleteRun(id)),
    deleteSweep: write((id) => store.deleteSweep(id)),
    sweeps: () => store.sweeps(),
    sweep: (id) => store.sweep(id),
    runs: (filter) => store.runs(filter),
    run: (id) => store.run(id),
    frames: (runId, after, limit) => store.frames(runId, after, limit),
    nextSeq: (runId) => store.nextSeq(runId),
    measurements: (runId, part) => store.measurements(runId, part),
    measurement: (runId, key) => store.measurement(runId, key),
    fingerprint: (runId) => store.fingerprint(runId),
    checkpoints: (runId) => store.checkpoints(runId),
    log: (runId, part) => store.log(runId, part),
    writers: (runId) => store.writers(runId),
    writer: (id) => store.writer(id),
    output: (runId, after, limit) => store.output(runId, after, limit),
    outputLines: (runId) => store.outputLines(runId),
    requestAnswer: (requestId) => store.requestAnswer(requestId),
    close: () => store.close(),
    get writes() {
      return state.writes;
    },
    get refusals() {
      return state.refusals;
    },
    get isBroken() {
      return state.isBroken;
    },
    set isBroken(isBroken) {
      state.isBroken = isBroken;
    },
  };
}
