/** Runs of other programs over a memory store and a clock of the test's own. */
import { onTestFinished, vi } from 'vitest';
import type { Writer } from '../../server/access/principal.js';
import { ExternalRuns } from '../../server/external/external-runs.js';
import { programChangeOf } from '../../server/external/program-changes.js';
import { RunRegistry } from '../../server/runs/run-registry.js';
import { RunStream } from '../../server/runs/run-stream.js';
import { silentLog } from '../../server/runs/service-log.js';
import { StorageHealth } from '../../server/runs/storage-health.js';
import { StoreCommands } from '../../server/service/store-commands.js';
import { createMemoryStore } from '../../server/store/memory-store.js';
import type { Result } from '../../shared/errors.js';
import { type NewRun, newRunSchema, type OpenedRun, reportSchema, sentFramesSchema } from '../../shared/ingest.js';
import type { Run, RunAction } from '../../shared/run.js';
import { failingStore } from './failing-store.js';

export const START = Date.parse('2026-03-01T00:00:00Z');
export const SILENT_MS = 30_000;
export const ACCEPTS = ['pause', 'resume', 'stop', 'checkpoint', 'set'] as const;

export interface SentFrames {
  seq: number;
  step?: number;
  at?: number;
  values?: Record<string, number | string>;
  position?: string;
}

/** What a server has of external runs, and the programs and viewers that speak to it. Made in `beforeEach`, with fake timers at `START`. */
export class ExternalBed {
  readonly stored = createMemoryStore();
  store = failingStore(this.stored, Infinity);
  stream!: RunStream;
  external!: ExternalRuns;

  constructor() {
    this.serve();
  }

  /** What a server begins with, over what is stored. One that was there before writes nothing more, as if it had been killed. */
  serve(): void {
    this.store.isBroken = true;
    this.store = failingStore(this.stored, Infinity);
    const { store } = this;
    const now = (): Date => new Date();
    const registry = new RunRegistry(store);
    const health = new StorageHealth(now);
    const stream = new RunStream({
      ...{ store, registry, retryMs: 1000 },
      refused: (error) => void health.refused('runs', error),
      accepted: () => health.accepted('runs'),
    });
    const commands = new StoreCommands(store, stream, silentLog);
    const external = new ExternalRuns(
      { store, stream, health, commands, excess: () => null, now, silentMs: SILENT_MS },
      registry.runs(),
    );
    [this.stream, this.external] = [stream, external];
    onTestFinished(() => {
      external.close();
      stream.close();
    });
  }

  /** By a program that obeys everything, unless the request says otherwise. */
  open(request: Partial<NewRun> = {}): OpenedRun & { from: Writer } {
    const parsed = newRunSchema.parse({ accepts: [...ACCEPTS], ...request });
    const answer = data(this.external.open(parsed, 'test'));
    return { ...answer, from: { id: answer.writer, runId: answer.id } };
  }

  send(from: Writer, sent: readonly SentFrames[]) {
    const body = sent.map(
      ({ seq, step = seq, at = START + 1000 * seq, values = { loss: 1 / (seq + 1) }, ...rest }) => ({
        ...{ seq, step, at, values, ...rest },
      }),
    );
    return this.external.frames(from, sentFramesSchema.parse(body));
  }

  report(from: Writer, seq: number, status: string, at = Date.now(), message?: string) {
    const report = { seq, status, at, ...(message !== undefined && { message }) };
    return this.external.report(from, reportSchema.parse(report));
  }

  run(id: string): Run {
    return this.stream.run(id)!;
  }

  /** As a viewer's command goes, without the rest of the service. */
  command(id: string, action: RunAction): string {
    const change = programChangeOf(this.run(id), action, new Date().toISOString(), 'ann');
    if (!change.ok) return change.error.code;
    if (change.data === null) return 'same';
    this.stream.commitNow({ runs: [change.data.run], log: change.data.log });
    this.external.tell(id);
    return change.data.run.status;
  }

  /** The stored frames of a run: step, then values. */
  rows(id: string): (number | string)[][] {
    const block = this.store.frames(id, -1, Infinity);
    const width = block.rows === 0 ? 0 : block.values.length / block.rows;
    return Array.from({ length: block.rows }, (_, row) => [
      block.steps[row]!,
      ...block.values.subarray(row * width, (row + 1) * width),
    ]);
  }
}

export function data<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.data;
}

/** Waits for an answer while the test's clock goes on for a tick. */
export async function told<T>(answer: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(50);
  return answer;
}
