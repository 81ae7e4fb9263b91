/** What a real trainer holds at most, as the system tells it, against what it is estimated to take. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { CheckpointFile, TrainerReport } from '../../server/engine/messages.js';
import { startTrainer, type TrainerChild } from '../../server/engine/trainer-child.js';
import type { RunConfig } from '../../shared/sweep.js';
import { trainerBytes } from '../../shared/trainer-memory.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testConfig } from '../support/test-config.js';

const MB = 2 ** 20;
/** Without its low priority, so that a busy machine does not keep it waiting. */
const trainerPath = fileURLToPath(new URL('../../dist/server/engine/trainer-loop.js', import.meta.url));
const folder = temporaryFolder();
const started: TrainerChild[] = [];

afterEach(async () => {
  for (const { process } of started.splice(0)) {
    const exited = once(process, 'exit');
    process.kill('SIGKILL');
    await exited;
  }
});

/** Trains on `wasm` to the end, from the checkpoints in `files`; peak in bytes, and the checkpoint written last. */
function train(runId: string, config: RunConfig, files: CheckpointFile[] = []) {
  const child = startTrainer({ trainerPath, engine: 'wasm' });
  started.push(child);
  return new Promise<{ peak: number; checkpoint: CheckpointFile }>((resolve, reject) => {
    let checkpoint: CheckpointFile | undefined;
    child.listen((report: TrainerReport) => {
      if (report.type === 'ready') {
        const checkpoints = { folder: join(folder, runId), files, isDurable: false };
        child.process.send({ type: 'train', runId, config, checkpoints });
      } else if (report.type === 'saved') checkpoint = report.checkpoint;
      else if (report.type === 'ended' && report.status === 'completed' && checkpoint) {
        resolve({ peak: peakBytes(child.process.pid!), checkpoint });
      } else if (report.type === 'ended') reject(new Error(JSON.stringify(report)));
    });
    child.process.on('exit', () => reject(new Error(child.lastWords())));
  });
}

function peakBytes(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}

function expectEstimated(peak: number, config: RunConfig): void {
  const estimate = trainerBytes(config, ['wasm']);
  expect(estimate / MB).toBeGreaterThanOrEqual(peak / MB);
  expect(estimate / MB).toBeLessThanOrEqual(Math.max(2 * (peak / MB), peak / MB + 150));
}

const few = { epochs: 1, classes: 2, samplesPerClass: 2, samples: 10 };

test.runIf(process.platform === 'linux').each<[string, Partial<RunConfig>]>([
  ['next to nothing', { ...few, dim: 4, headDim: 4 }],
  ['tables of many heads', { ...few, dim: 256, heads: 128, headDim: 2, vocab: 512, seqLen: 8 }],
  ['attention of long sequences', { ...few, dim: 32, heads: 32, headDim: 1, seqLen: 512 }],
  ['volumes of many samples and series', { ...few, dim: 64, heads: 64, headDim: 1, seqLen: 1, samples: 10_000 }],
  [
    'data of many tokens',
    { ...few, dim: 4, headDim: 4, epochs: 0, vocab: 65_536, seqLen: 32, samplesPerClass: 10_000 },
  ],
])('the estimate is above the measured peak, by less than twice: %s', async (title, fields) => {
  const config = testConfig(fields);
  const { peak } = await train(title.replaceAll(' ', '-'), config);
  expectEstimated(peak, config);
});

test.runIf(process.platform === 'linux')('… and of many parameters, when they come from a checkpoint', async () => {
  const config = testConfig({ ...few, dim: 512, headDim: 512, vocab: 3000, seqLen: 1 });
  const { peak, checkpoint } = await train('parameters', config);
  expectEstimated(peak, config);
  const longer = { ...config, epochs: 2 };
  const resumed = await train('parameters', longer, [checkpoint]);
  expectEstimated(resumed.peak, longer);
});
