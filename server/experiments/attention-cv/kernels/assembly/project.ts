import { addRow } from './lanes';
import { multiplyPanels } from './multiply-panels';
import { at, Plan } from './plan';
import { transpose } from './transpose';

/** The product before the samples, over the R rows of the table: projected = table · inWeightᵀ. */
export function project(plan: Plan): void {
  const wide = plan.wide, rowWide = 3 * plan.heads * plan.headWide;
  multiplyPanels(
    plan.vocab + plan.seqLen, rowWide, wide,
    plan.table, wide, plan.inWeight, wide, true, plan.projected, rowWide, false, plan.panel, plan.exact != 0,
  );
}

/**
 * Back through `project`: dTable += dProjected · inWeight;  dInWeight = dProjectedᵀ · table.
 * Every row of h has one position, so dInBias is the sum of dProjected's rows of positions.
 */
export function projectGradient(plan: Plan): void {
  const rows = plan.vocab + plan.seqLen, wide = plan.wide, rowWide = 3 * plan.heads * plan.headWide;
  const rowsWide = (rows + 3) & ~3;
  // By itself, in room that is free again: sums begun at what the samples gave would lose more.
  multiplyPanels(
    rows, wide, rowWide, plan.dProjected, rowWide, plan.inWeight, wide, false, plan.folded, wide, false, plan.panel, plan.exact != 0,
  );
  addRow(plan.dTable, plan.folded, rows * wide);
  transpose(rows, rowWide, plan.dProjected, rowWide, plan.transposed, rowsWide);
  multiplyPanels(
    rowWide, wide, rows, plan.transposed, rowsWide, plan.table, wide, false, plan.dInWeight, wide, false, plan.panel, plan.exact != 0,
  );
  memory.fill(plan.dInBias, 0, <usize>rowWide << 2);
  for (let s = 0; s < plan.seqLen; s++) addRow(plan.dInBias, at(plan.dProjected, (plan.vocab + s) * rowWide), rowWide);
}
