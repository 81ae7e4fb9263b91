/** How a terminal names a run among others. */
import { attentionConfig, type RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import type { Run } from '../../../shared/run.js';

/** `64/4`, with what else the grid varies. */
export function runLabel(run: Run, runs: readonly Run[]): string {
  const { dim, heads, seed, lr } = attentionConfig(run);
  const varies = (value: (config: RunConfig) => number): boolean =>
    new Set(runs.map((each) => value(attentionConfig(each)))).size > 1;
  return `${dim}/${heads}${varies((one) => one.seed) ? ` seed ${seed}` : ''}${varies((one) => one.lr) ? ` lr ${lr}` : ''}`;
}
