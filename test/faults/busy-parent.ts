/** A parent to be killed: two trainers, forked from the module named in argv, with epochs that take seconds. */
import { NEVER } from 'rxjs';
import { forkTrainer } from '../../server/execution/trainer-process.js';
import { testConfig } from '../support/test-config.js';

const config = testConfig({
  ...{ dim: 256, heads: 8, headDim: 32, vocab: 1024, seqLen: 32, classes: 10, samplesPerClass: 100, samples: 300 },
  epochs: 1000,
});
const trainerPath = process.argv[2] ?? '';
for (const runId of ['a', 'b']) {
  forkTrainer({ trainerPath, engine: 'wasm' })
    .train({ runId, experiment: 'attention-cv', config, checkpoints: null }, NEVER)
    .subscribe(({ type }) => {
      if (type === 'claimed') process.send?.('busy');
    });
}
process.send?.('forked');
