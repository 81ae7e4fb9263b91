/** A trainer process that has the walk beside the built-in experiment. */
import { registerExperiment } from '../../../server/experiments/registry.js';
import { walk } from './walk.js';

registerExperiment(walk);
await import('../../../server/execution/trainer-main.js');
