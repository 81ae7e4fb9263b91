/** What the view of one run keeps: which part of it is read, which groups of charts are folded, its log and checkpoints. */
import { CollapsedGroups } from '../../charts/chart-choices.js';
import { readCheckpoints, readLog } from '../../data/commands.js';
import { oneOf } from '../../data/page-address.js';
import { RunCheckpoints, RunLog } from '../../data/run-log.js';
import { featureState, type Observatory } from '../observatory.js';

export const RUN_PARTS = ['series', 'measurements', 'log'] as const;
export type RunPart = (typeof RUN_PARTS)[number];

class RunViewChoice {
  readonly part;
  readonly folds;
  readonly log: RunLog;
  readonly checkpoints: RunCheckpoints;

  constructor({ address, runList }: Observatory) {
    this.part = address.field('part', oneOf(RUN_PARTS, 'series'));
    this.folds = new CollapsedGroups(address, 'run-fold');
    this.log = new RunLog(runList, readLog);
    this.checkpoints = new RunCheckpoints(this.log, readCheckpoints);
  }
}

export const runViewChoice = featureState((observatory) => new RunViewChoice(observatory));
