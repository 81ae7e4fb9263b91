/**
 * Runs that other programs train: they are opened, written and ended here by their programs, and steered by viewers.
 * What a program sends is acknowledged once it is stored, and stored once however often it comes.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { filter, first, interval, merge, Subject, type Subscription, timer } from 'rxjs';
import { fail, type Failure, ok, type Result } from '../../shared/errors.js';
import {
  type Description,
  MAX_SERIES,
  type NewRun,
  type OpenedRun,
  type ProgramControl,
  type Received,
  type Report,
  type SentFrame,
  type SentOutput,
} from '../../shared/ingest.js';
import type { RunControl } from '../../shared/requests.js';
import { hasEnded, type Run } from '../../shared/run.js';
import type { Principal, Writer } from '../access/principal.js';
import { newId } from '../runs/new-runs.js';
import type { CommandSource } from '../runs/run-changes.js';
import type { RunStream } from '../runs/run-stream.js';
import type { StorageHealth } from '../runs/storage-health.js';
import { requestsOf, type StoreCommands } from '../service/store-commands.js';
import { noSuchRun } from '../store/not-found.js';
import type { LogRow, RunStore, WriterRow } from '../store/run-store.js';
import {
  afterReport,
  controlOf,
  described,
  newProgramRun,
  newWriter,
  resumedRun,
  withRequest,
  resumeSeam,
} from './program-changes.js';
import { countedTo, StepRate, taken } from './program-frames.js';

export interface ExternalRunsParts {
  store: RunStore;
  stream: RunStream;
  health: StorageHealth;
  commands: StoreCommands;
  /** Why one more run cannot be kept; null if it can. */
  excess: () => Failure | null;
  now: () => Date;
  /** A program that says nothing for so long is told of as silent. */
  silentMs?: number;
}

const SILENT_MS = 30_000;

/** A run with the writer that speaks of it. */
interface Spoken {
  run: Run;
  writer: WriterRow;
}

export class ExternalRuns {
  readonly #parts: ExternalRunsParts;
  readonly #silentMs: number;
  readonly #silence: Subscription;
  /** As they stand with what is staged; the store lags behind by a tick. */
  readonly #writers = new Map<string, WriterRow>();
  /** The writer that was begun last, by run. */
  readonly #latest = new Map<string, string>();
  /** When a run's program was heard last, in ms. */
  readonly #heard = new Map<string, number>();
  /** How many wait for what is asked of a run's program. */
  readonly #waiting = new Map<string, number>();
  readonly #versions = new Map<string, number>();
  readonly #rates = new Map<string, StepRate>();
  readonly #asked$ = new Subject<string>();
  readonly #closed$ = new Subject<void>();
  /** What was asked before this server began is older than all that is asked from now on. */
  readonly #startMs: number;

  constructor(parts: ExternalRunsParts, active: readonly Run[]) {
    this.#parts = parts;
    this.#silentMs = parts.silentMs ?? SILENT_MS;
    this.#startMs = parts.now().getTime();
    // A program has as long to be heard by a new server as by any.
    for (const { id, source, status } of active)
      if (source === 'external' && !hasEnded({ status })) this.#heard.set(id, this.#startMs);
    this.#silence = interval(this.#silentMs / 6).subscribe(() => this.#noteSilence());
  }

  /** Whose ingest token this is; null: it is none. `unauthorized`: it is nobody's, or not any more. */
  principal(secret: string): Result<Principal> | null {
    const id = INGEST_TOKEN.exec(secret)?.[1];
    if (id === undefined) return null;
    const row = this.#writer(id);
    const isRight =
      row !== undefined && timingSafeEqual(Buffer.from(digestOf(secret), 'hex'), Buffer.from(row.tokenDigest, 'hex'));
    if (!isRight)
      return fail('unauthorized', 'this ingest token is not valid: its run was deleted, or its program opened it anew');
    return ok({ role: 'program', name: null, digest: row.tokenDigest, writer: { id, runId: row.runId } });
  }

  /** `conflict`: there is such a run; `not_found`: there is none that could be resumed; `unavailable`. */
  open(request: NewRun, by: CommandSource): Result<OpenedRun> {
    const { commands, stream, now } = this.#parts;
    const { requestId, resume } = request;
    return commands.once(requestId, 'writer', {
      again: ({ writerId }) => this.#reopen(writerId),
      first: () => {
        const id = request.id ?? newId();
        const present = stream.run(id);
        if (present === undefined && resume === 'must') return noSuchRun(id);
        if (present !== undefined) {
          if (resume === 'never')
            return fail(
              'conflict',
              `there is a run ${id} already: choose another id, or resume it with resume "allow"`,
            );
          if (present.source === 'local')
            return fail('conflict', `the run ${id} is trained by the server and cannot be resumed by a program`);
        }
        const excess = present === undefined ? this.#parts.excess() : null;
        if (excess !== null) return excess;
        const at = now().toISOString();
        const run = present === undefined ? newProgramRun(id, request, at) : resumedRun(present, request, at);
        const { writer, ingestToken } = madeWriter(run.id);
        const log: LogRow = { runId: id, at, event: present === undefined ? 'created' : 'resumed', by };
        const requests = requestsOf(requestId, { kind: 'writer', writerId: writer.id });
        return commands.commit({ runs: [run], writers: [writer], log: [log], requests }, () => {
          this.#writers.set(writer.id, writer);
          this.#latest.set(id, writer.id);
          this.#rates.delete(id);
          this.#hear(id);
          return { id, writer: writer.id, ingestToken, nextSeq: 0 };
        });
      },
    });
  }

  /** The same writer with another token: the one before may never have come to its program. */
  #reopen(writerId: string): Result<OpenedRun> {
    const writer = this.#writer(writerId);
    if (writer === undefined) return fail('not_found', 'the run that this request made was deleted');
    const { ingestToken, tokenDigest } = madeToken(writerId);
    const next = { ...writer, tokenDigest };
    return this.#parts.commands.commit({ writers: [next] }, () => {
      this.#writers.set(writerId, next);
      this.#hear(writer.runId);
      const { runId: id, frames: nextSeq, position } = writer;
      return { id, writer: writerId, ingestToken, nextSeq, ...(position !== undefined && { position }) };
    });
  }

  /** `bad_input`; `conflict` with `nextSeq` where frames before these are missing; `unavailable`. */
  frames(from: Writer, sent: readonly SentFrame[]): Promise<Result<Received>> {
    return this.#receive(from, 'frames', sent[0]?.seq ?? 0, sent, ({ run, writer }, fresh) => {
      const { stream, now } = this.#parts;
      const nextSeq = stream.nextSeq(run.id);
      const seam = writer.endSeq === nextSeq ? null : resumeSeam(run, nextSeq, now().toISOString());
      const begun = seam === null ? run : { ...run, seams: [...(run.seams ?? []), seam] };
      const after = taken(begun, writer, fresh, nextSeq);
      if (after.run.series.length > MAX_SERIES) return fail('bad_input', `a run may have at most ${MAX_SERIES} series`);
      this.#stage({ run: this.#timed(after.run), writer: after.writer }, { frames: [after.block] });
      return ok(null);
    });
  }

  #timed(run: Run): Run {
    if (run.total === null) return run;
    const rate = this.#rates.get(run.id) ?? new StepRate();
    this.#rates.set(run.id, rate);
    rate.add(run.step, run.seconds);
    const etaSeconds = rate.secondsTo(run.total);
    const { etaSeconds: _before, ...rest } = run;
    return etaSeconds === undefined || hasEnded(run) ? rest : { ...rest, etaSeconds };
  }

  /** As `frames`, of what the program printed. */
  output(from: Writer, { seq, lines }: SentOutput): Promise<Result<Received>> {
    return this.#receive(from, 'lines', seq, lines, ({ run, writer }, fresh) => {
      const stored = fresh.map(({ text, stream, at }) => ({
        ...{ text, stream },
        ...(at !== null && { at: new Date(at).toISOString() }),
      }));
      const output = { runId: run.id, from: this.#parts.stream.nextLine(run.id), lines: stored };
      this.#stage({ run, writer: { ...writer, lines: writer.lines + fresh.length } }, { output: [output] });
      return ok(null);
    });
  }

  /** As `frames`, of how the program stands. */
  report(from: Writer, report: Report): Promise<Result<Received>> {
    return this.#receive(from, 'states', report.seq, [report], ({ run, writer }) => {
      const isLatest = this.#latestOf(run.id) === writer.id;
      // What was trained up to a pause counts, and the time from there on does not.
      const counted = countedTo(run, writer, report.at);
      const timed = report.status === 'running' ? run : { ...run, seconds: counted.seconds };
      const { run: next, log } = afterReport(timed, report, isLatest);
      const until = report.status === 'running' ? report.at : null;
      this.#stage({ run: next, writer: { ...writer, states: writer.states + 1, countedTo: until } }, { log });
      if (controlOf(next) !== controlOf(run)) this.tell(run.id);
      return ok(null);
    });
  }

  /** The one way in which what programs send is taken: what is new of it, once, and acknowledged when it is stored. */
  async #receive<T>(
    from: Writer,
    kind: 'frames' | 'lines' | 'states',
    seq: number,
    sent: readonly T[],
    take: (spoken: Spoken, fresh: readonly T[]) => Result<null>,
  ): Promise<Result<Received>> {
    const { stream, health, commands } = this.#parts;
    const spoken = this.#spoken(from);
    if (!spoken.ok) return spoken;
    if (commands.isClosing) return fail('unavailable', 'the server is closing');
    // What cannot be stored would only wait in memory; its program keeps it.
    if (health.notice !== null) return fail('unavailable', `nothing was stored: ${health.notice.message}`);
    const nextSeq = spoken.data.writer[kind];
    if (seq > nextSeq) return fail('conflict', `seq ${seq} would leave a gap: the next is ${nextSeq}`, { nextSeq });
    const fresh = sent.slice(nextSeq - seq);
    if (fresh.length > 0) {
      const done = take(spoken.data, fresh);
      if (!done.ok) return done;
    }
    try {
      await stream.stored();
    } catch (error) {
      return commands.refused(error);
    }
    const writer = this.#writer(from.id);
    return writer === undefined ? noSuchRun(from.runId) : ok({ nextSeq: writer[kind], ...this.#askedOf(from) });
  }

  #stage({ run, writer }: Spoken, rows: Omit<Parameters<RunStream['stage']>[0], 'run' | 'writers'>): void {
    this.#writers.set(writer.id, writer);
    this.#parts.stream.stage({ run, writers: [writer], ...rows });
  }

  /** `too_large`; `unavailable`. */
  describe(from: Writer, patch: Description): Result<Run> {
    const spoken = this.#spoken(from);
    if (!spoken.ok) return spoken;
    const next = described(spoken.data.run, patch);
    return next.ok ? this.#parts.commands.commit({ runs: [next.data] }, () => next.data) : next;
  }

  /** What is asked of the program: as soon as there is a later version than `after`, else when `waitMs` are over. */
  async control(from: Writer, after: number, waitMs: number, signal?: AbortSignal): Promise<Result<ProgramControl>> {
    const spoken = this.#spoken(from);
    if (!spoken.ok) return spoken;
    const { runId } = from;
    if (waitMs > 0 && this.#version(runId) <= after) {
      this.#waiting.set(runId, (this.#waiting.get(runId) ?? 0) + 1);
      const gone$ = new Subject<void>();
      const leave = (): void => gone$.next();
      signal?.addEventListener('abort', leave, { once: true });
      await new Promise<void>((resolve) => {
        merge(timer(waitMs), this.#asked$.pipe(filter((id) => id === runId)), this.#closed$, gone$)
          .pipe(first())
          .subscribe(() => resolve());
      });
      signal?.removeEventListener('abort', leave);
      const others = this.#waiting.get(runId)! - 1;
      if (others === 0) this.#waiting.delete(runId);
      else this.#waiting.set(runId, others);
      if (signal?.aborted !== true) this.#hear(runId);
    }
    return this.#writer(from.id) === undefined ? noSuchRun(runId) : ok(this.#askedOf(from));
  }

  #askedOf({ id, runId }: Writer): ProgramControl {
    const { values, checkpoints } = this.#writer(id)!;
    const run = this.#parts.stream.run(runId)!;
    return {
      // Another writer has the run now.
      control: this.#latestOf(runId) === id ? controlOf(run) : 'stop',
      version: this.#version(runId),
      ...(Object.keys(values).length > 0 && { values }),
      ...(checkpoints > 0 && { checkpoint: checkpoints }),
    };
  }

  /** A viewer asks for a checkpoint, or sets one of the run's controls. `conflict`; `bad_input`; `unavailable`. */
  ask(run: Run, { action, name, value }: RunControl, by: CommandSource): Result<Run> {
    const { status, accepts = [], controls = {} } = run;
    if (!accepts.some((each) => each === action) || hasEnded(run))
      return fail('conflict', `this run's program takes no ${action} ${hasEnded(run) ? 'any more' : ''}`.trimEnd(), {
        status,
      });
    const writer = this.#writer(this.#latestOf(run.id) ?? '');
    if (writer === undefined) return noSuchRun(run.id);
    const isSet = action === 'set' && name !== undefined && value !== undefined;
    if (isSet && !Object.hasOwn(controls, name))
      return fail(
        'bad_input',
        `name must be one of the run's controls: ${Object.keys(controls).join(', ') || 'it has none'}`,
      );
    if (isSet && typeof controls[name] !== typeof value)
      return fail('bad_input', `value must be a ${typeof controls[name]}, as ${name} is`);
    const next = isSet
      ? { ...writer, values: { ...writer.values, [name]: value } }
      : { ...writer, checkpoints: writer.checkpoints + 1 };
    const details = isSet ? { name, value, before: controls[name] } : { step: run.step };
    const row = { runId: run.id, at: this.#at(), event: `${action}-requested`, by, details };
    const asked = isSet ? withRequest(run, name, value) : run;
    return this.#parts.commands.commit({ runs: [asked], writers: [next], log: [row] }, () => {
      this.#writers.set(next.id, next);
      this.tell(run.id);
      return asked;
    });
  }

  /** What is asked of the run's program has changed. */
  tell(runId: string): void {
    this.#versions.set(runId, Math.max(this.#version(runId) + 1, this.#parts.now().getTime()));
    this.#asked$.next(runId);
  }

  forget(runIds: readonly string[]): void {
    const gone = new Set(runIds);
    for (const [id, { runId }] of this.#writers) if (gone.has(runId)) this.#writers.delete(id);
    for (const id of gone) {
      for (const known of [this.#latest, this.#heard, this.#versions, this.#rates]) known.delete(id);
      this.#asked$.next(id);
    }
  }

  close(): void {
    this.#silence.unsubscribe();
    this.#closed$.next();
  }

  /** The run and the writer that speaks of it, which is heard. */
  #spoken({ id, runId }: Writer): Result<Spoken> {
    const run = this.#parts.stream.run(runId);
    const writer = this.#writer(id);
    if (run === undefined || writer === undefined) return noSuchRun(runId);
    return ok({ run: this.#hear(runId) ?? run, writer });
  }

  #writer(id: string): WriterRow | undefined {
    const known = this.#writers.get(id) ?? this.#parts.store.writer(id);
    if (known !== undefined) this.#writers.set(id, known);
    return known;
  }

  #latestOf(runId: string): string | undefined {
    const known = this.#latest.get(runId) ?? this.#parts.store.writers(runId).at(-1)?.id;
    if (known !== undefined) this.#latest.set(runId, known);
    return known;
  }

  #version(runId: string): number {
    return this.#versions.get(runId) ?? this.#startMs;
  }

  /** Answers the run where that is news: it is silent no more. */
  #hear(runId: string): Run | undefined {
    const run = this.#parts.stream.run(runId);
    if (run === undefined) return undefined;
    if (!hasEnded(run)) this.#heard.set(runId, this.#parts.now().getTime());
    if (run.silentSince === undefined) return undefined;
    const { silentSince, ...rest } = run;
    const log = { runId, at: this.#at(), event: 'heard-again', by: 'server', details: { silentSince } };
    this.#parts.stream.stage({ run: rest, log: [log] });
    return rest;
  }

  #noteSilence(): void {
    const { stream, now } = this.#parts;
    const nowMs = now().getTime();
    for (const [id, heardMs] of this.#heard) {
      const run = stream.run(id);
      if (run === undefined || hasEnded(run) || run.silentSince !== undefined) {
        this.#heard.delete(id);
        continue;
      }
      if (this.#waiting.has(id)) this.#heard.set(id, nowMs);
      else if (nowMs - heardMs >= this.#silentMs) {
        const silentSince = new Date(heardMs).toISOString();
        const log = { runId: id, at: this.#at(), event: 'silent', by: 'server', details: { silentSince } };
        stream.stage({ run: { ...run, silentSince }, log: [log] });
      }
    }
  }

  #at(): string {
    return this.#parts.now().toISOString();
  }
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** The writer's id is a part of its token, so that it is found by it. */
const INGEST_TOKEN = /^([0-9a-z]{10})\.[\w-]{32}$/;

function madeToken(writerId: string): { ingestToken: string; tokenDigest: string } {
  const ingestToken = `${writerId}.${randomBytes(24).toString('base64url')}`;
  return { ingestToken, tokenDigest: digestOf(ingestToken) };
}

function madeWriter(runId: string): { writer: WriterRow; ingestToken: string } {
  const id = newId();
  const { ingestToken, tokenDigest } = madeToken(id);
  return { writer: newWriter(id, runId, tokenDigest), ingestToken };
}
