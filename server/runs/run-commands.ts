/** What a command makes of a run: the run as it is then, its log row, and what training has to hear of it. Pure. */
import { fail, ok, type Result } from '../../shared/errors.js';
import { effectOf, type Run, type RunAction, type RunStatus } from '../../shared/run.js';
import { experimentOf, hasExperiment } from '../experiments/registry.js';
import type { LogRow } from '../store/run-store.js';
import { restarted } from './new-runs.js';
import { type CommandSource, withStatus } from './run-changes.js';

/**
 * - `tell`: another program trains it and asks what it is to do
 * - `enqueue`: waits for its first turn; `requeue`: goes on, first in the queue; `remove`: waits no more
 * - `pause`, `stop`, `continue`: for the trainer that holds it
 */
export type Consequence = 'tell' | 'enqueue' | 'requeue' | 'remove' | 'pause' | 'stop' | 'continue';

export interface Change {
  /** For `restart` the new run. */
  run: Run;
  log: LogRow[];
  consequence: Consequence;
}

export const PAST_TENSE: Record<RunAction, string> = {
  pause: 'paused',
  resume: 'resumed',
  stop: 'stopped',
  restart: 'restarted',
  extend: 'extended',
};

/** Of a run that trains here. Null: the target is reached or under way, and nothing changes. `conflict` and `bad_input` leave the run as it is. */
export function changeOf(
  run: Run,
  action: RunAction,
  total: number | undefined,
  at: string,
  by: CommandSource = 'command-line',
): Result<Change | null> {
  if (action !== 'pause' && action !== 'stop' && !hasExperiment(run))
    return fail('conflict', `this program has no experiment ${run.experiment}`, { status: run.status });
  const effect = effectOf(action, run);
  switch (effect.kind) {
    case 'same':
      return ok(null);
    // Only programs are asked.
    case 'request':
    case 'refused':
      return fail('conflict', `a run that is ${run.status} cannot be ${PAST_TENSE[action]}`, { status: run.status });
    case 'withdraw':
      return ok({ run: withStatus(run, 'running', at), log: [], consequence: 'continue' });
    case 'new-run': {
      const next = restarted(experimentOf(run), run, at);
      const log = { runId: next.id, at, event: 'created', by, cause: `restart of ${run.id}` };
      return ok({ run: next, log: [log], consequence: 'enqueue' });
    }
    case 'to':
      return action === 'extend'
        ? extended(run, total, at, by)
        : ok({
            run: withStatus(run, effect.status, at),
            log: isReached(effect.status) ? [logRow(run, PAST_TENSE[action], at, by)] : [],
            consequence: consequenceOf(effect.status),
          });
  }
}

function extended(run: Run, total: number | undefined, at: string, by: CommandSource): Result<Change | null> {
  const { status, total: present } = run;
  const experiment = experimentOf(run);
  if (present === null) return fail('conflict', 'a run whose total is not known cannot be extended', { status });
  if (status === 'completed' && total === present) return ok(null);
  if (total === undefined || !Number.isSafeInteger(total) || total <= present || total > experiment.maxTotal) {
    const message = `total must be a whole number above the present one, ${present}, and at most ${experiment.maxTotal}`;
    return fail('bad_input', message);
  }
  const longer = { ...withStatus(run, 'queued', at), total, config: experiment.withTotal(run.config, total) };
  const log = { ...logRow(run, 'extended', at, by), details: { from: present, to: total } };
  return ok({ run: longer, log: [log], consequence: 'requeue' });
}

/** A pause or stop is logged when the trainer has done it, not when it is asked to. */
function isReached(status: RunStatus): boolean {
  return status !== 'pausing' && status !== 'stopping';
}

function logRow(run: Run, event: string, at: string, by: CommandSource): LogRow {
  return { runId: run.id, at, event, by, details: { epoch: run.step } };
}

function consequenceOf(status: RunStatus): Consequence {
  switch (status) {
    case 'queued':
      return 'requeue';
    case 'pausing':
      return 'pause';
    case 'stopping':
      return 'stop';
    default:
      return 'remove';
  }
}
