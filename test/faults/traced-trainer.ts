/**
 * The real trainer, which first leaves its process id as a file's name in the folder FAULTS_PIDS. With FAULTS_FORGET it
 * is a broken one: it drops that part of every state it is given, as a checkpoint that lacked it would. With FAULTS_HOLD it begins each leg
 * only when a pause has come for it, which it then takes after one epoch: however slow its parent is.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Generator } from '../../server/experiment/random.js';
import type { TrainerCommand } from '../../server/engine/messages.js';

const { FAULTS_PIDS: pidFolder, FAULTS_FORGET: forgotten, FAULTS_HOLD: holds } = process.env;
if (pidFolder !== undefined) writeFileSync(join(pidFolder, String(process.pid)), '');

process.on('message', (command: TrainerCommand) => {
  if (command.type !== 'train' || command.state === null) return;
  if (forgotten === 'generator') command.state.generator = new Generator(command.config.seed).save();
  if (forgotten === 'moments') {
    command.state.firstMoment.fill(0);
    command.state.secondMoment.fill(0);
  }
});

if (holds !== undefined) {
  const emit = process.emit.bind(process) as (...parameters: unknown[]) => boolean;
  let held: unknown[] | null = null;
  const emitHeld = (...parameters: unknown[]): boolean => {
    const [event, command] = parameters as [string, TrainerCommand];
    if (event === 'message' && command.type === 'train') {
      held = parameters;
      return true;
    }
    if (event === 'message' && command.type === 'pause' && held !== null) {
      emit(...held);
      held = null;
    }
    return emit(...parameters);
  };
  Object.assign(process, { emit: emitHeld });
}

// Listens after the listener above, which it finds having changed the command.
await import('../../server/engine/trainer-main.js');
