import { expect, test } from 'vitest';
import { readNewestCheckpoint } from '../../server/checkpoints/checkpoint-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { noFindings } from './campaign.js';
import { checkpointDamage, damage } from './checkpoint-damage.js';

const folder = temporaryFolder();

test('a checkpoint that is cut short or has a wrong bit is detected, and the one before is used', async () => {
  expect(await checkpointDamage.run(200)).toEqual({ ...noFindings(), cases: 200 });
});

test('the campaign notices a trainer that trusts its files', async () => {
  const trusting: typeof readNewestCheckpoint = async (place, runId) => {
    const state = await readNewestCheckpoint({ ...place, files: place.files.slice(1) }, runId, () => undefined);
    return state && { ...state, epoch: 20 };
  };
  const { failures, differing } = await damage(folder, 10, trusting);
  expect({ undetected: failures.length, differing }).toEqual({ undetected: 11, differing: 10 });
});
