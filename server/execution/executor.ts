/** Who trains runs, wherever that is: processes of this machine are one way, a test's script another. */
import type { Observable } from 'rxjs';
import type { EngineInfo } from '../../shared/engine.js';
import type { TrainerControl, TrainerEvent, TrainerJob } from './trainer-process.js';

export interface Executor {
  /** Runs trained at a time, from now on, beginning with the present number. */
  readonly capacity$: Observable<number>;
  /**
   * Trains when subscribed to, as soon as it can. Never errors; the last event is `ended`. Unsubscribing before takes
   * the run from whoever trains it.
   */
  train(job: TrainerJob, control$: Observable<TrainerControl>): Observable<TrainerEvent>;
  /** So many runs wait to be trained: what takes its time to be made ready may be made ready now. */
  warm(count: number): void;
  /** What trains; null before anything is ready to. */
  engine(): EngineInfo | null;
  /** Ends all training, that in hand, too. */
  close(): Promise<void>;
}
