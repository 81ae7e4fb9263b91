/** The experiments that the page shows in their own terms: the one place that knows them by name. */
import type { ExperimentPage } from '../runs/experiment-page.js';
import { attentionPage } from './attention-cv/page.js';
import { registerExperiment } from './experiments.js';

/** The first stands where no sweep is yet, and begins new ones. */
export const EXPERIMENT_PAGES: readonly [ExperimentPage, ...ExperimentPage[]] = [attentionPage];

for (const { experiment } of EXPERIMENT_PAGES) registerExperiment(experiment);
