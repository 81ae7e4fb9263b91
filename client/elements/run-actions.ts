/** What can be done to a run by hand, in the order in which it is offered. */
import { changes, type RunAction, type RunStatus } from '../../shared/run.js';

const ACTIONS: readonly { action: RunAction; title: string }[] = [
  { action: 'pause', title: 'pause' },
  { action: 'resume', title: 'resume' },
  { action: 'stop', title: 'stop' },
  { action: 'restart', title: 'restart as a new run' },
  { action: 'extend', title: 'train on …' },
];

/** Beside these a row offers everything else in its menu. */
export const IN_ROW = 2;

/** Those that would change something. A run that was trained again is the past: only its successor is offered any. */
export function offeredActions(status: RunStatus, replaced: boolean): readonly { action: RunAction; title: string }[] {
  if (replaced) return [];
  return ACTIONS.filter(({ action }) => changes(action, status));
}
