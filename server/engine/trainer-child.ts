/**
 * Starts the child process of a trainer. Apart from `trainer-process.ts`, which takes longer to load than this: a
 * command can start trainers first and load the rest while they load their engine.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineName, OpsName } from '../../shared/measurement.js';
import { PARENT_VARIABLE } from './messages.js';

/** The module that a trainer runs. */
export const TRAINER_PATH = fileURLToPath(new URL('./trainer-main.js', import.meta.url));

export interface TrainerChildOptions {
  /** The child's module. */
  trainerPath: string;
  engine: EngineName | 'auto';
  ops?: OpsName | 'auto';
}

/** What it sends is kept until somebody listens; its exit is not: see `exitCode` and `signalCode`. */
export function startTrainer({ trainerPath, engine, ops = 'auto' }: TrainerChildOptions): ChildProcess {
  const child = fork(trainerPath, [engine, ops], {
    env: { ...process.env, [PARENT_VARIABLE]: String(process.pid) },
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  // Not to be thrown where nobody listens yet; a child that could not be started has no pid.
  child.on('error', () => undefined);
  return child;
}
