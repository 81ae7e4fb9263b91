/** A run that another program trains, as it is after that program's word or a viewer's command. Pure. */
import { fail, ok, type Result } from '../../shared/errors.js';
import { type Description, MAX_DOCUMENT, type NewRun, type ProgramControl, type Report } from '../../shared/ingest.js';
import { type ControlValue, effectOf, type Run, type RunAction, type RunStatus, type Seam } from '../../shared/run.js';
import { type Change, PAST_TENSE } from '../runs/run-commands.js';
import { type CommandSource, withStatus } from '../runs/run-changes.js';
import type { LogRow, WriterRow } from '../store/run-store.js';

/** Optional fields are there or not; none is there and undefined. */
type Present<T> = { [Field in keyof T]: Exclude<T[Field], undefined> };

function present<T extends object>(given: T): Present<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Present<T>;
}

/** What runs of other programs have in the place of an experiment. */
export const EXTERNAL = 'external';

export function newProgramRun(id: string, request: NewRun, at: string): Run {
  const { resume: _resume, requestId: _requestId, name, notes, tags, total, config, stepName, ...told } = request;
  return {
    source: 'external',
    experiment: EXTERNAL,
    sweepId: null,
    name: name ?? id,
    notes: notes ?? '',
    tags: tags ?? [],
    config: config ?? {},
    status: 'running',
    step: 0,
    total: total ?? null,
    stepName,
    attempt: 1,
    series: [],
    engine: null,
    createdAt: at,
    startedAt: at,
    seconds: 0,
    ...present(told),
    id,
  };
}

/** The run as another writer goes on with it. */
export function resumedRun(run: Run, request: NewRun, at: string): Run {
  const { id: _id, resume: _resume, requestId: _requestId, config, ...told } = request;
  const { silentSince: _silentSince, endedAt: _endedAt, error: _error, ...rest } = withStatus(run, 'running', at);
  // What was asked was asked of the writer before.
  return { ...withoutRequests(rest), ...present(told), config: { ...run.config, ...config } };
}

export function newWriter(id: string, runId: string, tokenDigest: string): WriterRow {
  return {
    id,
    runId,
    tokenDigest,
    frames: 0,
    lines: 0,
    states: 0,
    endSeq: 0,
    countedTo: null,
    values: {},
    checkpoints: 0,
  };
}

/** Between the frames of two writers; null where the run has no frames before it. */
export function resumeSeam(run: Run, nextSeq: number, at: string): Seam | null {
  return nextSeq === 0 ? null : { seq: nextSeq, step: run.step, kind: 'resume', at };
}

/** What the run's status asks of its program. */
export function controlOf({ status, requested }: Pick<Run, 'status' | 'requested'>): ProgramControl['control'] {
  if (status === 'stopping' || status === 'stopped') return 'stop';
  return status === 'pausing' || (status === 'paused' && requested !== 'resume') ? 'pause' : 'run';
}

/** @param isLatest whether no other writer has followed the one that says it */
export function afterReport(
  run: Run,
  { status, message, at: atMs }: Report,
  isLatest: boolean,
): { run: Run; log: LogRow[] } {
  const at = new Date(atMs).toISOString();
  const row: LogRow = { runId: run.id, at, event: status === 'running' ? 'resumed' : status, by: 'program' };
  const log = [{ ...row, ...(message !== undefined && { cause: message }), details: { step: run.step } }];
  if (!isLatest) return { run, log };
  const next = statusAfter(run, status);
  if (next === null) return { run, log };
  const changed = withStatus(run, next, at);
  if (status === 'failed')
    return { run: { ...changed, error: { code: 'program_failed', message: message ?? 'the program failed' } }, log };
  // Whatever it was asked meanwhile it does next.
  const goesOn = status === 'paused' && run.status === 'running';
  return { run: goesOn ? { ...changed, requested: 'resume' } : changed, log };
}

/** Null: what was asked of it since stands, and it will obey that, too. */
function statusAfter({ status }: Run, reported: Report['status']): RunStatus | null {
  switch (reported) {
    case 'stopped':
    case 'completed':
    case 'failed':
      return reported;
    case 'paused':
      return status === 'running' || status === 'pausing' ? 'paused' : null;
    case 'running':
      return status === 'paused' ? 'running' : null;
  }
}

/** What is named is set; documents are merged by their keys. `too_large`: one has become so. */
export function described(run: Run, patch: Description): Result<Run> {
  const next: Run = { ...run };
  const { config, summary, controls, ...rest } = patch;
  for (const [field, value] of Object.entries({ config, summary, controls })) {
    if (value === undefined) continue;
    const name = field as 'config' | 'summary' | 'controls';
    const merged = { ...run[name], ...value };
    if (JSON.stringify(merged).length > MAX_DOCUMENT)
      return fail('too_large', `${name} may have at most ${MAX_DOCUMENT / 1024} kB as JSON in all`);
    Object.assign(next, { [name]: merged });
  }
  // Who takes no settings any more answers none.
  const takesNone = patch.accepts !== undefined && !patch.accepts.includes('set');
  const open = takesNone ? withoutRequests(next) : withoutRequests(next, Object.keys(controls ?? {}));
  return ok({ ...open, ...present(rest) });
}

/** As a viewer has asked its program to set a control. */
export function withRequest(run: Run, name: string, value: ControlValue): Run {
  const rest = withoutRequests(run, [name]);
  // A program that is told what stands already has nothing to answer.
  return value === run.controls?.[name]
    ? rest
    : { ...rest, requestedControls: { ...rest.requestedControls, [name]: value } };
}

/** @param answered the controls that its program has told of since, whatever it made of them; all unless given */
function withoutRequests({ requestedControls = {}, ...run }: Run, answered = Object.keys(requestedControls)): Run {
  const open = Object.entries(requestedControls).filter(([name]) => !answered.includes(name));
  return open.length === 0 ? run : { ...run, requestedControls: Object.fromEntries(open) };
}

/** As `changeOf`, of a run that another program trains: nothing is to be trained here. */
export function programChangeOf(run: Run, action: RunAction, at: string, by: CommandSource): Result<Change | null> {
  const effect = effectOf(action, run);
  const log = (event: string): LogRow[] => [{ runId: run.id, at, event, by, details: { step: run.step } }];
  switch (effect.kind) {
    case 'same':
      return ok(null);
    case 'withdraw':
      return ok({ run: withStatus(run, 'running', at), log: [], consequence: 'tell' });
    case 'request':
      return ok({ run: { ...run, requested: 'resume' }, log: log('resume-requested'), consequence: 'tell' });
    case 'to': {
      const event = effect.status === 'stopped' ? 'stopped' : `${action}-requested`;
      return ok({ run: withStatus(run, effect.status, at), log: log(event), consequence: 'tell' });
    }
    case 'new-run':
    case 'refused':
      return fail('conflict', refusal(run, action), { status: run.status });
  }
}

function refusal({ status, accepts = [] }: Run, action: RunAction): string {
  if (accepts.some((each) => each === action)) return `a run that is ${status} cannot be ${PAST_TENSE[action]}`;
  const obeyed = accepts.length === 0 ? 'it takes no commands' : `it obeys ${accepts.join(', ')}`;
  return `this run is trained by another program, which does not ${action}: ${obeyed}`;
}
