/** Plain socket.io-clients follow real training: the built server and its trainer processes, over a data folder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SweepCreated, WatchAnswer } from '../../shared/protocol.js';
import { valuesOf } from '../../shared/frames.js';
import { type Delta, withDelta } from '../../shared/delta.js';
import type { Run, RunStatus } from '../../shared/run.js';
import { FrameFollower } from '../support/frame-follower.js';
import { type CommandEnd, runCommand, startCommand } from '../support/run-command.js';
import { ask, connected, type TestClient } from '../support/running-app.js';

const SMALL = { dims: [16], heads: [1, 2], vocab: 32, seqLen: 4, classes: 3, samplesPerClass: 10, samples: 50 };

/** Enough epochs for connections to break and come back before the end. */
const LAST = 400;

/** No run gets there while a test has to be quicker than it, however slow the machine. */
const ENDLESS = 50_000;

describe('a sweep over the real server', () => {
  it('[F3] [S4] [W3] two viewers get every frame once, one of them across lost connections, and the statuses after them', async () => {
    const { url } = await serve();
    const [steady, torn] = [client(url), client(url)];
    await Promise.all([connected(steady), connected(torn)]);
    await ask(steady, 'runs:watch');
    const runIds = await createSweep(steady, { ...SMALL, epochs: LAST });
    const followers = [steady, torn].map((socket) => runIds.map((id) => new FrameFollower(socket, id)));
    const heldAtEnd = new Map<string, number>();
    // By the event alone: an answer may be ahead of frames that are on their way.
    const bothEnded = new Promise<void>((resolve) => {
      steady.on('runs:changed', ({ runs }) => {
        for (const run of runs) {
          const follower = followers[0]!.find(({ runId }) => runId === run.id);
          if (run.status === 'completed' && follower) heldAtEnd.set(run.id, follower.nextSeq);
        }
        if (heldAtEnd.size === runIds.length) resolve();
      });
    });
    for (const seq of [3, 10, 25, 40]) {
      await followers[1]![0]!.has(seq);
      const back = new Promise<void>((resolve) => torn.once('connect', resolve));
      torn.io.engine.close();
      await back;
      // Answered after the subscription.
      await ask(torn, 'run:unsubscribe', { runId: 'none' });
    }
    await Promise.all(followers.flat().map((follower) => follower.has(LAST)));
    await bothEnded;

    expect(followers.flat().flatMap(({ faults }) => faults)).toEqual([]);
    expect(followers[1]![0]!.answers).toBeGreaterThan(4);
    expect([...heldAtEnd.values()]).toEqual([LAST + 1, LAST + 1]);
    for (const [index, runId] of runIds.entries()) {
      const [one, two] = followers.map((each) => each[index]!.values);
      expect(Buffer.from(two!.buffer).equals(Buffer.from(one!.buffer))).toBe(true);
      const response = await fetch(`${url}/api/runs/${runId}/frames?format=binary`);
      const rows = LAST + 1;
      const body = Buffer.from(await response.arrayBuffer());
      // A line of JSON, then steps, times and values.
      const parts = body.subarray(body.indexOf('\n') + 1);
      expect([...valuesOf(parts.subarray(0, 8 * rows), 'f64')]).toEqual(
        Array.from({ length: rows }, (_, epoch) => epoch),
      );
      expect(parts.subarray(16 * rows).equals(Buffer.from(one!.buffer))).toBe(true);
      const measurements = (await (await fetch(`${url}/api/runs/${runId}/measurements`)).json()) as { epoch: number }[];
      expect(measurements.map(({ epoch }) => epoch)).toEqual([0, 0, LAST / 2, LAST / 2, LAST, LAST]);
    }
  });

  it('[R1] a pause is taken at an epoch, a restarted server goes on from there, and the frames are one sequence', async () => {
    const folder = dataFolder();
    const first = await serve(['--data', folder]);
    const socket = await connected(client(first.url));
    await ask(socket, 'runs:watch');
    const [runId] = await createSweep(socket, { ...SMALL, heads: [1], epochs: ENDLESS });
    const follower = new FrameFollower(socket, runId!);
    await follower.has(5);
    const paused = statusOf(socket, runId!, 'paused');
    expect(await ask(socket, 'run:control', { runId, action: 'pause' })).toMatchObject({ ok: true });
    const { step: epoch } = await paused;
    expect(follower.nextSeq).toBe(epoch + 1);
    expect(epoch).toBeLessThan(ENDLESS);
    expect((await first.end()).code).toBe(0);

    const second = await serve(['--data', folder]);
    const again = await connected(client(second.url));
    const { data } = (await ask(again, 'runs:watch')) as { data: WatchAnswer };
    expect(data.runs).toMatchObject([{ id: runId, status: 'paused', step: epoch }]);
    const rest = new FrameFollower(again, runId!);
    await rest.has(epoch);
    const running = statusOf(again, runId!, 'running');
    await ask(again, 'run:control', { runId, action: 'resume' });
    await running;
    await rest.has(epoch + 20);
    const stopped = statusOf(again, runId!, 'stopped');
    await ask(again, 'run:control', { runId, action: 'stop' });
    const end = await stopped;
    expect(rest.nextSeq).toBe(end.step + 1);
    expect([...follower.faults, ...rest.faults]).toEqual([]);
    const before = follower.values;
    expect(Buffer.from(rest.values.subarray(0, before.length).slice().buffer).equals(Buffer.from(before.buffer))).toBe(
      true,
    );
  });
});

describe('serve', () => {
  it('begins the reference sweep in an empty folder, and none where there is one', async () => {
    const folder = dataFolder();
    const flags = ['--data', folder, '--sweep', 'reference'];
    const first = await serve(flags);
    const sweeps = async (url: string) =>
      ((await (await fetch(`${url}/api/sweeps`)).json()) as { sweeps: { id: string }[] }).sweeps;
    const [sweep, ...others] = await sweeps(first.url);
    expect(sweep).toMatchObject({ name: 'Reference sweep', runIds: { length: 12 } });
    expect(others).toEqual([]);
    const end = await first.end('SIGTERM');
    expect(end.code).toBe(0);
    expect(end.stdout).toBe('');
    expect(end.stderr).toContain(`Runs are kept in ${folder}`);
    const second = await serve(flags);
    expect((await sweeps(second.url)).map(({ id }) => id)).toEqual([sweep!.id]);
  });

  it('a taken port is named, with the way to choose another; exit 1', async () => {
    const { url } = await serve();
    const { port } = new URL(url);
    const { code, stderr } = await runCommand(['serve', '--port', port, '--data', dataFolder()]);
    expect(code).toBe(1);
    expect(stderr).toMatch(`port ${port} of 127.0.0.1 is taken`);
    expect(stderr).toMatch('--port');
  });

  it('a second server on the same data folder is refused; exit 1', async () => {
    const folder = dataFolder();
    await serve(['--data', folder]);
    const { code, stderr } = await runCommand(['serve', '--port', '0', '--data', folder]);
    expect(code).toBe(1);
    expect(stderr).toMatch(`the data folder ${folder} is in use by another server`);
  });

  it('a data folder that cannot be made is named; exit 1', async () => {
    const file = join(dataFolder(), 'file');
    writeFileSync(file, '');
    const { code, stderr } = await runCommand(['serve', '--port', '0', '--data', join(file, 'data')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(`the data folder ${join(file, 'data')} cannot be used`);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([
    ['--host', '', 'an address or a name of this machine'],
    ['--host', 'http://127.0.0.1', 'an address or a name of this machine'],
    ['--token', 'ann:controller', '--token must be NAME:ROLE:SECRET; secret must'],
    ['--token', 'ann:king:long-enough-secret', '--token must be NAME:ROLE:SECRET; role must be one of'],
    ['--token', '<b>:viewer:long-enough-secret', '--token must be NAME:ROLE:SECRET; name must'],
    ['--public-url', 'runs.example.org', 'an address such as https://'],
    ['--allow-origin', 'https://a.example/x', 'an origin such as https://'],
    ['--base-path', 'x y', 'a path such as /pentachoron'],
    ['--trust-proxy', '-1', 'whole number from 0 to 10'],
    ['--tls-cert', 'cert.pem', '--tls-cert and --tls-key must be given together'],
  ])('%s %j is refused; exit 2', async (flag, value, message) => {
    const { code, stderr, stdout } = await runCommand(['serve', `${flag}=${value}`]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('long-enough-secret');
  });

  it.each([
    ['--port', '70000', 'whole number from 0 to 65535'],
    ['--checkpoint-seconds', '-1', 'whole number from 0'],
    ['--sweep', 'mine', 'one of reference, none'],
  ])('%s %s is refused; exit 2', async (flag, value, message) => {
    const { code, stderr } = await runCommand(['serve', `${flag}=${value}`]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

interface Serving {
  url: string;
  /** Interrupts it; resolves once it has ended. */
  end(signal?: NodeJS.Signals): Promise<CommandEnd>;
}

/** The built server on a free port; over a folder of its own unless `flags` name one. */
async function serve(flags: string[] = ['--data', dataFolder()]): Promise<Serving> {
  const command = startCommand(['serve', '--port', '0', '--workers', '2', ...flags]);
  const end = async (signal: NodeJS.Signals = 'SIGINT'): Promise<CommandEnd> => {
    command.process.kill(signal);
    return command.ended;
  };
  onTestFinished(async () => {
    await end();
  });
  let stderr = '';
  command.process.stderr!.on('data', (text: string) => (stderr += text));
  await command.stderrMatches(/live at http:\S+\n/);
  return { url: /live at (\S+)\n/.exec(stderr)![1]!, end };
}

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pentachoron-follow-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function client(url: string): TestClient {
  const options = { auth: { version: 2 }, transports: ['websocket'], autoConnect: false, reconnectionDelay: 10 };
  const socket: TestClient = io(url, { ...options, forceNew: true });
  onTestFinished(() => {
    socket.disconnect();
  });
  return socket;
}

async function createSweep(socket: TestClient, spec: object): Promise<string[]> {
  const answer = (await ask(socket, 'sweep:create', spec)) as { ok: true; data: SweepCreated };
  return answer.data.runIds;
}

/** Resolves with the run once it has this status, be it now or later. */
function statusOf(socket: TestClient, runId: string, status: RunStatus): Promise<Run> {
  return new Promise((resolve) => {
    let run: Run | undefined;
    const look = (runs: readonly Delta<Run>[]): void => {
      const news = runs.find(({ id }) => id === runId);
      if (news === undefined) return;
      run = withDelta(run, news);
      if (run.status === status) resolve(run);
    };
    socket.on('runs:changed', ({ runs }) => look(runs));
    void ask(socket, 'runs:watch').then((answer) => look((answer as { data: WatchAnswer }).data.runs));
  });
}
