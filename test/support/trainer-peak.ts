/** What a real trainer holds at most while it trains a config, as Linux tells it. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckpointFile } from '../../server/checkpoints/checkpoint-file.js';
import type { TrainerReport } from '../../server/execution/messages.js';
import { startTrainer } from '../../server/execution/trainer-child.js';
import type { EngineChoice } from '../../shared/engine.js';
import type { RunConfig } from '../../shared/experiments/attention-cv/sweep.js';
import { builtFile } from '../faults/built-file.js';

export interface TrainedOnce {
  peakBytes: number;
  /** The one that was written last. */
  checkpoint: CheckpointFile;
}

/**
 * Trains to the end in a process that is gone when this resolves or rejects.
 * @param folder in which the run's folder of checkpoints is made
 * @param files the run's checkpoints that are there already
 */
export async function trainerPeak(
  engine: EngineChoice,
  runId: string,
  config: RunConfig,
  folder: string,
  files: CheckpointFile[] = [],
): Promise<TrainedOnce> {
  // Without its low priority, so that a busy machine does not keep it waiting.
  const child = startTrainer({ trainerPath: builtFile('server/execution/trainer-loop.js'), engine });
  const exited = once(child.process, 'exit');
  try {
    return await new Promise((resolve, reject) => {
      let checkpoint: CheckpointFile | undefined;
      child.listen((report: TrainerReport) => {
        if (report.type === 'ready') {
          const checkpoints = { folder: join(folder, runId), files, isDurable: false };
          child.process.send({ type: 'train', runId, experiment: 'attention-cv', config, checkpoints });
        } else if (report.type === 'saved') checkpoint = report.checkpoint;
        else if (report.type === 'ended' && report.status === 'completed' && checkpoint)
          resolve({ peakBytes: peakBytes(child.process.pid!), checkpoint });
        else if (report.type === 'ended' || report.type === 'unavailable') reject(new Error(JSON.stringify(report)));
      });
      child.process.on('exit', () => reject(new Error(child.lastWords())));
    });
  } finally {
    child.process.kill('SIGKILL');
    await exited;
  }
}

function peakBytes(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}
