import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstValueFrom, lastValueFrom, NEVER, Subject, take, tap, toArray } from 'rxjs';
import { afterEach, expect, test } from 'vitest';
import { startTrainer } from '../../server/execution/trainer-child.js';
import {
  forkTrainer,
  type TrainerControl,
  type TrainerOptions,
  type TrainerProcess,
} from '../../server/execution/trainer-process.js';
import type { RunConfig } from '../../shared/experiments/attention-cv/sweep.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testConfig } from '../support/test-config.js';

const started: TrainerProcess[] = [];
const folder = temporaryFolder();

function pathOf(fixture: string): string {
  return fileURLToPath(new URL(`./fixtures/${fixture}.mjs`, import.meta.url));
}

function trainer(fixture: string, options: Partial<TrainerOptions> = {}): TrainerProcess {
  const process = forkTrainer({ trainerPath: pathOf(fixture), engine: 'auto', ...options });
  started.push(process);
  return process;
}

function job(runId: string, config: Partial<RunConfig> = {}) {
  return { runId, experiment: 'attention-cv', config: testConfig(config), checkpoints: null };
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((process) => process.end()));
});

test('a run is taken, sends all its frames in order and ends completed after its checkpoint', async () => {
  const checkpoints = { folder: join(folder, 'a'), files: [], isDurable: true };
  const events = await lastValueFrom(
    trainer('well-behaved')
      .train({ ...job('a', { epochs: 20 }), checkpoints }, NEVER)
      .pipe(toArray()),
  );
  expect(events[0]).toEqual({ type: 'claimed', engine: { name: 'cpu', version: 'auto', threads: 1 } });
  expect(events[1]).toEqual({ type: 'begun', from: null });
  const seqs = events.flatMap((event) => (event.type === 'frames' ? [event.fromSeq] : []));
  expect(seqs).toEqual(Array.from({ length: 21 }, (_, seq) => seq));
  expect(events.at(-2)).toMatchObject({ type: 'saved', checkpoint: { file: '20.ckpt', epoch: 20 } });
  expect(events.at(-1)).toEqual({ type: 'ended', status: 'completed' });
});

test('one trainer trains several runs, one after another', async () => {
  const process = trainer('well-behaved');
  for (const runId of ['a', 'b', 'c']) {
    const last = await lastValueFrom(process.train(job(runId, { epochs: 2 }), NEVER));
    expect(last).toEqual({ type: 'ended', status: 'completed' });
  }
});

test('a pause and a stop reach the trainer between two epochs', async () => {
  const process = trainer('well-behaved');
  for (const [control, status] of [
    ['pause', 'paused'],
    ['stop', 'stopped'],
  ] as const) {
    const control$ = new Subject<TrainerControl>();
    const events$ = process.train(job(control, { epochs: 50, sampleSeed: 1 }), control$).pipe(
      tap((event) => {
        if (event.type === 'frames' && event.fromSeq === 4) control$.next(control);
      }),
    );
    expect(await lastValueFrom(events$)).toEqual({ type: 'ended', status });
  }
});

test('a trainer that dies before it is ready has crashed, with its exit code and last words', async () => {
  const last = await lastValueFrom(trainer('crash-before-ready').train(job('a'), NEVER));
  expect(last).toMatchObject({ type: 'ended', status: 'crashed' });
  expect(last).toHaveProperty('message', expect.stringMatching(/exit code 7 .*no library to be found/));
});

test('a trainer that was started before and has exited meanwhile has crashed, with its last words', async () => {
  const options = { trainerPath: pathOf('crash-before-ready'), engine: 'auto' } as const;
  const child = startTrainer(options);
  await once(child.process, 'exit');
  const last = await lastValueFrom(forkTrainer(options, child).train(job('a'), NEVER));
  expect(last).toMatchObject({ type: 'ended', status: 'crashed' });
  expect(last).toHaveProperty(
    'message',
    expect.stringMatching(/ended with exit code 7 before it was ready.*no library to be found/),
  );
});

test('a trainer that could not be started has crashed, with the reason, whether that is known before or not', async () => {
  const options = { trainerPath: pathOf('well-behaved'), engine: 'auto' } as const;
  const { execPath } = process;
  process.execPath = '/no/such/node';
  const children = [startTrainer(options), startTrainer(options)];
  process.execPath = execPath;
  const early = forkTrainer(options, children[0]);
  await once(children[1]!.process, 'error');
  for (const trainer of [early, forkTrainer(options, children[1])]) {
    const last = await lastValueFrom(trainer.train(job('a'), NEVER));
    expect(last).toMatchObject({ type: 'ended', status: 'crashed' });
    expect(last).toHaveProperty('message', expect.stringMatching(/could not be started: .*ENOENT before it was ready/));
  }
});

test('a trainer that was started before and has ended meanwhile is heard: its engine cannot run', async () => {
  const options = { trainerPath: pathOf('unavailable'), engine: 'auto' } as const;
  const child = startTrainer(options);
  await Promise.all([once(child.process, 'exit'), once(child.process, 'disconnect')]);
  const last = await lastValueFrom(forkTrainer(options, child).train(job('a'), NEVER));
  expect(last).toEqual({ type: 'ended', status: 'unavailable', message: 'there is no GPU' });
});

test('a trainer whose engine cannot run says why', async () => {
  const last = await lastValueFrom(trainer('unavailable').train(job('a'), NEVER));
  expect(last).toEqual({ type: 'ended', status: 'unavailable', message: 'there is no GPU' });
});

test('a trainer that is not ready in time is given up, and killed where it does not listen', async () => {
  const process = trainer('hang-at-init', { readyTimeoutMs: 4000 });
  const last = await lastValueFrom(process.train(job('a'), NEVER));
  expect(last).toHaveProperty('message', expect.stringMatching(/not ready within 4 s; its last output: loading/));
  expect(await firstValueFrom(process.exit$)).toMatch(/was ended by SIGKILL/);
});

test('a trainer that dies with a run in hand has crashed: its frames arrive, then how it ended', async () => {
  const events = await lastValueFrom(trainer('crash-mid-run').train(job('a'), NEVER).pipe(toArray()));
  expect(events.map((event) => event.type)).toEqual(['claimed', 'begun', 'frames', 'ended']);
  expect(events.at(-1)).toEqual({
    type: 'ended',
    status: 'crashed',
    message: 'the trainer ended with exit code 3; its last output: out of memory',
  });
});

test('a trainer that is killed names the signal, and a run given to it later fails at once', async () => {
  const process = trainer('crash-mid-run');
  const last = { type: 'ended', status: 'crashed', message: 'the trainer was ended by SIGKILL' };
  expect(await lastValueFrom(process.train(job('killed'), NEVER))).toEqual(last);
  expect(await lastValueFrom(process.train(job('later'), NEVER))).toEqual(last);
});

test('a trainer that is left in the middle of a run is ended', async () => {
  const process = trainer('well-behaved');
  await lastValueFrom(process.train(job('a', { epochs: 100_000 }), NEVER).pipe(take(3)));
  expect(await firstValueFrom(process.exit$)).toMatch(/was ended by SIGKILL/);
});

test('a trainer that falls silent with a run in hand is killed and has crashed; before its first report it has longer', async () => {
  const process = trainer('hang', { silenceMs: 200 });
  const last = await lastValueFrom(process.train(job('a'), NEVER));
  expect(last).toEqual({
    type: 'ended',
    status: 'crashed',
    message: 'the trainer reported nothing for 0.25 s; its last output: stuck',
  });
  expect(await firstValueFrom(process.exit$)).toMatch(/reported nothing for 0.25 s/);
  const silent = await lastValueFrom(trainer('hang', { silenceMs: 50 }).train(job('at-once'), NEVER));
  expect(silent).toHaveProperty('message', expect.stringMatching(/reported nothing for 0\.512?5? s/));
});

test('a trainer that holds too much memory is killed, by what it reports and by what the system tells', async () => {
  const limits = { maxRssBytes: 150 * 2 ** 20 };
  const reported = await lastValueFrom(trainer('grow-memory', limits).train(job('reports'), NEVER));
  expect(reported).toMatchObject({ type: 'ended', status: 'crashed' });
  const message = /^the trainer held \d+ MB of memory, and --max-rss allows 150/;
  expect(reported).toHaveProperty('message', expect.stringMatching(message));
  if (globalThis.process.platform !== 'linux') return;
  const silent = await lastValueFrom(trainer('grow-memory', limits).train(job('silent'), NEVER));
  expect(silent).toHaveProperty('message', expect.stringMatching(message));
});

test('a run of another engine, or of other ops, is refused before it begins, and taken where that is allowed', async () => {
  const process = trainer('well-behaved');
  const refused = await lastValueFrom(process.train({ ...job('a'), build: { engine: 'wasm' } }, NEVER).pipe(toArray()));
  expect(refused).toMatchObject([{ type: 'ended', status: 'refused' }]);
  expect(refused[0]).toHaveProperty(
    'message',
    expect.stringMatching(/trained on the engine wasm, and this is cpu.*--allow-engine-change/),
  );
  const otherOps = await lastValueFrom(process.train({ ...job('c'), build: { engine: 'cpu/tensor' } }, NEVER));
  expect(otherOps).toMatchObject({
    ...{ type: 'ended', status: 'refused' },
    message: expect.stringMatching(
      /trained on the engine cpu\/tensor, and this is cpu.*--engine cpu --ops tensor,/,
    ) as string,
  });
  const allowed = process.train(
    { ...job('b', { epochs: 1 }), build: { engine: 'wasm' }, allowEngineChange: true },
    NEVER,
  );
  expect(await lastValueFrom(allowed)).toEqual({ type: 'ended', status: 'completed' });
});

test('a module that is not there is an end like any other', async () => {
  const last = await lastValueFrom(trainer('no-such-module').train(job('a'), NEVER));
  expect(last).toMatchObject({ type: 'ended', status: 'crashed' });
});
