/** Registers the page's experiments before each file of tests, as the page does; without the elements, which need a browser. */
import { attentionCv } from '../../client/experiments/attention-cv/page-experiment.js';
import { registerExperiment } from '../../client/experiments/experiments.js';

registerExperiment(attentionCv);
