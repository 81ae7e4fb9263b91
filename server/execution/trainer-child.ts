/**
 * Starts the child process of a trainer. Apart from `trainer-process.ts`, which takes longer to load than this: a
 * command can start trainers first and load the rest while they load their engine.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineChoice, OpsChoice } from '../../shared/engine.js';
import { PARENT_VARIABLE, type TrainerReport } from './messages.js';

/** The module that a trainer runs. */
export const TRAINER_PATH = fileURLToPath(new URL('./trainer-main.js', import.meta.url));

export interface TrainerChildOptions {
  /** The child's module. */
  trainerPath: string;
  engine: EngineChoice;
  ops?: OpsChoice;
}

export interface TrainerChild {
  readonly process: ChildProcess;
  /** Hears what it reported so far, then what it reports from now on. To be called once. */
  readonly listen: (listener: (report: TrainerReport) => void) => void;
  /** The end of what it has written to stdout and stderr. */
  readonly lastWords: () => string;
}

const LAST_CHARACTERS = 2000;

/** `count` of them, for commands. */
export function startTrainers(count: number, options: Omit<TrainerChildOptions, 'trainerPath'>): TrainerChild[] {
  return Array.from({ length: count }, () => startTrainer({ trainerPath: TRAINER_PATH, ...options }));
}

/** Loses nothing that it says before somebody listens; its exit is then told by `exitCode` and `signalCode`. */
export function startTrainer({ trainerPath, engine, ops = 'auto' }: TrainerChildOptions): TrainerChild {
  const child = fork(trainerPath, [engine, ops], {
    env: { ...process.env, [PARENT_VARIABLE]: String(process.pid) },
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  // Not to be thrown where nobody listens yet; a child that could not be started has no pid.
  child.on('error', () => undefined);
  // Node keeps messages until somebody listens, but loses them where the child ends before.
  const buffered: TrainerReport[] = [];
  let receive = (report: TrainerReport): void => void buffered.push(report);
  child.on('message', (report) => receive(report as TrainerReport));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (output = (output + chunk).slice(-LAST_CHARACTERS)));
  }
  return {
    process: child,
    listen: (listener) => {
      receive = listener;
      buffered.splice(0).forEach(listener);
    },
    lastWords: () => output.trim(),
  };
}
