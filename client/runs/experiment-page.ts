/** What an experiment adds to the page beside its words for runs: views, the dialog of a new sweep, the page without one. */
import type { TemplateResult } from 'lit';
import type { Observatory } from './observatory.js';
import type { ViewName } from '../data/navigation.js';
import type { PageExperiment } from '../experiments/experiment.js';

export interface View {
  name: ViewName;
  /** Undefined: not among the tabs. */
  tab?: string;
  /** Behind `g`, the key that goes to it; only views with a tab have one. */
  letter?: string;
  load: () => Promise<unknown>;
  render: (observatory: Observatory) => TemplateResult;
}

export interface ExperimentPage {
  experiment: PageExperiment;
  /** In the order of their tabs. */
  views: readonly View[];
  /** What stands where there is no sweep yet. */
  emptyState: (observatory: Observatory) => TemplateResult;
  /** The dialog `new-sweep`. @param made called once a sweep was begun in it */
  sweepForm: (observatory: Observatory, made: () => void) => TemplateResult;
}
