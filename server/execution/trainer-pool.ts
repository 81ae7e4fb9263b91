/** The trainer processes of a server: warm before they are needed, used again for the next run, ended when idle. */
import { defer, finalize, of, tap } from 'rxjs';
import type { EngineInfo } from '../../shared/engine.js';
import type { Executor } from './executor.js';
import { forkTrainer, type TrainerOptions, type TrainerProcess } from './trainer-process.js';

export interface TrainerPoolOptions extends TrainerOptions {
  slots: number;
  /** Those that were started before, with the same options. */
  trainers?: readonly TrainerProcess[];
  /** How long a free trainer is kept, milliseconds. */
  idleMs?: number;
  fork?: (options: TrainerOptions) => TrainerProcess;
}

const IDLE_MS = 30_000;

interface Member {
  trainer: TrainerProcess;
  isReady: boolean;
  isBusy: boolean;
  /** On its way out: it takes no run any more. */
  isLeaving: boolean;
  idleTimer?: NodeJS.Timeout;
}

export function createTrainerPool(options: TrainerPoolOptions): Executor {
  const { slots, trainers = [], idleMs = IDLE_MS, fork = forkTrainer, ...trainerOptions } = options;
  const members = new Set<Member>();
  let engine: EngineInfo | null = null;
  let isClosed = false;

  const add = (trainer = fork(trainerOptions)): Member => {
    const member: Member = { trainer, isReady: false, isBusy: false, isLeaving: false };
    members.add(member);
    trainer.readiness$.subscribe((readiness) => {
      if (!readiness.ok) {
        member.isLeaving = true;
        return;
      }
      member.isReady = true;
      engine = readiness.data;
    });
    trainer.exit$.subscribe(() => {
      clearTimeout(member.idleTimer);
      members.delete(member);
    });
    return member;
  };

  const rest = (member: Member): void => {
    member.isBusy = false;
    clearTimeout(member.idleTimer);
    if (member.isLeaving) return;
    member.idleTimer = setTimeout(() => {
      member.isLeaving = true;
      void member.trainer.end();
    }, idleMs);
    // A free trainer must not keep a process alive that has nothing else to do.
    member.idleTimer.unref();
  };

  const free = (): Member[] => [...members].filter((member) => !member.isBusy && !member.isLeaving);

  for (const trainer of trainers) rest(add(trainer));

  return {
    capacity$: of(slots),

    engine: () => engine,

    warm(count) {
      if (isClosed) return;
      const wanted = Math.min(count, slots - [...members].filter((member) => member.isBusy).length);
      while (free().length < wanted) rest(add());
    },

    train(job, control$) {
      return defer(() => {
        const candidates = free();
        const member = candidates.find((one) => one.isReady) ?? candidates[0] ?? add();
        member.isBusy = true;
        clearTimeout(member.idleTimer);
        let hasBegun = false;
        let hasEnded = false;
        return member.trainer.train(job, control$).pipe(
          tap((event) => {
            hasBegun = true;
            if (event.type !== 'ended') return;
            hasEnded = true;
            member.isLeaving = event.status === 'crashed' || event.status === 'unavailable';
            // Before the stream completes, so that the run that takes the slot then finds this trainer free.
            rest(member);
          }),
          finalize(() => {
            if (hasEnded) return;
            // Left in the middle of a run, a trainer ends itself; left before it began, it is as good as new.
            member.isLeaving = hasBegun;
            rest(member);
          }),
        );
      });
    },

    async close() {
      isClosed = true;
      await Promise.all([...members].map((member) => member.trainer.end()));
    },
  };
}
