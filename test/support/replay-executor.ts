/**
 * An executor whose trainers replay what the original script computed, an epoch whenever the test says so: they obey
 * between two epochs, keep checkpoints and go on from them as trainer processes do.
 */
import { BehaviorSubject, Observable, type Subscriber } from 'rxjs';
import type { EngineInfo } from '../../shared/engine.js';
import type { Executor } from '../../server/execution/executor.js';
import type { TrainerControl, TrainerEvent, TrainerJob } from '../../server/execution/trainer-process.js';
import { experimentOf } from '../../server/experiments/registry.js';
import { type ReplayedConfig, Trajectory } from './trajectories.js';
import { withNulls } from './with-nulls.js';

/** What chance gives wherever it is asked for. */
export const REPLAYED_NULL = { cv: 0.15, sd: 0.01 };

export class ReplayExecutor implements Executor {
  readonly capacity$: BehaviorSubject<number>;
  /** What trainers that begin from now on say they are. */
  engineInfo: EngineInfo = { name: 'wasm', ops: 'kernels', version: '4.22.0', threads: 1 };
  /** In the order in which they got their turns. */
  readonly #trainers = new Map<string, ReplayTrainer>();
  #isHurried = false;

  constructor(slots: number) {
    this.capacity$ = new BehaviorSubject(slots);
  }

  train(job: TrainerJob, control$: Observable<TrainerControl>): Observable<TrainerEvent> {
    return new Observable((subscriber) => {
      const trainer = new ReplayTrainer(job, subscriber);
      this.#trainers.set(job.runId, trainer);
      subscriber.add(() => {
        if (this.#trainers.get(job.runId) === trainer) this.#trainers.delete(job.runId);
      });
      subscriber.add(
        control$.subscribe((control) => {
          trainer.tell(control);
          if (this.#isHurried) trainer.obey();
        }),
      );
    });
  }

  /** One more epoch of every run that has a slot now. */
  step(): void {
    for (const trainer of [...this.#trainers.values()]) trainer.advance(this.engineInfo);
  }

  /** The trainer that has the run. */
  trainerOf(runId: string): ReplayTrainer {
    const trainer = this.#trainers.get(runId);
    if (trainer === undefined) throw new Error(`no trainer has the run ${runId}`);
    return trainer;
  }

  /** By run, the seq after the last frame sent, of those that train. */
  sent(): [runId: string, nextSeq: number][] {
    return [...this.#trainers].map(([runId, { nextSeq }]) => [runId, nextSeq]);
  }

  /** From now on nobody steps, so trainers obey at once: a server that closes would wait for them in vain. */
  hurry(): void {
    this.#isHurried = true;
    for (const trainer of [...this.#trainers.values()]) trainer.obey();
  }

  warm(): void {
    // Nothing takes its time to be made ready.
  }

  engine(): EngineInfo {
    return this.engineInfo;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export class ReplayTrainer {
  readonly #job: TrainerJob;
  readonly #config: ReplayedConfig;
  readonly #trajectory: Trajectory;
  readonly #total: number;
  readonly #news: Subscriber<TrainerEvent>;
  #series: string[];
  #hasBegun = false;
  #hasGrown = false;
  #asked: 'pause' | 'stop' | null = null;
  nextSeq = 0;

  constructor(job: TrainerJob, news: Subscriber<TrainerEvent>) {
    this.#job = job;
    this.#news = news;
    const experiment = experimentOf(job);
    this.#total = experiment.total(job.config) ?? Infinity;
    this.#series = experiment.series(job.config);
    // What is of no reference config, or of another experiment, is shown with the numbers of the smallest.
    this.#config = { dim: 64, heads: 1, epochs: this.#total, every: 1, ...job.config };
    this.#trajectory = Trajectory.of(this.#config.dim, this.#config.heads);
  }

  tell(control: TrainerControl): void {
    this.#asked = control === 'continue' ? null : control;
  }

  /** Has one series more from the next frame on. */
  grow(name: string): void {
    this.#series = [...this.#series, name];
    this.#hasGrown = true;
  }

  /** One more epoch, and what was asked for at its end. */
  advance(engine: EngineInfo): void {
    if (!this.#hasBegun) this.#begin(engine);
    const epoch = this.nextSeq;
    if (epoch <= this.#total) {
      const block = this.#trajectory.frames(this.#job.runId, this.#series, epoch, epoch + 1, this.#config);
      this.nextSeq += 1;
      this.#news.next({ type: 'frames', ...block, ...(this.#hasGrown && { series: this.#series }) });
      this.#hasGrown = false;
      const measurements = this.#trajectory.measurements(epoch, epoch + 1);
      // The original script told none: only a sweep that asks for nulls has some, made up.
      const told = this.#job.config.nulls === undefined ? measurements : withNulls(measurements, REPLAYED_NULL);
      for (const measurement of told) this.#news.next({ type: 'measured', measurement });
    }
    if (epoch >= this.#total) this.#endWithCheckpoint('completed');
    else this.obey();
  }

  obey(): void {
    if (this.#hasBegun && this.#asked !== null) this.#endWithCheckpoint(this.#asked === 'pause' ? 'paused' : 'stopped');
  }

  /** Ends the run as a trainer does that cannot go on. */
  end(status: 'failed' | 'diverged' | 'crashed', message: string): void {
    this.#news.next({ type: 'ended', status, message });
    this.#news.complete();
  }

  /** Writes a checkpoint, of which nobody will read more than that it is there. */
  save(): void {
    const seq = this.nextSeq - 1;
    this.#news.next({ type: 'saved', checkpoint: { file: `${seq}.ckpt`, seq, epoch: seq, bytes: 1_260_000 } });
  }

  #begin(engine: EngineInfo): void {
    this.#hasBegun = true;
    const last = this.#job.checkpoints?.files[0];
    this.nextSeq = last === undefined ? 0 : last.seq + 1;
    this.#news.next({ type: 'claimed', engine });
    const from = last && { seq: last.seq, step: last.epoch, seconds: this.#trajectory.secondsAt(last.epoch) };
    this.#news.next({ type: 'begun', from: from ?? null });
  }

  #endWithCheckpoint(status: 'paused' | 'stopped' | 'completed'): void {
    this.save();
    this.#news.next({ type: 'ended', status });
    this.#news.complete();
  }
}
