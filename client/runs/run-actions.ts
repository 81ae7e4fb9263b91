/** What can be done to a run by hand, in the order in which it is offered. */
import { changes, type Commanded, type RunAction } from '../../shared/run.js';
import type { Question } from '../ui/confirm-popover.js';
import type { Observatory } from './observatory.js';
import type { RunLine } from './run-lines.js';
import { fullLabel } from './run-words.js';

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
function restartQuestion(name: string, restart: () => void): Question {
  return {
    title: `Restart ${name}?`,
    text: 'A new run of the same config begins at epoch 0. This one stays as it is.',
    yes: 'Restart',
    act: restart,
  };
}

/** What a run is called where its neighbours are listed, too. */
export function namesOf({ label }: RunLine): { full: string; short: string } {
  return { full: fullLabel(label), short: label.main };
}

/**
 * Tells a run to do something, asking first what has to be asked.
 * @param name what the run is called there. @param anchor beside which it is asked; the run's row while there is none
 * @param done where the keyboard goes when what was pressed is gone
 */
export function controlRun(
  { commands, dialogs }: Observatory,
  line: RunLine,
  action: RunAction,
  { name, anchor, done }: { name: { full: string; short: string }; anchor?: HTMLElement | undefined; done: () => void },
): void {
  const { id } = line.run;
  if (action === 'extend') return dialogs.show('extend', { line, done });
  const tell = (): void => void commands.control(id, action, name.short);
  if (action === 'restart') dialogs.show('question', { question: restartQuestion(name.full, tell), runId: id, anchor });
  else tell();
}

/** Beside these a row offers everything else in its menu. */
export const IN_ROW = 2;

/** Those that would change something. A run that was trained again is the past: only its successor is offered any. */
export function offeredActions(run: Commanded, replaced: boolean): readonly { action: RunAction; title: string }[] {
  if (replaced) return [];
  return ACTIONS.filter(({ action }) => changes(action, run));
}
