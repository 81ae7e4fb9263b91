/**
 * Runs that other programs train: they are opened, written and ended here by their programs, and steered by viewers.
 * What a program sends is acknowledged once it is stored, and stored once however often it comes.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
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
  resumeSeam,
  withRequest,
} from './program-changes.js';
import { countedTo, StepRate, taken } from './program-frames.js';
import { ProgramPresence } from './program-presence.js';

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

/** How exact it is kept when a program was heard that only waits: a server that is killed loses so much of it. */
const KEEP_MS = 60_000;

/** A run with the writer that speaks of it. */
interface Spoken {
  run: Run;
  writer: WriterRow;
}

export class ExternalRuns {
  readonly #parts: ExternalRunsParts;
  readonly #presence: ProgramPresence;
  /** As they stand with what is staged; the store lags behind by a tick. */
  readonly #writers = new Map<string, WriterRow>();
  /** The writer that was begun last, by run. */
  readonly #latest = new Map<string, string>();
  readonly #rates = new Map<string, StepRate>();

  constructor(parts: ExternalRunsParts, active: readonly Run[]) {
    this.#parts = parts;
    const { stream, now, silentMs } = parts;
    const awaited = active.filter((run) => run.source === 'external' && !hasEnded(run));
    const heard = new Map(awaited.map(({ id }) => [id, this.#lastHeard(id)]));
    const keep = (latest: ReadonlyMap<string, number>, isLast: boolean): void => this.#keepHeard(latest, isLast);
    this.#presence = new ProgramPresence({ stream, now, keep, ...(silentMs !== undefined && { silentMs }) }, heard);
  }

  /** What an earlier server noted of it; undefined: nothing. */
  #lastHeard(runId: string): number | undefined {
    const writers = this.#parts.store.writers(runId);
    for (const writer of writers) this.#noteWriter(writer);
    const noted = writers.flatMap(({ heardAt }) => heardAt ?? []);
    return noted.length === 0 ? undefined : Math.max(...noted);
  }

  /** For the next server. What is written of a writer anyway has it already. */
  #keepHeard(heard: ReadonlyMap<string, number>, isLast: boolean): void {
    for (const [runId, heardAt] of heard) {
      // Those of all runs that go on are known: a disk that fails is not read for this.
      const writer = this.#writers.get(this.#latest.get(runId) ?? '');
      if (writer === undefined || heardAt - (writer.heardAt ?? 0) < (isLast ? 1 : KEEP_MS)) continue;
      const next = { ...writer, heardAt };
      this.#writers.set(writer.id, next);
      this.#parts.stream.stage({ writers: [next] });
    }
  }

  /** As the latest one of its run. */
  #noteWriter(writer: WriterRow): void {
    this.#writers.set(writer.id, writer);
    this.#latest.set(writer.runId, writer.id);
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

  /**
   * `conflict`: there is such a run; `not_found`: there is none that could be resumed; `unavailable`.
   * @param isHeard whether its program asks; whoever reads what one has left says nothing of whether it is there
   */
  open(request: NewRun, by: CommandSource, isHeard = true): Result<OpenedRun> {
    const { commands, stream, now } = this.#parts;
    const { requestId, resume } = request;
    return commands.once(requestId, 'writer', {
      again: ({ writerId }) => this.#reopen(writerId, isHeard),
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
        const { writer, ingestToken } = madeWriter(run.id, now().getTime());
        const log: LogRow = { runId: id, at, event: present === undefined ? 'created' : 'resumed', by };
        const requests = requestsOf(requestId, { kind: 'writer', writerId: writer.id });
        return commands.commit({ runs: [run], writers: [writer], log: [log], requests }, () => {
          this.#noteWriter(writer);
          this.#rates.delete(id);
          this.#presence.hear(id);
          return { id, writer: writer.id, ingestToken, nextSeq: 0 };
        });
      },
    });
  }

  /** The same writer with another token: the one before may never have come to its program. */
  #reopen(writerId: string, isHeard: boolean): Result<OpenedRun> {
    const writer = this.#writer(writerId);
    if (writer === undefined) return fail('not_found', 'the run that this request made was deleted');
    const { ingestToken, tokenDigest } = madeToken(writerId);
    const next = { ...writer, tokenDigest };
    return this.#parts.commands.commit({ writers: [next] }, () => {
      this.#writers.set(writerId, next);
      if (isHeard) this.#presence.hear(writer.runId);
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
    const next = { ...writer, heardAt: this.#parts.now().getTime() };
    this.#writers.set(writer.id, next);
    this.#parts.stream.stage({ run, writers: [next], ...rows });
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
    await this.#presence.wait(runId, after, waitMs, signal);
    return this.#writer(from.id) === undefined ? noSuchRun(runId) : ok(this.#askedOf(from));
  }

  #askedOf({ id, runId }: Writer): ProgramControl {
    const { values, checkpoints } = this.#writer(id)!;
    const run = this.#parts.stream.run(runId)!;
    return {
      // Another writer has the run now.
      control: this.#latestOf(runId) === id ? controlOf(run) : 'stop',
      version: this.#presence.version(runId),
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
    this.#presence.tell(runId);
  }

  forget(runIds: readonly string[]): void {
    const gone = new Set(runIds);
    for (const [id, { runId }] of this.#writers) if (gone.has(runId)) this.#writers.delete(id);
    for (const id of gone) {
      this.#latest.delete(id);
      this.#rates.delete(id);
      this.#presence.forget(id);
    }
  }

  close(): void {
    this.#presence.close();
  }

  /** The run and the writer that speaks of it, which is heard. */
  #spoken({ id, runId }: Writer): Result<Spoken> {
    const run = this.#parts.stream.run(runId);
    const writer = this.#writer(id);
    if (run === undefined || writer === undefined) return noSuchRun(runId);
    return ok({ run: this.#presence.hear(runId) ?? run, writer });
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

function madeWriter(runId: string, heardAt: number): { writer: WriterRow; ingestToken: string } {
  const id = newId();
  const { ingestToken, tokenDigest } = madeToken(id);
  return { writer: { ...newWriter(id, runId, tokenDigest), heardAt }, ingestToken };
}
