import { expect, test } from 'vitest';
import type { TrainerState } from '../../server/engine/messages.js';
import { type CheckpointStore, createFileCheckpoints } from '../../server/store/checkpoints.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { noFindings } from './campaign.js';
import { checkpointDamage, damage } from './checkpoint-damage.js';

const folder = temporaryFolder();

test('a checkpoint that is cut short or has a wrong bit is detected, and the one before is used', async () => {
  expect(await checkpointDamage.run(200)).toEqual({ ...noFindings(), cases: 200 });
});

test('the campaign notices a store that trusts its files', async () => {
  const checkpoints = createFileCheckpoints(folder);
  const saved = new Map<string, TrainerState>();
  const trusting: CheckpointStore = {
    ...checkpoints,
    async save(...parameters) {
      const row = await checkpoints.save(...parameters);
      saved.set(row.file, parameters[1]);
      return row;
    },
    loadLatest: ([newest]) => Promise.resolve(saved.get(newest?.file ?? '') ?? null),
  };
  const { failures, differing } = await damage(trusting, folder, 10);
  expect({ undetected: failures.length, differing }).toEqual({ undetected: 10, differing: 10 });
});
