/** What the outside may ask of the sweeps, and what it hears of them: the seam between the heart and its edges. */
import type { Observable } from 'rxjs';
import type { Result } from '../../shared/errors.js';
import type { EngineInfo } from '../../shared/engine.js';
import type { StorageNotice, SweepCreated, SweepEstimate } from '../../shared/protocol.js';
import type { RunControl, RunPatch } from '../../shared/requests.js';
import type { Run, Sweep, SweepAction } from '../../shared/run.js';
import type { ExternalRuns } from '../external/external-runs.js';
import type { CommandSource } from '../runs/run-changes.js';
import type { Committed } from '../runs/run-stream.js';
import type { RunHistories } from '../store/run-store.js';
import type { RunLists, RunReader } from '../runs/run-registry.js';

export interface Unstored {
  /** Why. */
  reason: string;
  /** Whether it does not pass by itself: what is stored is damaged or was removed. */
  isLasting: boolean;
  /** Epochs that are in memory alone, and how many runs they are of. */
  epochs: number;
  runs: number;
}

/**
 * Besides what stands at each: `unavailable` while it closes or the disk refuses the change, `internal` when the store
 * does; then nothing has changed.
 */
export interface SweepService {
  /** Runs and sweeps as they were committed last, with their places and times left. */
  readonly runs: RunReader;
  /** The same in lists, as they were told last. */
  readonly lists: RunLists;
  /** Those that other programs train. */
  readonly external: ExternalRuns;
  /** What belongs to runs. */
  readonly histories: RunHistories;
  readonly committed$: Observable<Committed>;
  /** Runs trained at a time. */
  readonly workers: number;
  /** Null until the first trainer is ready. */
  engine(): EngineInfo | null;
  /** Why runs wait because they cannot be stored; null while they can be. */
  storage(): StorageNotice | null;
  /** The same from now on, beginning with the present one. */
  readonly storage$: Observable<StorageNotice | null>;
  /** What a sweep would take if it were created now. `bad_input` as of `createSweep`. */
  estimate(request: unknown): Result<SweepEstimate>;
  /** What is not stored at present; null when all is. */
  unstored(): Unstored | null;
  /**
   * The same `requestId` twice has one effect. `bad_input` names what does not fit `sweepSpecSchema`; `conflict`: the
   * id was another command's.
   */
  createSweep(request: unknown, by?: CommandSource): Result<SweepCreated>;
  /**
   * Answers the run as it is now, of `restart` the new one; `requestId` counts for `restart` and `extend`, as above.
   * `not_found`; `conflict`, with the run's status, when the table of `effectOf` refuses it; `bad_input`: `total`.
   */
  control(request: RunControl, by?: CommandSource): Result<Run>;
  /** Applies the action to every run of the sweep where it is allowed. `not_found`. */
  controlSweep(sweepId: string, action: SweepAction, by?: CommandSource): Result<Sweep>;
  /** `not_found`. */
  patchRun(runId: string, patch: RunPatch): Result<Run>;
  /** `not_found`; `conflict` while a trainer holds or will hold the run, or any run of the sweep. */
  deleteRun(runId: string): Result<null>;
  deleteSweep(sweepId: string): Result<null>;
  /** Ends the trainers after a state each, commits what they sent, and completes `committed$`. */
  close(): Promise<void>;
}
