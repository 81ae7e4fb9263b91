/** The experiments that the page shows in their own terms: the one place that knows them by name. */
import { attentionCv } from './attention-cv/page-experiment.js';
import { attentionViews } from './attention-cv/views.js';
import { registerExperiment } from './experiments.js';
import type { View } from '../runs/view.js';
import './attention-cv/empty-state.js';
import './attention-cv/sweep-form.js';

registerExperiment(attentionCv);

/** What they add to the page, in the order of its tabs. */
export const EXPERIMENT_VIEWS: readonly View[] = attentionViews;

/** The form of a new sweep, which is one of the built-in experiment. */
export type { SweepForm } from './attention-cv/sweep-form.js';
