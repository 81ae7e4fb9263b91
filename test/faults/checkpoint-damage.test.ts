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
  const trusting: typeof readNewestCheckpoint = async (place, runId, types) => {
    const older = { ...place, files: place.files.slice(1) };
    const state = await readNewestCheckpoint(older, runId, types, () => undefined);
    return state && { ...state, step: 20 };
  };
  const { failures, differing } = await damage(folder, 10, trusting);
  expect({ undetected: failures.length, differing }).toEqual({ undetected: 11, differing: 10 });
});
