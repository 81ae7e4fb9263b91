/** What a trainer holds at most, of small configs and of a large one, beside what it is estimated to take. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ENGINE_NAMES, runEngine } from '../../shared/engine.js';
import { REFERENCE, type RunConfig } from '../../shared/experiments/attention-cv/sweep.js';
import { trainerBytes } from '../../shared/experiments/attention-cv/memory.js';
import { openEngine } from '../../server/experiments/attention-cv/engine/backend.js';
import { trainerPeak } from '../support/trainer-peak.js';

const MB = 2 ** 20;

const SHAPES = [
  { title: 'the smallest of the reference sweep', dim: 64, heads: 1 },
  { title: 'the largest of the reference sweep', dim: 256, heads: 8 },
  { title: 'seq-len 64 and 5,000 samples', dim: 1024, heads: 16, seqLen: 64, samplesPerClass: 500 },
];

export function registerMemoryBench(program: Command): void {
  program
    .command('memory')
    .description('most memory that a trainer holds in two epochs, of three configs')
    .option('--engine <name>', 'engine to train on', 'wasm')
    .action(async (options: { engine: string }) => {
      const engine = ENGINE_NAMES.find((name) => name === options.engine);
      if (engine === undefined) throw new Error(`--engine must be one of ${ENGINE_NAMES.join(', ')}`);
      const opened = runEngine(await openEngine(engine, 'auto'));
      const folder = mkdtempSync(join(tmpdir(), 'pentachoron-bench-'));
      try {
        for (const { title, dim, heads, ...sizes } of SHAPES) {
          const { vocab, seqLen, classes, samplesPerClass, samples, sampleSeed } = REFERENCE;
          const config: RunConfig = {
            ...{ dim, heads, headDim: dim / heads, seed: 42, lr: 1e-3, epochs: 2, every: 1 },
            ...{ vocab, seqLen, classes, samplesPerClass, samples, sampleSeed },
            ...sizes,
          };
          const { peakBytes } = await trainerPeak(engine, `${dim}-${heads}`, config, folder);
          const estimate = trainerBytes(config, [opened]);
          console.log(
            `dim ${dim}, ${heads} heads, ${title}: ${(peakBytes / MB).toFixed(0)} MB on ${opened}, ${(estimate / MB).toFixed(0)} MB estimated`,
          );
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
}
