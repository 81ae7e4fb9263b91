/** What is chosen in the view of one run: which part of it is read, and which groups of charts are folded. */
import { CollapsedGroups } from './collapsed-groups.js';
import { oneOf, type PageAddress } from './page-address.js';

export const RUN_PARTS = ['series', 'measurements', 'log'] as const;
export type RunPart = (typeof RUN_PARTS)[number];

export class RunViewChoice {
  readonly part;
  readonly folds;

  constructor(address: PageAddress) {
    this.part = address.field('part', oneOf(RUN_PARTS, 'series'));
    this.folds = new CollapsedGroups(address, 'run-fold');
  }
}
