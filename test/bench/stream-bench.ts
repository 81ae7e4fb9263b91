/** What streaming costs: one sweep under `serve` with a viewer against `sweep`, and the server's own time with many. */
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { io, type Socket } from 'socket.io-client';
import { PROTOCOL_VERSION, type ClientToServerEvents, type ServerToClientEvents } from '../../shared/protocol.js';
import { REFERENCE } from '../../shared/experiments/attention-cv/reference.js';
import { RealServer } from '../support/real-server.js';
import { cpuSecondsOf, median, timeProcess } from './timed-process.js';

const pentachoron = fileURLToPath(new URL('../../../server/bin.js', import.meta.url));

type Viewer = Socket<ServerToClientEvents, ClientToServerEvents>;

interface StreamBenchOptions {
  engine: string;
  dims: string;
  heads: string;
  epochs: string;
  workers: string;
  rounds: string;
  viewers: string;
}

interface Served {
  /** From the server's start to the last run's end, as a viewer sees it. */
  seconds: number;
  /** Of the server's process alone, user and system, in that time. */
  cpuSeconds: number;
  /** Messages of frames that all viewers got together. */
  messages: number;
}

export function registerStreamBench(program: Command): void {
  program
    .command('stream')
    .description('the same sweep by sweep, by serve with one viewer, and by serve with many, in turn')
    .option('--engine <name>', 'engine to train on', 'auto')
    .option('--dims <list>', 'of the sweep', REFERENCE.dims.join())
    .option('--heads <list>', 'of the sweep', REFERENCE.heads.join())
    .option('--epochs <count>', 'of each run', String(REFERENCE.epochs))
    .option('--workers <count>', 'trainer processes', '2')
    .option('--viewers <count>', 'of the server with many', '100')
    .option('--rounds <count>', 'how often each runs', '5')
    .action(async (options: StreamBenchOptions) => {
      const { engine, dims, heads, epochs, workers } = options;
      const many = Number(options.viewers);
      const list = (text: string): number[] => text.split(',').map(Number);
      const spec = { dims: list(dims), heads: list(heads), epochs: Number(epochs) };
      const training = ['--engine', engine, '--workers', workers];
      const flags = ['sweep', '--dims', dims, '--heads', heads, '--epochs', epochs, ...training];
      const sweeps: number[] = [];
      const [one, crowd]: [Served[], Served[]] = [[], []];
      for (let round = 0; round < Number(options.rounds); round++) {
        sweeps.push((await timeProcess(process.execPath, [pentachoron, ...flags])).seconds);
        one.push(await serveSweep(spec, training, 1));
        crowd.push(await serveSweep(spec, training, many));
      }
      const ratios = one.map(({ seconds }, round) => seconds / sweeps[round]!).sort((a, b) => a - b);
      const runs = spec.dims.length * spec.heads.length;
      console.log(
        `${runs} runs of ${epochs} epochs, from process start to the last run's end, medians of ${sweeps.length}`,
      );
      console.log(`sweep                 ${median(sweeps).toFixed(2)} s`);
      console.log(line('serve, 1 viewer', one));
      console.log(line(`serve, ${many} viewers`, crowd));
      console.log(
        `serve with one viewer takes ${median(ratios).toFixed(3)} × of sweep in the median round (at most 1.05 is wanted), ` +
          `${ratios[0]!.toFixed(3)} to ${ratios.at(-1)!.toFixed(3)} in all`,
      );
    });
}

function line(name: string, served: Served[]): string {
  const of = (key: keyof Served): number => median(served.map((one) => one[key]));
  return `${name.padEnd(22)}${of('seconds').toFixed(2)} s; the server's own CPU time ${of('cpuSeconds').toFixed(2)} s for ${of('messages')} messages of frames`;
}

async function serveSweep(
  spec: { dims: number[]; heads: number[]; epochs: number },
  flags: string[],
  viewerCount: number,
): Promise<Served> {
  const started = performance.now();
  const server = await RealServer.start(flags);
  const viewers: Viewer[] = [];
  try {
    const connected = Array.from({ length: viewerCount }, () => connect(server.url));
    viewers.push(...(await Promise.all(connected)));
    let messages = 0;
    for (const viewer of viewers) viewer.on('run:frames', () => (messages += 1));
    const [first] = viewers;
    const over = first!.emitWithAck('runs:watch', {}).then(() => runsOver(first!, spec));
    const created = await first!.emitWithAck('sweep:create', spec);
    if (!created.ok) throw new Error(created.error.message);
    for (const viewer of viewers)
      for (const runId of created.data.runIds) viewer.emit('run:subscribe', { runId, after: -1 }, () => undefined);
    await over;
    const seconds = (performance.now() - started) / 1000;
    return { seconds, cpuSeconds: cpuSecondsOf(server.pid), messages };
  } finally {
    for (const viewer of viewers) viewer.disconnect();
    await server.close();
  }
}

function connect(url: string): Promise<Viewer> {
  const viewer: Viewer = io(url, { transports: ['websocket'], auth: { version: PROTOCOL_VERSION }, forceNew: true });
  return new Promise((resolve, reject) => {
    viewer.once('connect', () => resolve(viewer));
    viewer.once('connect_error', reject);
  });
}

/** Resolves when every run of the only sweep has completed. */
function runsOver(viewer: Viewer, { dims, heads }: { dims: number[]; heads: number[] }): Promise<void> {
  const expected = dims.length * heads.length;
  const completed = new Set<string>();
  return new Promise((resolve, reject) => {
    viewer.on('runs:changed', ({ runs }) => {
      for (const { id, status, error } of runs) {
        if (status === 'completed') completed.add(id);
        if (error != null) reject(new Error(error.message));
      }
      if (completed.size === expected) resolve();
    });
  });
}
