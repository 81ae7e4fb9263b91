/**
 * One client asks for more than it can take, in every way there is. The server may neither grow nor keep anyone else
 * waiting, and what was asked in good faith meanwhile is answered.
 */
import { attentionCv } from '../../shared/experiments/attention-cv/experiment.js';
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { openSqliteStore } from '../../server/store/sqlite-store.js';
import { columnsOf, type Run } from '../../shared/run.js';
import { seriesNames } from '../../shared/experiments/attention-cv/series.js';
import { completeSpec, sweepSpecSchema } from '../../shared/experiments/attention-cv/sweep.js';
import { newSweep } from '../../server/runs/new-runs.js';
import { testBlock } from '../support/test-frames.js';
import type { TestClient } from '../support/running-app.js';
import { builtFile } from './built-file.js';
import { type Campaign, type Findings, noFindings } from './campaign.js';
import type { Flood } from './flooder.js';
import { KillableServer } from './killable-server.js';

const MOST_GROWTH_MB = 200;
/** Beyond what it takes while nobody asks: on a crowded machine, some. */
const MOST_WAIT_MS = 1000;
const CROWDED = 5;
const CALM_MS = 1000;
/** How often a healthy viewer and a health check ask. */
const ASK_MS = 50;
const FULL = 500;
/** Of a short campaign, one in so many kinds. */
const QUICK_STEP = 6;
const HEADS = 64;
const EPOCHS = 1000;

export const floods: Campaign = {
  name: 'flood',
  title: 'one client asks for everything at once, on sockets and over HTTP',
  cases: 5000,
  async run(cases) {
    const findings = noFindings();
    const server = new KillableServer();
    try {
      const made = makeRuns(server.folder, Math.min(2200, cases));
      await server.start();
      const baseMb = await settledMb(server);
      const all = floodsOf(made, cases);
      for (const flood of cases < FULL ? all.filter((_, index) => index % QUICK_STEP === 1) : all) {
        await conduct(server, flood, { baseMb, smallId: made.smallId, findings });
        findings.cases += flood.requests;
      }
    } finally {
      await server.close();
    }
    return findings;
  },
};

interface MadeRuns {
  bigId: string;
  smallId: string;
}

function floodsOf({ bigId, smallId }: MadeRuns, requests: number): Flood[] {
  const event = (name: string, payload: unknown, connections = 1, reads = true): Flood => ({
    ...{ kind: 'event' as const, ask: JSON.stringify([name, payload]), connections, reads },
    requests: Math.min(requests, 5000 * connections),
  });
  const get = (ask: string, reads = false): Flood => ({ kind: 'get', ask, connections: 1, requests, reads });
  const few = (flood: Flood, share: number): Flood => ({ ...flood, requests: Math.ceil(flood.requests / share) });
  return [
    event('run:subscribe', { runId: bigId, after: -1 }),
    event('run:subscribe', { runId: bigId, after: -1 }, 1, false),
    event('run:subscribe', { runId: bigId, after: 3 }, 30, false),
    event('runs:watch', {}, 30),
    event('runs:watch', {}, 30, false),
    event('run:control', { runId: bigId, action: 'stop' }, 1, false),
    few(event('run:control', { runId: smallId, action: 'restart' }, 1, false), 25),
    event('sweep:create', { dims: Array.from({ length: 100 }, () => 64), heads: [3, 5, 7] }, 1, false),
    event('no:such', 'x'.repeat(10_000), 1, false),
    ...['frames', 'frames?format=csv', 'measurements', 'log', 'checkpoints'].map((what) =>
      get(`/api/runs/${bigId}/${what}`),
    ),
    ...['/api/runs', '/api/sweeps', '/api/openapi.json', '/api/docs', '/api/health', '/'].map((path) => get(path)),
    few(get(`/api/runs/${bigId}/frames?format=binary`, true), 10),
    few(get('/api/runs', true), 10),
  ];
}

interface Conditions {
  baseMb: number;
  smallId: string;
  findings: Findings;
}

/** What a flood did to the server and to others is printed, and noted where it was too much. */
async function conduct(server: KillableServer, flood: Flood, { baseMb, smallId, findings }: Conditions): Promise<void> {
  const viewer = await connect(server.url);
  const calm = await waitsDuring(server, viewer, smallId, after(CALM_MS));
  const flooder = fork(builtFile('test/faults/flooder.js'), [new URL(server.url).port, JSON.stringify(flood)]);
  const answers = new Promise<{ received: number; seconds: number } | null>((resolve) => {
    flooder.once('message', (message) => resolve(message as { received: number; seconds: number }));
    flooder.once('exit', () => resolve(null));
  });
  const waits = await waitsDuring(server, viewer, smallId, answers);
  const done = await answers;
  viewer.disconnect();
  const name = `${flood.requests} × ${flood.ask.slice(0, 40)} on ${flood.connections}, ${flood.reads ? 'read' : 'unread'}`;
  if (done === null) findings.failures.push(`${name}: the client failed`);
  const growth = waits.mostMb - baseMb;
  process.stderr.write(
    `  ${name}: ${growth.toFixed(0)} MB more, health within ${waits.health.toFixed(0)} ms, ` +
      `a viewer's p99 ${waits.viewer.toFixed(0)} ms (before: ${calm.health.toFixed(0)} and ${calm.viewer.toFixed(0)}), ` +
      `${((done?.received ?? 0) / 2 ** 20).toFixed(0)} MB in ${(done?.seconds ?? 0).toFixed(1)} s\n`,
  );
  if (growth > MOST_GROWTH_MB) findings.failures.push(`${name}: the server grew by ${growth.toFixed(0)} MB`);
  for (const what of ['health', 'viewer'] as const) {
    const isLate = waits[what] > MOST_WAIT_MS + CROWDED * calm[what];
    if (isLate) findings.failures.push(`${name}: ${what} waited ${waits[what].toFixed(0)} ms`);
  }
}

/** Until `end`: the longest wait for health, the 99th percentile of a viewer's for a history, the most memory. */
async function waitsDuring(
  server: KillableServer,
  viewer: TestClient,
  runId: string,
  end: Promise<unknown>,
): Promise<{ health: number; viewer: number; mostMb: number }> {
  let mostMb = 0;
  let isOver = false;
  const waits = async (ask: () => Promise<unknown>): Promise<number[]> => {
    const all: number[] = [];
    while (!isOver) {
      const asked = performance.now();
      await ask();
      all.push(performance.now() - asked);
      mostMb = Math.max(mostMb, residentMb(server.pid));
      await after(ASK_MS);
    }
    return all.sort((a, b) => a - b);
  };
  const measured = Promise.all([
    waits(() => fetch(`${server.url}/api/health`).then((response) => response.text())),
    waits(() => viewer.emitWithAck('run:subscribe', { runId, after: -1 })),
  ]);
  await end;
  isOver = true;
  const [health, subscribed] = await measured;
  return { health: health.at(-1)!, viewer: subscribed[Math.floor(subscribed.length * 0.99)]!, mostMb };
}

async function connect(url: string): Promise<TestClient> {
  const socket: TestClient = io(url, { auth: { version: 2 }, transports: ['websocket'], forceNew: true });
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return socket;
}

/** After its first answers: what it loads for them is no growth. */
async function settledMb(server: KillableServer): Promise<number> {
  for (const path of ['/api/health', '/api/runs', '/api/openapi.json', '/'])
    await (await fetch(server.url + path)).text();
  return residentMb(server.pid);
}

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

/** A long run of many heads with its measurements and a long log, and `count` short ones, all of them complete. */
function makeRuns(folder: string, count: number): MadeRuns {
  const opened = openSqliteStore(folder);
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.data;
  const at = new Date(0).toISOString();
  const made = (heads: number, seeds: number): Run[] => {
    const request = {
      dims: [64],
      heads: [heads],
      seeds: Array.from({ length: seeds }, (_, seed) => seed),
      epochs: EPOCHS,
    };
    const { sweep, runs } = newSweep(attentionCv, completeSpec(sweepSpecSchema.parse(request)), undefined, at);
    const complete = runs.map((run): Run => ({ ...run, status: 'completed', step: run.total ?? 0, endedAt: at }));
    store.commit({ sweeps: [sweep], runs: complete });
    return complete;
  };
  const small = Array.from({ length: Math.ceil(count / 100) }, () => made(1, 100)).flat();
  const [big] = made(HEADS, 1);
  for (const { run, rows } of [
    { run: big!, rows: EPOCHS + 1 },
    { run: small[0]!, rows: 20 },
  ]) {
    const values = Float32Array.from({ length: rows * columnsOf(run).length }, () => Math.random());
    store.commit({ frames: [testBlock(run.id, 0, rows, values)] });
  }
  const values = Object.fromEntries(
    seriesNames(HEADS).map((name) => [name, { cv: Math.random(), valid: 300, se: Math.random() }]),
  );
  const runId = big!.id;
  store.commit({
    measurements: [0, EPOCHS / 2, EPOCHS].map((epoch) => ({
      runId,
      measurement: { epoch, sample: 'fixed' as const, values },
    })),
    log: Array.from({ length: 20_000 }, (_, epoch) => ({ runId, at, event: 'checkpoint', details: { epoch } })),
  });
  store.close();
  return { bigId: runId, smallId: small[0]!.id };
}
