/**
 * The real trainer, which first leaves its process id as a file's name in the folder FAULTS_PIDS. With FAULTS_FORGET it
 * is a broken one: it drops that part of every checkpoint that it is given, as one that lacked it. With FAULTS_HOLD it
 * begins each run only when a pause has come for it, which it then takes after one epoch: however slow its parent is.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNewestCheckpoint, writeCheckpoint } from '../../server/checkpoints/checkpoint-file.js';
import { attentionConfig } from '../../shared/experiments/attention-cv/sweep.js';
import { attentionCv } from '../../server/experiments/attention-cv/trainable.js';
import { Generator } from '../../server/experiments/attention-cv/random.js';
import type { TrainerCommand } from '../../server/execution/messages.js';

type TrainCommand = Extract<TrainerCommand, { type: 'train' }>;

const { FAULTS_PIDS: pidFolder, FAULTS_FORGET: forgotten, FAULTS_HOLD: holds } = process.env;
if (pidFolder !== undefined) writeFileSync(join(pidFolder, String(process.pid)), '');

/** Writes the newest checkpoint anew, without the part that is to be forgotten. */
async function forget({ runId, config, checkpoints }: TrainCommand): Promise<void> {
  const state =
    checkpoints && (await readNewestCheckpoint(checkpoints, runId, attentionCv.stateArrays, () => undefined));
  if (checkpoints === null || state === null) return;
  const arrays = { ...state.arrays };
  if (forgotten === 'generator') arrays.generator = new Generator(attentionConfig({ config }).seed).save();
  if (forgotten === 'moments') for (const name of ['firstMoment', 'secondMoment']) arrays[name]!.fill(0);
  checkpoints.files = [await writeCheckpoint(checkpoints, runId, { ...state, arrays })];
}

const emit = process.emit.bind(process) as (...parameters: unknown[]) => boolean;
let held: (() => void) | null = null;

/** What the trainer hears of its parent, and when. */
function emitLater(...parameters: unknown[]): boolean {
  const [event, command] = parameters as [string, TrainerCommand];
  if (event !== 'message') return emit(...parameters);
  if (command.type === 'train') {
    const begin = (): void => void emit(...parameters);
    if (holds !== undefined) held = begin;
    else if (forgotten !== undefined) void forget(command).then(begin);
    else begin();
    return true;
  }
  if (command.type === 'pause') {
    held?.();
    held = null;
  }
  return emit(...parameters);
}

Object.assign(process, { emit: emitLater });
await import('../../server/execution/trainer-main.js');
