/**
 * What this viewer tells runs and sweeps to do: what a button offers, what is asked first, each command from there to its
 * answer, and what is still unanswered.
 */
import type { SweepRequest } from '../../shared/experiment.js';
import type { Result } from '../../shared/errors.js';
import type { RunControl, SweepEstimate } from '../../shared/protocol.js';
import {
  changes,
  type Commanded,
  type ControlValue,
  type Run,
  type RunAction,
  type SweepAction,
} from '../../shared/run.js';
import * as server from '../data/commands.js';
import { experimentOf } from '../experiments/experiments.js';
import { PendingCommands } from '../data/pending-commands.js';
import { type RunList, runsOfSweep } from '../data/run-list.js';
import type { PageSocket } from '../data/socket.js';
import type { Toasts } from '../data/toasts.js';
import type { Question } from '../ui/confirm-popover.js';
import type { Dialogs } from './dialogs.js';
import type { RunLine } from './run-lines.js';
import { programTitle, silentWords, stopSilentText } from './program-words.js';
import { fullLabel } from './run-words.js';

export type ProgramWish = { action: 'checkpoint' } | { action: 'set'; name: string; value: ControlValue };

/** Names beyond these are counted. */
const NAMED = 4;
const ID_BYTES = 16;

/** What can be done to a run by hand, in the order in which it is offered. */
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
  { commands, dialogs }: { commands: RunCommands; dialogs: Dialogs },
  line: RunLine,
  action: RunAction,
  { name, anchor, done }: { name: { full: string; short: string }; anchor?: HTMLElement | undefined; done: () => void },
): void {
  const { id } = line.run;
  if (action === 'extend') return dialogs.show('extend', { line, done });
  const tell = (): void => void commands.control(id, action, name.short);
  const question =
    action === 'restart'
      ? restartQuestion(name.full, tell)
      : action === 'stop' && silentWords(line.run) !== ''
        ? { title: `Stop ${name.full}?`, text: stopSilentText(line.run), yes: 'Stop', act: tell }
        : undefined;
  if (question === undefined) tell();
  else dialogs.show('question', { question, runId: id, anchor });
}

/** Beside these a row offers everything else in its menu. */
export const IN_ROW = 2;

/** Those that would change something. A run that was trained again is the past: only its successor is offered any. */
export function offeredActions(run: Commanded, replaced: boolean): readonly { action: RunAction; title: string }[] {
  if (replaced) return [];
  const offered = ACTIONS.filter(({ action }) => changes(action, run));
  return run.source === 'local' ? offered : offered.map(({ action }) => ({ action, title: programTitle(action, run) }));
}

/** Whether its last full measurement can be made again, and would then tell more. */
export function canMeasureMore(run: Run): boolean {
  const { source, status, measuring } = run;
  return (
    source === 'local' && status === 'completed' && measuring === undefined && experimentOf(run).canMeasureMore(run)
  );
}

export class RunCommands {
  readonly pending: PendingCommands;
  readonly #socket: PageSocket;
  readonly #runList: RunList;
  readonly #notices: Toasts;
  readonly #requestIds = new RequestIds();

  /** @param notices where a refusal is shown that nobody waits for */
  constructor(socket: PageSocket, runList: RunList, notices: Toasts) {
    this.#socket = socket;
    this.#runList = runList;
    this.#notices = notices;
    this.pending = new PendingCommands(runList);
  }

  async control(runId: string, action: Exclude<RunAction, 'extend'>, label: string): Promise<void> {
    const answer =
      action === 'restart'
        ? await this.#once(`restart ${runId}`, (requestId) => this.#control({ runId, action, requestId }))
        : await this.#control({ runId, action });
    if (!answer.ok) this.#notices.add(`${action} ${label}`, answer.error.message);
  }

  /** Asks a run's program for something that leaves its status as it is; a refusal is the caller's to show. */
  ask(runId: string, wish: ProgramWish): Promise<Result<Run>> {
    return this.#control({ runId, ...wish });
  }

  /** Trains a run on; a refusal is the caller's to show. @param total the steps to train in all */
  extend(runId: string, total: number): Promise<Result<Run>> {
    return this.#once(`extend ${runId} ${total}`, (requestId) =>
      this.#control({ runId, action: 'extend', total, requestId }),
    );
  }

  /** The action on those of these runs that it would change; those that are refused are named with the reason. */
  async controlRuns(lines: readonly RunLine[], action: SweepAction): Promise<void> {
    await this.#tellAll(
      lines.filter(({ run }) => changes(action, run)),
      action,
    );
  }

  /** Has the last full measurements of those be made again that would then tell more. */
  async measureAgain(lines: readonly RunLine[]): Promise<void> {
    await this.#tellAll(
      lines.filter(({ run }) => canMeasureMore(run)),
      'measure',
    );
  }

  async #tellAll(changing: readonly RunLine[], action: SweepAction | 'measure'): Promise<void> {
    const answers = await Promise.all(changing.map(({ run }) => this.#control({ runId: run.id, action })));
    const refused = changing.flatMap((line, index) => {
      const answer = answers[index]!;
      return answer.ok ? [] : [{ name: fullLabel(line.label), reason: answer.error.message }];
    });
    if (refused.length === 0) return;
    const what = changing.length === 1 ? refused[0]!.name : `${refused.length} of ${changing.length} runs`;
    this.#notices.add(`${action} ${what}`, refusals(refused));
  }

  /** The action on every run of a sweep that it would change. */
  async controlSweep(sweepId: string, action: SweepAction): Promise<void> {
    const state = this.#runList.state.value;
    const changing = runsOfSweep(state, sweepId).filter((run) => changes(action, run));
    const ids = changing.map(({ id }) => id);
    this.pending.begin(ids, action);
    const answer = await server.controlSweep(sweepId, action);
    if (answer.ok) return;
    this.pending.end(ids);
    this.#notices.add(`${action} ${state.sweeps.get(sweepId)?.name ?? 'all'}`, answer.error.message);
  }

  /** Creates a sweep; a refusal is the caller's to show. */
  createSweep(spec: SweepRequest): Promise<Result<{ id: string }>> {
    return this.#once(`sweep ${JSON.stringify(spec)}`, (requestId) =>
      server.createSweep(this.#socket, { ...spec, requestId }),
    );
  }

  /** What a sweep would take; undefined if the server does not say. */
  async estimateSweep(spec: SweepRequest): Promise<SweepEstimate | undefined> {
    const answer = await server.estimateSweep(this.#socket, spec);
    return answer.ok ? answer.data : undefined;
  }

  /** Changes what is noted of a run, for everybody; a refusal is the caller's to show. */
  patchRun(runId: string, patch: server.RunPatch): Promise<Result<Run>> {
    return server.patchRun(runId, patch);
  }

  /** Deletes a run or a sweep for everybody; a refusal is the caller's to show. */
  deleteForGood(what: 'runs' | 'sweeps', id: string): Promise<Result<null>> {
    return server.deleteForGood(what, id);
  }

  /** Sends a command that must have one effect however often it is repeated for want of an answer. */
  async #once<T>(wish: string, send: (requestId: string) => Promise<Result<T>>): Promise<Result<T>> {
    const answer = await send(this.#requestIds.of(wish));
    this.#requestIds.answered(wish, answer);
    return answer;
  }

  async #control(control: RunControl): Promise<Result<Run>> {
    const { runId, action } = control;
    // Nothing of how the run stands changes before its program says so.
    if (action === 'checkpoint' || action === 'set' || action === 'measure')
      return server.controlRun(this.#socket, control);
    this.pending.begin([runId], action);
    const answer = await server.controlRun(this.#socket, control);
    if (answer.ok) this.pending.accepted(runId, answer.data);
    else this.pending.end([runId]);
    return answer;
  }
}

/** One that nobody else makes; also where the page comes by plain http, and `crypto.randomUUID` is missing. */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(ID_BYTES))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

/** Ids under which a command has one effect: the same one again until it is known what became of the first. */
export class RequestIds {
  readonly #open = new Map<string, string>();
  readonly #make: () => string;

  constructor(make: () => string = randomId) {
    this.#make = make;
  }

  /** @param wish what is to happen, in any words that differ for different wishes */
  of(wish: string): string {
    const id = this.#open.get(wish) ?? this.#make();
    this.#open.set(wish, id);
    return id;
  }

  /** Whoever wishes the same after a definite answer wishes it anew. */
  answered(wish: string, answer: Result<unknown>): void {
    if (answer.ok || answer.error.code !== 'unavailable') this.#open.delete(wish);
  }
}

/**
 * Why some of several runs did not do as they were told: each reason once, with the runs that it holds for, as
 * `64 × 2, 64 × 4: a run that is completed cannot be told to stop; …`
 */
export function refusals(refused: readonly { name: string; reason: string }[]): string {
  return [...new Set(refused.map(({ reason }) => reason))]
    .map((reason) => {
      const some = refused.filter((each) => each.reason === reason);
      const more = some.length > NAMED + 1 ? ` and ${some.length - NAMED} more` : '';
      const names = some.slice(0, more === '' ? some.length : NAMED).map(({ name }) => name);
      return `${names.join(', ')}${more}: ${reason}`;
    })
    .join('; ');
}
