/** What can be done to a run by hand, in the order in which it is offered. */
import { changes, type RunAction, type RunStatus } from '../../shared/run.js';
import type { Question } from '../ui/confirm-popover.js';

const ACTIONS: readonly { action: RunAction; title: string }[] = [
  { action: 'pause', title: 'pause: frees its slot, resume goes on from there' },
  { action: 'resume', title: 'resume: go on from where it is' },
  { action: 'stop', title: 'stop: end the run here; what was trained stays' },
  { action: 'restart', title: 'restart as a new run …' },
  { action: 'extend', title: 'extend to more epochs …' },
];

/** Whose button stays one when a press turns it into the other: the keyboard may stay on it. */
export function buttonKey(action: RunAction): string {
  return action === 'resume' ? 'pause' : action;
}

/** What is asked before another run of the same config begins. */
export function restartQuestion(name: string, restart: () => void): Question {
  return {
    title: `Restart ${name}?`,
    text: 'A new run of the same config begins at epoch 0. This one stays as it is.',
    yes: 'Restart',
    act: restart,
  };
}

/** Beside these a row offers everything else in its menu. */
export const IN_ROW = 2;

/** Those that would change something. A run that was trained again is the past: only its successor is offered any. */
export function offeredActions(status: RunStatus, replaced: boolean): readonly { action: RunAction; title: string }[] {
  if (replaced) return [];
  return ACTIONS.filter(({ action }) => changes(action, status));
}
