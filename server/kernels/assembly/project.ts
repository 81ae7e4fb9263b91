import { addRow } from './lanes';
import { multiplyPanels } from './multiply-panels';
import { at, Plan } from './plan';
import { transpose } from './transpose';

/**
 * The dense products before the samples, over the R rows of the table:
 *   projected = table · inWeightᵀ;  folded_i = V_i · outWeight_iᵀ
 * with V_i the values of head i in `projected`, outWeight_i its columns of the output projection.
 */
export function project(plan: Plan): void {
  const rows = plan.vocab + plan.seqLen, wide = plan.wide, headWide = plan.headWide, heads = plan.heads;
  const allHeads = heads * headWide, rowWide = 3 * allHeads;
  multiplyPanels(
    rows, rowWide, wide, plan.table, wide, plan.inWeight, wide, true, plan.projected, rowWide, false, plan.panel,
  );
  for (let head = 0; head < heads; head++) {
    multiplyPanels(
      rows, wide, headWide,
      at(plan.projected, 2 * allHeads + head * headWide), rowWide,
      at(plan.outWeight, head * headWide), allHeads, true,
      at(plan.folded, head * rows * wide), wide, false, plan.panel,
    );
  }
}

/**
 * Back through `project`, from dFolded and the queries' and keys' thirds of dProjected:
 *   dV_i = dFolded_i · outWeight_i → dProjected;  dOutWeight_iᵀ = V_iᵀ · dFolded_i
 *   dTable += dProjected · inWeight;  dInWeight = dProjectedᵀ · table
 * Every row of h has one position, so dInBias is the sum of dProjected's rows of positions.
 */
export function projectGradient(plan: Plan): void {
  const rows = plan.vocab + plan.seqLen, wide = plan.wide, headWide = plan.headWide, heads = plan.heads;
  const allHeads = heads * headWide, rowWide = 3 * allHeads;
  const rowsWide = (rows + 3) & ~3;
  transpose(rows, allHeads, at(plan.projected, 2 * allHeads), rowWide, plan.transposed, rowsWide);
  for (let head = 0; head < heads; head++) {
    const dFolded = at(plan.dFolded, head * rows * wide);
    multiplyPanels(
      rows, headWide, wide, dFolded, wide,
      at(plan.outWeight, head * headWide), allHeads, false,
      at(plan.dProjected, 2 * allHeads + head * headWide), rowWide, false, plan.panel,
    );
    multiplyPanels(
      headWide, wide, rows, at(plan.transposed, head * headWide * rowsWide), rowsWide,
      dFolded, wide, false,
      at(plan.dOutWeight, head * headWide * wide), wide, false, plan.panel,
    );
  }
  multiplyPanels(
    rows, wide, rowWide, plan.dProjected, rowWide, plan.inWeight, wide, false, plan.dTable, wide, true, plan.panel,
  );
  transpose(rows, rowWide, plan.dProjected, rowWide, plan.transposed, rowsWide);
  multiplyPanels(
    rowWide, wide, rows, plan.transposed, rowsWide, plan.table, wide, false, plan.dInWeight, wide, false, plan.panel,
  );
  memory.fill(plan.dInBias, 0, <usize>rowWide << 2);
  for (let s = 0; s < plan.seqLen; s++) addRow(plan.dInBias, at(plan.dProjected, (plan.vocab + s) * rowWide), rowWide);
}
