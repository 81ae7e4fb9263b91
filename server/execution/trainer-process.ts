/**
 * Parent side of a trainer: one child process that trains one run after another. Whatever the child does, a run's
 * stream ends with `ended`; a child that exits or falls silent with a run in hand has crashed.
 */
import type { ChildProcess } from 'node:child_process';
import { getSystemErrorName } from 'node:util';
import { filter, map, Observable, ReplaySubject, Subject, take, takeWhile } from 'rxjs';
import { type Result, fail, ok } from '../../shared/errors.js';
import type { FrameBlock } from '../../shared/frames.js';
import {
  type EngineBuild,
  type EngineInfo,
  type RunEngine,
  engineBuild,
  haveSameKernels,
  partsOf,
} from '../../shared/engine.js';
import type { Fingerprint, Measurement } from '../../shared/measurement.js';
import type { JsonObject } from '../../shared/experiment.js';
import type { CheckpointFile, CheckpointPlace } from '../checkpoints/checkpoint-file.js';
import { awakeMs } from './awake-clock.js';
import type { TrainerCommand, TrainerReport, TrainerStart } from './messages.js';
import { type TrainerChild, type TrainerChildOptions, startTrainer } from './trainer-child.js';
import { residentBytes, type TrainerLimits, watchTrainer } from './trainer-watch.js';

export interface TrainerJob {
  runId: string;
  experiment: string;
  config: JsonObject;
  /** Where its checkpoints are; it goes on from the newest that is whole. Null: none are kept. */
  checkpoints: CheckpointPlace | null;
  /** Only make the last full measurements again, from the state of its end; nothing is written. */
  measures?: boolean;
  /** Write a checkpoint after this much training; absent: only at the run's end. */
  checkpointSeconds?: number;
  /** What its frames were trained on so far; null: it has none. A trainer on another build refuses the run … */
  build?: EngineBuild | null;
  /** … unless this is set. */
  allowEngineChange?: boolean;
}

/** What is asked of a run in hand: end at the next epoch's boundary, or go on after all. */
export type TrainerControl = 'pause' | 'stop' | 'continue';

export type TrainerEvent =
  /** Comes first: the engine is ready and has been told to begin. */
  | { type: 'claimed'; engine: EngineInfo }
  /** A checkpoint cannot be used; the one before is tried. */
  | { type: 'damaged'; epoch: number; reason: string }
  /** From which checkpoint it goes on. */
  | { type: 'begun'; from: TrainerStart }
  | { type: 'started'; fingerprint: Fingerprint }
  /** Consecutive frames; `series`: all of the run's, where they have become more. */
  | ({ type: 'frames'; series?: string[] } & Omit<FrameBlock, 'runId'>)
  | { type: 'measured'; measurement: Measurement }
  /** A checkpoint is on the disk, after the frame of its epoch. */
  | { type: 'saved'; checkpoint: CheckpointFile }
  /** It could not be written, and the trainer waits to be told whether to try again. */
  | { type: 'unsaved'; error: Error; answer: (answer: 'save' | 'skip') => void }
  /**
   * Comes last. `crashed`: the child is gone, or was killed because it fell silent or held too much memory;
   * `unavailable`: its engine cannot run here; `refused`: it runs on another engine or build than the run so far.
   */
  | {
      type: 'ended';
      status: 'paused' | 'stopped' | 'completed' | 'diverged' | 'failed' | 'crashed' | 'unavailable' | 'refused';
      message?: string;
    };

export interface TrainerProcess {
  /** The engine once it is ready, or why it never will be; then completes. */
  readonly readiness$: Observable<Result<EngineInfo>>;
  /** Emits once, when the process is gone, how it went. */
  readonly exit$: Observable<string>;
  /**
   * Trains when subscribed to, as soon as the child is ready; one run at a time. Never errors. Unsubscribing before
   * `ended` ends a child that has begun.
   */
  train(job: TrainerJob, control$: Observable<TrainerControl>): Observable<TrainerEvent>;
  /** By SIGKILL: trainers ignore what else asks processes to end. Resolves when the process is gone. */
  end(): Promise<void>;
}

export interface TrainerOptions extends TrainerChildOptions, Partial<TrainerLimits> {
  /** Longest wait for `ready`, milliseconds. */
  readyTimeoutMs?: number;
}

const READY_TIMEOUT_MS = 60_000;
const SILENCE_MS = 60_000;
const TICK_MS = 1000;
/** Longest wait, after its exit, for what a child wrote before; a grandchild may hold its pipes open. */
const DRAIN_MS = 500;

/** @param child one that was started with these options before; else a new one. */
export function forkTrainer(options: TrainerOptions, child = startTrainer(options)): TrainerProcess {
  return new ForkedTrainer(child, options);
}

class ForkedTrainer implements TrainerProcess {
  readonly #child: ChildProcess;
  readonly #lastWords: () => string;
  readonly #limits: TrainerLimits;
  readonly #readiness$ = new ReplaySubject<Result<EngineInfo>>(1);
  readonly #reports$ = new Subject<TrainerReport>();
  readonly #exit$ = new ReplaySubject<string>(1);
  #isGone = false;
  /** Its engine cannot run here, as it said itself. */
  #isUnavailable = false;
  /** Why it was killed, if it was. */
  #givenUpBecause: string | undefined;

  readonly readiness$ = this.#readiness$.asObservable();
  readonly exit$ = this.#exit$.asObservable();

  constructor({ process: child, listen, lastWords }: TrainerChild, options: TrainerOptions) {
    const { readyTimeoutMs = READY_TIMEOUT_MS, silenceMs = SILENCE_MS, maxRssBytes = null } = options;
    this.#child = child;
    this.#lastWords = lastWords;
    this.#limits = { silenceMs, maxRssBytes };
    const timeout = awakeMs(Math.min(TICK_MS, readyTimeoutMs))
      .pipe(filter((lived) => lived >= readyTimeoutMs))
      .subscribe(() => {
        this.#settle(fail('unavailable', this.#explain(`the trainer was not ready within ${readyTimeoutMs / 1000} s`)));
        void this.end();
      });
    // Fails to start, or a message cannot be sent to a child that is going; its exit, if it runs, follows.
    this.#child.on('error', (error) => {
      if (this.#child.pid === undefined) this.#goneBecause(`could not be started: ${error.message}`);
    });
    const drain = (): void => {
      const gone = (): void => this.#goneBecause(howItEnded(child));
      // `close` comes when all that it wrote and sent has arrived.
      const drained = setTimeout(gone, DRAIN_MS);
      this.#child.once('close', () => {
        clearTimeout(drained);
        gone();
      });
    };
    if (child.exitCode === null && child.signalCode === null) this.#child.on('exit', drain);
    else drain();
    this.#readiness$.subscribe({ complete: () => timeout.unsubscribe() });
    listen((report) => this.#receive(report));
  }

  #receive(report: TrainerReport): void {
    if (report.type === 'ready') {
      this.#settle(ok(report.engine));
    } else if (report.type === 'unavailable') {
      this.#isUnavailable = true;
      this.#settle(fail('unavailable', report.message));
    } else {
      this.#reports$.next(report);
    }
  }

  #settle(readiness: Result<EngineInfo>): void {
    this.#readiness$.next(readiness);
    this.#readiness$.complete();
  }

  #goneBecause(how: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#settle(fail('unavailable', this.#explain(`the trainer ${how} before it was ready`)));
    this.#exit$.next(this.#explain(this.#givenUpBecause ?? `the trainer ${how}`));
    this.#exit$.complete();
    this.#reports$.complete();
  }

  #explain(what: string): string {
    const lastWords = this.#lastWords();
    return lastWords === '' ? what : `${what}; its last output: ${lastWords}`;
  }

  train(job: TrainerJob, control$: Observable<TrainerControl>): Observable<TrainerEvent> {
    const {
      runId,
      experiment,
      config,
      checkpoints,
      measures = false,
      checkpointSeconds,
      build: soFar = null,
      allowEngineChange = false,
    } = job;
    const timing = checkpointSeconds && { checkpointSeconds };
    const command = { type: 'train', runId, experiment, config, checkpoints, measures, ...timing } as const;
    return new Observable<TrainerEvent>((subscriber) => {
      let hasBegun = false;
      let hasEnded = false;
      const end = (event: TrainerEvent): void => {
        hasEnded = true;
        subscriber.next(event);
        subscriber.complete();
      };
      const begin = (engine: EngineInfo): void => {
        const present = engineBuild(engine);
        const refusal = soFar === null || allowEngineChange ? null : refusalOf(soFar, present);
        if (refusal !== null) return end({ type: 'ended', status: 'refused', message: refusal });
        hasBegun = true;
        subscriber.next({ type: 'claimed', engine });
        this.#send(command);
        subscriber.add(control$.subscribe((control) => this.#send({ type: control })));
        subscriber.add(watchTrainer(this.#reports$, this.#limits, this.#readRss).subscribe((why) => this.#giveUp(why)));
      };
      subscriber.add(
        this.#reports$
          .pipe(
            filter((report) => 'runId' in report && report.runId === runId),
            map((report) => this.#eventOf(report)),
            filter((event) => event !== null),
            takeWhile((event) => event.type !== 'ended', true),
          )
          .subscribe((event) => (event.type === 'ended' ? end(event) : subscriber.next(event))),
      );
      subscriber.add(
        this.#readiness$.subscribe((readiness) => {
          if (readiness.ok) {
            if (!this.#isGone) begin(readiness.data);
            return;
          }
          const { message } = readiness.error;
          end({ type: 'ended', status: this.#isUnavailable ? 'unavailable' : 'crashed', message });
        }),
      );
      if (!subscriber.closed) {
        subscriber.add(this.#exit$.subscribe((message) => end({ type: 'ended', status: 'crashed', message })));
      }
      subscriber.add(() => {
        if (hasBegun && !hasEnded) void this.end();
      });
    });
  }

  readonly #readRss = (): number | null => (this.#child.pid === undefined ? null : residentBytes(this.#child.pid));

  /** Its run hears of it when the process is gone. */
  #giveUp(why: string): void {
    this.#givenUpBecause = why;
    // Nothing softer reaches a trainer that hangs or is stopped.
    this.#child.kill('SIGKILL');
  }

  #eventOf(report: TrainerReport): TrainerEvent | null {
    switch (report.type) {
      case 'ready':
      case 'unavailable':
      case 'heartbeat':
        return null;
      case 'unsaved': {
        const { message, code } = report;
        const error = Object.assign(new Error(message), code !== undefined && { code });
        return { type: 'unsaved', error, answer: (answer) => this.#send({ type: answer }) };
      }
      default: {
        const { runId: _runId, ...event } = report;
        return event;
      }
    }
  }

  #send(command: TrainerCommand): void {
    // A child that is going cannot be told; its exit says the rest.
    if (this.#child.connected) this.#child.send(command, () => undefined);
  }

  async end(): Promise<void> {
    if (this.#isGone) return;
    const gone = new Promise<void>((resolve) => {
      this.#exit$.pipe(take(1)).subscribe(() => resolve());
    });
    this.#child.kill('SIGKILL');
    await gone;
  }
}

function howItEnded({ pid, exitCode, signalCode }: ChildProcess): string {
  // One that could not be started has the system's error for its exit code.
  if (pid === undefined && exitCode !== null) return `could not be started: ${getSystemErrorName(exitCode)}`;
  return signalCode === null ? `ended with exit code ${exitCode}` : `was ended by ${signalCode}`;
}

/** Null when `present` computes the same bits as far as is known. */
export function refusalOf(soFar: EngineBuild, present: EngineBuild): string | null {
  const differs = 'whose numbers differ in their last bits';
  if (soFar.engine !== present.engine)
    return `the run was trained on the engine ${soFar.engine}, and this is ${present.engine}, ${differs}; start the server with ${flagsOf(soFar.engine)}, or with --allow-engine-change`;
  if (!haveSameKernels(soFar, present))
    return `the run was trained with the kernels ${soFar.kernels}, and this version's are ${present.kernels}, ${differs}; go on with the version of before, or start the server with --allow-engine-change`;
  return null;
}

/** What brings an engine back. */
function flagsOf(engine: RunEngine): string {
  const { name, ops } = partsOf(engine);
  return `--engine ${name} --ops ${ops}`;
}
