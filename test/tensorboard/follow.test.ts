/** `serve --follow` on the real server: from a flush to a viewer, over restarts of the server, and imports beside it. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { FramesText } from '../../shared/protocol.js';
import type { Run } from '../../shared/run.js';
import { RealServer } from '../support/real-server.js';
import { runCommand } from '../support/run-command.js';
import type { TestClient } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { rowsOf } from '../support/test-frames.js';
import { event, fileHead } from './event-files.js';

const base = temporaryFolder();
const logFolder = join(base, 'logs');
const file = (run: string, begun = 0): string =>
  join(logFolder, run, `events.out.tfevents.${1_700_000_000 + begun}.host.1.0`);
let server: RealServer;

beforeAll(async () => {
  server = await RealServer.start(['--follow', logFolder, '--data', join(base, 'data')]);
});
afterAll(() => server.close());

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(`${server.url}api/${path}`)).json()) as T;
}

async function runNamed(name: string): Promise<Run> {
  return vi.waitUntil(async () => (await get<{ runs: Run[] }>('runs')).runs.find((run) => run.name === name), {
    timeout: 30_000,
    interval: 20,
  });
}

async function steps(run: Run): Promise<number[]> {
  const { rows } = await get<{ rows: number[][] }>(`runs/${run.id}/frames`);
  return rows.map((row) => row[0]!);
}

function begin(run: string, begun = 0): void {
  mkdirSync(join(logFolder, run), { recursive: true });
  writeFileSync(file(run, begun), fileHead(1_700_000_000 + begun));
}

it('shows what is appended as it is, each point once and in order', async () => {
  begin('live/one');
  appendFileSync(file('live/one'), event({ step: 0, scalars: { loss: 1 } }));
  const run = await runNamed('live/one');
  expect(run).toMatchObject({ source: 'external', status: 'running', accepts: [], group: logFolder });
  // A run is there before its first frame is.
  await vi.waitUntil(async () => (await steps(run)).length === 1, { timeout: 30_000, interval: 20 });
  const socket: TestClient = io(server.url, { auth: { version: 2 }, transports: ['websocket'] });
  let came: ((message: FramesText) => void) | null = null;
  socket.on('run:frames', ([message]) => came?.(message!));
  await new Promise<void>((resolve) => {
    socket.emit('run:subscribe', { runId: run.id, after: -1 }, () => resolve());
  });
  const waits: number[] = [];
  for (let step = 1; step <= 40; step += 1) {
    const arrived = new Promise<FramesText>((resolve) => (came = resolve));
    const startMs = performance.now();
    appendFileSync(file('live/one'), event({ step, scalars: { loss: 1 / step } }));
    const message = await arrived;
    waits.push(performance.now() - startMs);
    expect([...rowsOf(message).steps]).toEqual([step]);
  }
  socket.disconnect();
  waits.sort((one, other) => one - other);
  const [median, worst] = [waits[20]!, waits.at(-1)!];
  console.log(
    `from append to run:frames: median ${median.toFixed(0)} ms, worst ${worst.toFixed(0)} ms of ${waits.length}`,
  );
  const paused = await fetch(`${server.url}api/runs/${run.id}/pause`, { method: 'POST' });
  expect(paused.status).toBe(409);
});

it('goes on when the server is started again, with restarts of the training as seams', async () => {
  begin('again');
  for (let step = 0; step < 5; step += 1) appendFileSync(file('again'), event({ step, scalars: { loss: step } }));
  const run = await runNamed('again');
  await vi.waitUntil(async () => (await steps(run)).length === 5, { timeout: 10_000 });
  await server.restart();
  appendFileSync(file('again'), event({ step: 5, scalars: { loss: 5 } }));
  await vi.waitUntil(async () => (await steps(run)).length === 6, { timeout: 10_000 });
  begin('again', 60);
  for (let step = 3; step < 8; step += 1) appendFileSync(file('again', 60), event({ step, scalars: { loss: step } }));
  await vi.waitUntil(async () => (await steps(run)).length === 11, { timeout: 10_000 });
  await server.restart();
  appendFileSync(file('again', 60), event({ step: 8, scalars: { loss: 8 } }));
  await vi.waitUntil(async () => (await steps(run)).length === 12, { timeout: 10_000 });
  expect(await steps(run)).toEqual([0, 1, 2, 3, 4, 5, 3, 4, 5, 6, 7, 8]);
  expect((await runNamed('again')).seams).toMatchObject([{ seq: 6, step: 5, kind: 'resume' }]);
});

it('is gone through by an import into the folder that it holds', async () => {
  const other = join(base, 'other');
  mkdirSync(other);
  const name = join(other, 'events.out.tfevents.1700000000.host.1.0');
  writeFileSync(name, Buffer.concat([fileHead(), event({ step: 1, scalars: { loss: NaN, acc: 2 } })]));
  for (const written of [2, 0]) {
    const { code, stdout, stderr } = await runCommand(['import', other, '--data', join(base, 'data')]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('the server that holds')]);
    expect(stdout).toContain(`1 run, 2 points (${written} new)`);
  }
  const run = await runNamed('other');
  expect(run).toMatchObject({ status: 'stopped', series: ['loss', 'acc'] });
  expect(await get(`runs/${run.id}/frames`)).toMatchObject({ rows: [[1, expect.anything(), 0, 'NaN', 2]] });
});

it('is named by --url; without one nothing is imported where there are no numbers, or no folder', async () => {
  const { code, stdout } = await runCommand(['import', logFolder, '--url', server.url]);
  expect(code).toBe(0);
  expect(stdout).toContain('(0 new)');
  const data = join(base, 'more');
  mkdirSync(join(base, 'nothing'));
  expect(await runCommand(['import', join(base, 'nothing'), '--data', data])).toMatchObject({ code: 1, stdout: '' });
  expect(await runCommand(['import', join(base, 'missing'), '--data', data])).toMatchObject({
    ...{ code: 1, stderr: expect.stringContaining('there is no') },
  });
  expect(await runCommand(['import', base, '--data', data, '--url', server.url])).toMatchObject({ code: 2 });
});
