/** An experiment that the program does not know lives in it all the same: trained, streamed, paused, and through kill -9. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { withDelta } from '../../../shared/delta.js';
import type { FramesText, SubscribeAnswer, WatchAnswer } from '../../../shared/protocol.js';
import { LOCAL_COLUMNS, type Run, type RunStatus } from '../../../shared/run.js';
import { builtFile } from '../../faults/built-file.js';
import { PageBrowser } from '../../support/page-browser.js';
import { ask, connected, type TestClient } from '../../support/running-app.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { rowsOf } from '../../support/test-frames.js';
import { positionsOf } from './walk.js';

const root = temporaryFolder();
const servers: ChildProcess[] = [];
const sockets: TestClient[] = [];

let browser: PageBrowser;
beforeAll(async () => {
  browser = await PageBrowser.launch();
});
afterAll(() => browser.close());

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  await Promise.all(servers.splice(0).map((server) => killed(server)));
});

async function serve(folder: string): Promise<{ server: ChildProcess; url: string }> {
  const server = fork(builtFile('test/experiments/walk/walk-server.js'), [folder, join(process.cwd(), 'dist/client')]);
  servers.push(server);
  const [{ port }] = (await once(server, 'message')) as [{ port: number }];
  return { server, url: `http://127.0.0.1:${port}` };
}

async function killed(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  server.kill('SIGKILL');
  await gone;
}

/** One who follows a run as PROTOCOL.md has it, and its status. */
class Follower {
  readonly socket: TestClient;
  readonly steps: number[] = [];
  /** By name. */
  readonly series = new Map<string, number[]>();
  columns: string[] = [];
  run: Run | undefined;
  #look = (): void => undefined;

  constructor(url: string) {
    this.socket = io(url, { auth: { version: 2 }, transports: ['websocket'], forceNew: true });
    sockets.push(this.socket);
    this.socket.on('runs:changed', ({ runs }) => {
      for (const delta of runs) if (delta.id === this.run?.id) this.run = withDelta(this.run, delta);
      this.#look();
    });
    this.socket.on('run:frames', (list) => {
      for (const message of list) this.#take(message, message.columns);
    });
  }

  async follow(runId: string): Promise<this> {
    const { data } = (await ask(await connected(this.socket), 'runs:watch')) as { data: WatchAnswer };
    this.run = data.runs.find(({ id }) => id === runId);
    await new Promise<void>((resolve) => {
      this.socket.emit('run:subscribe', { runId, after: -1 }, (answer) => {
        if (answer.ok) this.#take(answer.data, answer.data.columns);
        resolve();
      });
    });
    return this;
  }

  #take(message: FramesText, columns: SubscribeAnswer['columns'] = this.columns): void {
    this.columns = columns;
    const { steps, values } = rowsOf(message);
    expect(message.fromSeq).toBe(this.steps.length);
    expect(values.length).toBe(message.rows * columns.length);
    for (let row = 0; row < message.rows; row += 1) {
      this.steps.push(steps[row]!);
      columns.forEach((name, column) => {
        const held = this.series.get(name) ?? new Array<number>(this.steps.length - 1).fill(NaN);
        held.push(values[row * columns.length + column]!);
        this.series.set(name, held);
      });
    }
    this.#look();
  }

  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => {
        if (isSo()) resolve();
      };
      this.#look();
    });
  }

  is(status: RunStatus): Promise<void> {
    return this.until(() => this.run?.status === status);
  }
}

it('[F2] [W1] trains and streams, its series appearing in mid-run; pauses, and goes on through kill -9 as if nothing was', async () => {
  const folder = join(root, 'walk');
  mkdirSync(folder);
  const first = await serve(folder);
  const socket: TestClient = io(first.url, { auth: { version: 2 }, transports: ['websocket'] });
  sockets.push(socket);
  const refused = await ask(await connected(socket), 'sweep:create', { experiment: 'walk', starts: [] });
  expect(refused).toMatchObject({ ok: false, error: { code: 'bad_input' } });
  const request = { experiment: 'walk', starts: [-3.5], limit: 200 };
  const created = (await ask(socket, 'sweep:create', request)) as { data: { runIds: string[] } };
  const runId = created.data.runIds[0]!;
  const one = await new Follower(first.url).follow(runId);
  expect(one.run).toMatchObject({ experiment: 'walk', total: null, stepName: 'tick', name: 'from -3.5' });
  const { data: watched } = (await ask(socket, 'runs:watch')) as { data: WatchAnswer };
  expect(watched.sweeps).toMatchObject([{ experiment: 'walk', spec: { starts: [-3.5] }, runIds: [runId] }]);
  await one.until(() => one.steps.length > 50);
  expect(one.columns).toEqual([...LOCAL_COLUMNS, 'position', 'square', 'cube']);
  // Told with the run's progress, at most once a second.
  await one.until(() => one.run?.series.join() === 'position,square,cube');
  const paused = one.is('paused');
  await ask(one.socket, 'run:control', { runId, action: 'pause' });
  await paused;
  expect(one.run?.step).toBe(one.steps.at(-1));
  expect(await ask(one.socket, 'run:control', { runId, action: 'extend', total: 5 })).toMatchObject({ ok: false });
  await ask(one.socket, 'run:control', { runId, action: 'resume' });
  const held = one.steps.length;
  await one.until(() => one.steps.length > held + 20);
  await killed(first.server);

  const second = await serve(folder);
  const two = await new Follower(second.url).follow(runId);
  await two.is('completed');
  const rows = two.steps.length;
  expect(two.steps).toEqual(Array.from({ length: rows }, (_, seq) => 10 * seq));
  expect(two.series.get('position')).toEqual(positionsOf({ start: -3.5 }, rows));
  expect(two.series.get('square')!.map(Number.isNaN)).toEqual(two.steps.map((_, seq) => seq < 20));
  expect(one.series.get('position')).toEqual(two.series.get('position')!.slice(0, one.steps.length));
  expect(two.run).toMatchObject({ status: 'completed', step: 10 * (rows - 1), total: null });
  const { page, complaints } = await browser.open(`${second.url}/#view=run&run=${runId}`);
  await page.locator('run-view').getByRole('heading', { name: 'from -3.5' }).waitFor();
  await page.getByRole('img', { name: 'cube by tick' }).waitFor();
  expect(complaints).toEqual([]);
  const csv = await (await fetch(`${second.url}/api/runs/${runId}/frames?format=csv`)).text();
  expect(csv.split('\n')[0]).toBe('tick,at,seconds,loss,accuracy,position,square,cube');
});
