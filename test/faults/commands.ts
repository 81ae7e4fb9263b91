/** Two viewers give random commands at once, repeated and out of order; no run may get into a state it must not be in. */
import { createTrainerPool } from '../../server/execution/trainer-pool.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { pino } from 'pino';
import { filter, firstValueFrom, startWith } from 'rxjs';
import { io } from 'socket.io-client';
import { RUN_ACTIONS, type RunAction } from '../../shared/run.js';
import { Access } from '../../server/access/access.js';
import { Tokens } from '../../server/access/tokens.js';
import { createApp } from '../../server/app.js';
import { createFileCheckpoints } from '../../server/store/checkpoints.js';
import { createMemoryStore } from '../../server/store/memory-store.js';
import { createSweepService } from '../../server/service/create-sweep-service.js';
import type { SweepService } from '../../server/service/sweep-service.js';
import type { TestClient } from '../support/running-app.js';
import { projectFile } from './built-file.js';
import { type Campaign, noFindings } from './campaign.js';
import { Witness } from './command-model.js';
import { within } from './deadline.js';

/** Commands of one sequence. */
const LENGTH = 100;
/** Runs that come to their end by themselves, one that hardly does, and some that wait in an epoch for a command. */
const SMALL = { dims: [8], heads: [1], vocab: 16, samples: 10 };
const SWEEPS = [
  { ...SMALL, seeds: [1, 2], epochs: 400 },
  { ...SMALL, epochs: 20_000 },
  { ...SMALL, seeds: [1, 2], epochs: 100, sampleSeed: 1 },
];
/** Every cell of the table that well-behaved trainers let runs come into, and commands enough to have tried them all. */
const CELLS = ['queued', 'running', 'pausing', 'paused', 'stopping', 'stopped', 'completed'].flatMap((status) =>
  RUN_ACTIONS.map((action) => `${action} ${status}`),
);
const ENOUGH = 5000;
const PATIENCE_MS = 30_000;

interface Step {
  viewer: number;
  /** Of the runs that there are, from the latest. */
  run: number;
  action: RunAction;
  total: number;
  requestId: string | null;
  /** Sent once more at once, as after a lost ack. */
  isRepeated: boolean;
  /** What comes before the next: nothing, a turn of the event loop, or some news of training. */
  gap: 'none' | 'turn' | 'news';
}

const step: fc.Arbitrary<Step> = fc.record({
  viewer: fc.nat(1),
  run: fc.nat(6),
  action: fc.constantFrom(...RUN_ACTIONS),
  total: fc.integer({ min: 300, max: 900 }),
  requestId: fc.option(fc.constantFrom('one', 'two', 'three')),
  isRepeated: fc.boolean(),
  gap: fc.constantFrom('none', 'none', 'turn', 'news'),
});

export const commands: Campaign = {
  name: 'command',
  title: 'random commands of two viewers against the table',
  cases: 10_000,
  async run(cases) {
    const findings = noFindings();
    const length = Math.min(LENGTH, cases);
    const steps = fc.array(step, { minLength: length, maxLength: length });
    const tried = new Set<string>();
    const property = fc.asyncProperty(steps, async (sequence) => {
      findings.cases += sequence.length;
      const violations = await play(sequence, tried);
      if (violations.length > 0) throw new Error([...new Set(violations)].join('; '));
    });
    const details = await fc.check(property, { numRuns: Math.ceil(cases / length), endOnFailure: true });
    if (details.failed)
      findings.failures.push(`${String(details.errorInstance)}\n${fc.defaultReportMessage(details) ?? 'a sequence'}`);
    const untried = CELLS.filter((cell) => !tried.has(cell));
    if (cases >= ENOUGH && untried.length > 0) findings.failures.push(`never tried: ${untried.join(', ')}`);
    return findings;
  },
};

async function play(sequence: readonly Step[], tried: Set<string>): Promise<string[]> {
  const clientFolder = mkdtempSync(join(tmpdir(), 'pentachoron-faults-'));
  const checkpoints = createFileCheckpoints(join(clientFolder, 'checkpoints'), { isDurable: false });
  const trainerPath = projectFile('test/execution/fixtures/well-behaved.mjs');
  const executor = createTrainerPool({ trainerPath, engine: 'cpu', slots: 2 });
  const service = createSweepService({ store: createMemoryStore(), checkpoints, executor });
  const witness = new Witness(service);
  const watched = new Proxy(service, {
    get(target, name) {
      if (name === 'control') return witness.control.bind(witness);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const access = new Access({ tokens: new Tokens(clientFolder), isPublic: false });
  const app = createApp({ service: watched, access, clientFolder, version: '0.0.0', log: pino({ level: 'silent' }) });
  const sockets: TestClient[] = [];
  try {
    const url = `http://127.0.0.1:${await app.listen(0, '127.0.0.1')}`;
    for (let viewer = 0; viewer < 2; viewer += 1)
      sockets.push(io(url, { auth: { version: 2 }, transports: ['websocket'], forceNew: true }));
    for (const sweep of SWEEPS) {
      const created = service.createSweep(sweep);
      if (!created.ok) throw new Error(created.error.message);
    }
    await within(PATIENCE_MS, 'the answers to all commands', give(sequence, service, sockets));
    for (const { id: runId } of service.runs.runs()) witness.control({ runId, action: 'pause' });
    await within(PATIENCE_MS, 'rest after the last command', settled(service));
    for (const cell of witness.tried) tried.add(cell);
    return [...witness.violations, ...unsound(service)];
  } finally {
    for (const socket of sockets) socket.disconnect();
    await app.close();
    rmSync(clientFolder, { recursive: true });
  }
}

/** Resolves when every command has been answered; none waits for the answer to another. */
async function give(sequence: readonly Step[], service: SweepService, sockets: TestClient[]): Promise<void> {
  const acks: Promise<void>[] = [];
  for (const { viewer, run, action, total, requestId, isRepeated, gap } of sequence) {
    const runs = service.runs.runs();
    const { id: runId } = runs.at(-1 - (run % runs.length))!;
    const request = {
      ...{ runId, action },
      ...(action === 'extend' && { total }),
      ...(requestId !== null && { requestId }),
    };
    for (let times = isRepeated ? 2 : 1; times > 0; times -= 1)
      acks.push(new Promise((resolve) => sockets[viewer]!.emit('run:control', request, () => resolve())));
    if (gap === 'turn') await new Promise((resolve) => setImmediate(resolve));
    // There may be nothing in training that could bring news.
    if (gap === 'news') await Promise.race([firstValueFrom(service.committed$), setTimeout(10)]);
  }
  await Promise.all(acks);
}

async function settled(service: SweepService): Promise<void> {
  const isResting = (): boolean =>
    service.runs.runs().every(({ status }) => ['paused', 'stopped', 'completed', 'failed'].includes(status));
  await firstValueFrom(service.committed$.pipe(startWith(null), filter(isResting)));
}

/** What is wrong with runs at rest. */
function unsound({ runs, histories: store }: SweepService): string[] {
  return runs.runs().flatMap((run) => {
    const { rows, steps } = store.frames(run.id, -1, Infinity);
    const faults: string[] = [];
    if (steps.some((step, seq) => step !== seq)) faults.push('frames out of order');
    if (run.step !== Math.max(0, rows - 1)) faults.push(`step ${run.step} with ${rows} frames`);
    if (run.status === 'failed') faults.push(run.error?.message ?? 'no reason');
    if (run.status === 'completed' && rows !== run.total! + 1) faults.push(`${rows} frames of ${run.total} epochs`);
    const checkpoint = store.checkpoints(run.id)[0];
    if (rows > 0 && checkpoint?.epoch !== run.step)
      faults.push(`at step ${run.step}, its checkpoint of ${checkpoint?.epoch ?? 'none'}`);
    return faults.map((fault) => `a run at rest, ${run.status}: ${fault}`);
  });
}
