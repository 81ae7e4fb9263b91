/** Which runs are of the attention experiment, and what their configs hold. */
import { ATTENTION_CV } from '../../../shared/experiments/attention-cv/reference.js';
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import type { Run } from '../../../shared/run.js';
import type { RunLine } from '../../runs/run-lines.js';

/** Apart from `shared/experiments/attention-cv/sweep.ts`, which would bring zod along. */
export function configOf({ config }: Pick<Run, 'config'>): RunConfig {
  return config as RunConfig;
}

/** Whether a run is one that the views of the experiment are about. */
export function isAttention({ source, experiment }: Pick<Run, 'source' | 'experiment'>): boolean {
  return source === 'local' && experiment === ATTENTION_CV;
}

/** Why a view of the grid shows nothing. @param shown all runs that the page shows, none of which has a place there */
export function nothingShownWords(shown: readonly RunLine[]): string {
  return shown.length === 0
    ? 'No run is shown: choose some in the table of runs.'
    : 'None of the runs that are shown is of the attention experiment, which this view is about.';
}

/** Those that have a place on the grid of dims and heads. */
export function onGrid(lines: readonly RunLine[]): readonly RunLine[] {
  return lines.filter(({ run }) => isAttention(run));
}
