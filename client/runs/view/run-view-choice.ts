/** What the view of one run keeps: which part of it is read, which groups of charts are folded, its log and checkpoints. */
import { CollapsedGroups } from '../../charts/chart-choices.js';
import type { Run } from '../../../shared/run.js';
import { readCheckpoints, readLog, readOutput } from '../../data/commands.js';
import { oneOf } from '../../data/page-address.js';
import { RunCheckpoints, RunLog } from '../../data/run-log.js';
import { RunOutput } from '../../data/run-output.js';
import { featureState, type Observatory } from '../observatory.js';

export const RUN_PARTS = ['series', 'measurements', 'output', 'program', 'log'] as const;
export type RunPart = (typeof RUN_PARTS)[number];

class RunViewChoice {
  readonly part;
  readonly folds;
  readonly log: RunLog;
  readonly checkpoints: RunCheckpoints;
  readonly output: RunOutput;

  constructor({ address, runList }: Observatory) {
    this.part = address.field('part', oneOf(RUN_PARTS, 'series'));
    this.folds = new CollapsedGroups(address, 'run-fold');
    this.log = new RunLog(runList, readLog);
    this.checkpoints = new RunCheckpoints(this.log, readCheckpoints);
    this.output = new RunOutput(runList, readOutput);
  }
}

export const runViewChoice = featureState((observatory) => new RunViewChoice(observatory));

/** The part that is chosen, or the first where a run of its kind has none such. */
export function shownPart(observatory: Observatory, { source }: Pick<Run, 'source'>): RunPart {
  const { value: part } = runViewChoice(observatory).part;
  const others: readonly RunPart[] = source === 'local' ? ['output', 'program'] : ['measurements'];
  return others.includes(part) ? 'series' : part;
}
