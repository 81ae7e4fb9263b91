/**
 * What commands may do to runs, written down from the table that users are given and not from the code that does it;
 * and a witness who holds every command and every change of status against it.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Result } from '../../shared/errors.js';
import type { RunControl } from '../../shared/protocol.js';
import type { Run, RunAction } from '../../shared/run.js';
import type { SweepService } from '../../server/service/sweep-service.js';

const STATUSES = ['queued', 'running', 'pausing', 'paused', 'stopping', 'stopped', 'completed', 'failed', 'diverged'];

/** `=` as it is; `-` a conflict; `+` a new run; a status: this from now on. A column for each of `STATUSES`. */
const TABLE: Record<RunAction, string> = {
  pause: '  paused  pausing   =         =       -  -        -  -       -',
  resume: ' =       =         running   queued  -  queued   -  queued  -',
  stop: '   stopped stopping  stopping  stopped =  =        -  -       -',
  restart: '-       -         -         +       -  +        +  +       +',
  extend: ' -       -         -         -       -  queued   queued  -  -',
};

/** Changes of status that nobody asks for in that moment: a trainer takes a run, or ends it. */
const SPONTANEOUS = new Set([
  ...['queued running', 'running completed', 'pausing paused', 'pausing completed'],
  ...['stopping stopped', 'stopping completed'],
  // A pause was called off when the trainer had taken it already.
  'running queued',
]);

function expectedEffect(action: RunControl['action'], status: string): string {
  // What only other programs obey is a conflict.
  if (action === 'checkpoint' || action === 'set' || action === 'measure') return '-';
  return TABLE[action].trim().split(/\s+/)[STATUSES.indexOf(status)] ?? '-';
}

export class Witness {
  /** What should not have happened, in words. */
  readonly violations: string[] = [];
  /** Cells of the table that were tried, `action status`. */
  readonly tried = new Set<string>();
  readonly #service: SweepService;
  readonly #statuses = new Map<string, string>();
  /** What request ids did, by the id of the run that was answered. */
  readonly #requests = new Map<string, string>();
  #command: RunControl | null = null;

  constructor(service: SweepService) {
    this.#service = service;
    service.committed$.subscribe((committed) => {
      if (committed.type === 'changed')
        for (const { id } of committed.runs) {
          const run = this.#service.runs.run(id);
          if (run !== undefined) this.#see(run);
        }
    });
  }

  #see({ id, status, error }: Run): void {
    const before = this.#statuses.get(id);
    this.#statuses.set(id, status);
    if (before === undefined) {
      if (status !== 'queued') this.violations.push(`a new run is ${status}`);
      return;
    }
    if (before === status || SPONTANEOUS.has(`${before} ${status}`)) return;
    if (this.#command?.runId === id && expectedEffect(this.#command.action, before) === status) return;
    const why = error === undefined ? '' : `: ${error.message}`;
    this.violations.push(`from ${before} to ${status} upon ${this.#command?.action ?? 'nothing'}${why}`);
  }

  /** Gives the command to the service and judges what it does. */
  control(request: RunControl): Result<Run> {
    const { runs } = this.#service;
    const before = runs.run(request.runId);
    const countBefore = runs.runs().length;
    this.#command = request;
    const result = this.#service.control(request);
    this.#command = null;
    if (before === undefined) return result;
    this.tried.add(`${request.action} ${before.status}`);
    const fault = this.#judge(request, before, result);
    const isNew = fault === null && result.ok && result.data.id !== before.id && !this.#isRepeated(request);
    if (fault !== null) this.violations.push(`${request.action} of a run that is ${before.status} ${fault}`);
    if (runs.runs().length !== countBefore + (isNew ? 1 : 0)) this.violations.push(`${request.action} made runs`);
    if (result.ok && request.requestId !== undefined) this.#note(request, result.data.id);
    return result;
  }

  #isRepeated({ requestId }: RunControl): boolean {
    return requestId !== undefined && this.#requests.has(requestId);
  }

  #note({ requestId, action }: RunControl, runId: string): void {
    if (requestId === undefined || (action !== 'restart' && action !== 'extend')) return;
    if (!this.#requests.has(requestId)) this.#requests.set(requestId, runId);
  }

  #judge(request: RunControl, before: Run, result: Result<Run>): string | null {
    const { action, runId, total, requestId } = request;
    const after = this.#service.runs.run(runId);
    const isUntouched = isDeepStrictEqual(after, before);
    const known = requestId !== undefined && ['restart', 'extend'].includes(action) && this.#requests.get(requestId);
    if (typeof known === 'string') {
      if (!result.ok || result.data.id !== known) return 'with a request id of before was not answered as before';
      return isUntouched ? null : 'with a request id of before changed the run';
    }
    const effect = expectedEffect(action, before.status);
    switch (effect) {
      case '-': {
        const isConflict = !result.ok && result.error.code === 'conflict';
        return isConflict && isUntouched ? null : 'was not refused, or changed the run';
      }
      case '=':
        return result.ok && isUntouched ? null : 'did not leave it as it is';
      case '+': {
        if (!result.ok) return 'was refused';
        const { id, attempt, previousRunId, status } = result.data;
        const isNext = id !== runId && attempt === before.attempt + 1 && previousRunId === runId;
        return isNext && ['queued', 'running'].includes(status) && isUntouched ? null : 'made no next attempt';
      }
      default: {
        if (action === 'extend' && before.status === 'completed' && total === before.total)
          return result.ok && isUntouched ? null : 'did not leave a total that is reached';
        if (action === 'extend' && (total === undefined || total <= before.total!))
          return !result.ok && result.error.code === 'bad_input' && isUntouched ? null : 'took a total that is reached';
        if (!result.ok || after === undefined) return 'was refused';
        if (action === 'extend' && (after.total !== total || after.config.epochs !== total)) return 'set no new total';
        // A free trainer takes the run at once.
        const isThere = after.status === effect || (effect === 'queued' && after.status === 'running');
        return isThere ? null : `made it ${after.status}`;
      }
    }
  }
}
