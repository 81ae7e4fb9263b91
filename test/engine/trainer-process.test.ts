import { fileURLToPath } from 'node:url';
import { firstValueFrom, lastValueFrom, NEVER, Subject, take, tap, toArray } from 'rxjs';
import { afterEach, expect, test } from 'vitest';
import { forkTrainer, type TrainerControl, type TrainerProcess } from '../../server/engine/trainer-process.js';
import type { RunConfig } from '../../shared/sweep.js';
import { testConfig } from '../support/test-config.js';

const started: TrainerProcess[] = [];

function trainer(fixture: string, options: { readyTimeoutMs?: number; graceMs?: number } = {}): TrainerProcess {
  const trainerPath = fileURLToPath(new URL(`./fixtures/${fixture}.mjs`, import.meta.url));
  const process = forkTrainer({ trainerPath, engine: 'auto', ...options });
  started.push(process);
  return process;
}

function job(runId: string, config: Partial<RunConfig> = {}) {
  return { runId, config: testConfig(config), state: null };
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((process) => process.end()));
});

test('a run is taken, sends all its frames in order and ends completed after its state', async () => {
  const events = await lastValueFrom(
    trainer('well-behaved')
      .train(job('a', { epochs: 20 }), NEVER)
      .pipe(toArray()),
  );
  expect(events[0]).toEqual({ type: 'taken', engine: { name: 'cpu', version: 'auto', threads: 1 } });
  const seqs = events.flatMap((event) => (event.type === 'frames' ? [event.fromSeq] : []));
  expect(seqs).toEqual(Array.from({ length: 21 }, (_, seq) => seq));
  expect(events.at(-2)).toMatchObject({
    type: 'state',
    state: { epoch: 20, parameters: new Float32Array([20, 1, 2]) },
  });
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

test('a trainer that dies before it is ready is unavailable, with its exit code and last words', async () => {
  const last = await lastValueFrom(trainer('crash-before-ready').train(job('a'), NEVER));
  expect(last).toMatchObject({ type: 'ended', status: 'unavailable' });
  expect(last).toHaveProperty('message', expect.stringMatching(/exit code 7 .*no library to be found/));
});

test('a trainer whose engine cannot run says why', async () => {
  const last = await lastValueFrom(trainer('unavailable').train(job('a'), NEVER));
  expect(last).toEqual({ type: 'ended', status: 'unavailable', message: 'there is no GPU' });
});

test('a trainer that is not ready in time is given up, and killed where it does not listen', async () => {
  const process = trainer('hang-at-init', { readyTimeoutMs: 4000, graceMs: 50 });
  const last = await lastValueFrom(process.train(job('a'), NEVER));
  expect(last).toHaveProperty('message', expect.stringMatching(/not ready within 4 s; its last output: loading/));
  expect(await firstValueFrom(process.exit$)).toMatch(/was ended by SIGKILL/);
});

test('a trainer that dies with a run in hand has crashed: its frames arrive, then how it ended', async () => {
  const events = await lastValueFrom(trainer('crash-mid-run').train(job('a'), NEVER).pipe(toArray()));
  expect(events.map((event) => event.type)).toEqual(['taken', 'frames', 'ended']);
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
  expect(await firstValueFrom(process.exit$)).toMatch(/was ended by SIGTERM/);
});

test('a module that is not there is an end like any other', async () => {
  const last = await lastValueFrom(trainer('no-such-module').train(job('a'), NEVER));
  expect(last).toMatchObject({ type: 'ended', status: 'unavailable' });
});
