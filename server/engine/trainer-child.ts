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

/** What TensorFlow reads when it is loaded. */
const TENSORFLOW_SETTINGS = {
  // One thread each: there are as many trainers as the cores should carry.
  TF_NUM_INTRAOP_THREADS: '1',
  OMP_NUM_THREADS: '1',
  // On a GPU: the same bits every time, whole float32 products, and memory left for the other trainers.
  TF_DETERMINISTIC_OPS: '1',
  NVIDIA_TF32_OVERRIDE: '0',
  TF_FORCE_GPU_ALLOW_GROWTH: 'true',
};

/** What it sends is kept until somebody listens; its exit is not: see `exitCode` and `signalCode`. */
export function startTrainer({ trainerPath, engine, ops = 'auto' }: TrainerChildOptions): ChildProcess {
  const child = fork(trainerPath, [engine, ops], {
    env: { ...process.env, ...TENSORFLOW_SETTINGS, [PARENT_VARIABLE]: String(process.pid) },
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  // Not to be thrown where nobody listens yet; a child that could not be started has no pid.
  child.on('error', () => undefined);
  return child;
}
