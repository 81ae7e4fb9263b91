/** Runs where libtensorflow is; `.ci/run` sees to it that it is, where that can be, and then demands it. */
import { fileURLToPath } from 'node:url';
import { lastValueFrom, NEVER, tap, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { startTrainer } from '../../server/execution/trainer-child.js';
import { forkTrainer, type TrainerEvent } from '../../server/execution/trainer-process.js';
import { firstLineOf } from '../../server/message-of.js';
import { openEngine } from '../../server/experiments/attention-cv/engine/backend.js';
import { LOCAL_COLUMNS } from '../../shared/run.js';
import {
  checkDegenerate,
  checkLongSequence,
  checkScriptRun,
  checkTrajectory,
  checkTruth,
  ODD_RUNS,
  REFERENCE_RUNS,
  TRAJECTORIES,
  TRUTHS,
} from '../support/conformance.js';
import { testConfig } from '../support/test-config.js';

const absence = await openEngine('native').then(() => null, firstLineOf);

const SECONDS = LOCAL_COLUMNS.indexOf('seconds');

/** The values of a run's frames but for when they came, its end, and how often it was interrupted. */
async function told(msBetweenSignals: number): Promise<{ values: number[][]; last: TrainerEvent; signals: number }> {
  const trainerPath = fileURLToPath(new URL('../../dist/server/execution/trainer-main.js', import.meta.url));
  const child = startTrainer({ trainerPath, engine: 'native' });
  const trainer = forkTrainer({ trainerPath, engine: 'native' }, child);
  let signals = 0;
  let timer: NodeJS.Timeout | undefined;
  const config = testConfig({ dim: 256, heads: 4, headDim: 64, vocab: 256, epochs: 20 });
  const told$ = trainer.train({ runId: 'a', experiment: 'attention-cv', config, checkpoints: null }, NEVER).pipe(
    tap(({ type }) => {
      if (type === 'claimed')
        timer = setInterval(() => (signals += Number(child.process.kill('SIGINT'))), msBetweenSignals);
    }),
    toArray(),
  );
  const events = await lastValueFrom(told$);
  clearInterval(timer);
  await trainer.end();
  const values = events.flatMap((event) => {
    if (event.type !== 'frames') return [];
    const width = event.values.length / event.rows;
    return Array.from({ length: event.rows }, (_, row) =>
      [...event.values.subarray(row * width, (row + 1) * width)].toSpliced(SECONDS, 1),
    );
  });
  return { values, last: events.at(-1)!, signals };
}

if (absence === null) {
  it('trains to the same bits when it is interrupted at every moment', async () => {
    const calm = await told(1e6);
    const interrupted = await told(1);
    expect([calm.signals, calm.values.length]).toEqual([0, 21]);
    expect(interrupted.last).toEqual({ type: 'ended', status: 'completed' });
    expect(interrupted.values).toEqual(calm.values);
    expect(interrupted.signals).toBeGreaterThan(20);
  });

  describe.each(['native', 'native/tensor'] as const)('the engine %s', (engine) => {
    it.each([...REFERENCE_RUNS, ...ODD_RUNS])('agrees with the PyTorch script on %s', async (name) => {
      await checkScriptRun(name, engine);
    });

    it.each(TRAJECTORIES)('agrees with %s at every epoch on the fixed sample', async (name) => {
      await checkTrajectory(name, engine);
    });

    it('gives a value or the reason why there is none for head sizes 1 to 5', async () => {
      await checkDegenerate(engine);
    });

    it('agrees with the script on sequences of 512', async () => {
      await checkLongSequence(engine);
    });

    it.each(TRUTHS)('is no farther from float64 than PyTorch on %s', async (name) => {
      await checkTruth(name, engine);
    });
  });
} else {
  it(`the engine native is told to be absent: ${absence}`, () => {
    expect(absence).not.toBe('');
    expect(process.env['NATIVE_ENGINE'], 'what was set up must run').not.toBe('required');
  });
}
