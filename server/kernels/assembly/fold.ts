import { multiplyPanels } from './multiply-panels';
import { at, Plan } from './plan';
import { transpose } from './transpose';

/**
 * Values through the output projection, over the R rows of the table: folded_i = V_i · outWeight_iᵀ, with V_i the
 * values of head i in `projected`, outWeight_i its columns of the output projection.
 */
export function fold(plan: Plan): void {
  const rows = plan.vocab + plan.seqLen, wide = plan.wide, headWide = plan.headWide, heads = plan.heads;
  const allHeads = heads * headWide, rowWide = 3 * allHeads;
  for (let head = 0; head < heads; head++) {
    multiplyPanels(
      rows, wide, headWide,
      at(plan.projected, 2 * allHeads + head * headWide), rowWide,
      at(plan.outWeight, head * headWide), allHeads, true,
      at(plan.folded, head * rows * wide), wide, false, plan.panel, plan.exact != 0,
    );
  }
}

/** Back through `fold`: dV_i = dFolded_i · outWeight_i, into dProjected;  dOutWeight_iᵀ = V_iᵀ · dFolded_i. */
export function foldGradient(plan: Plan): void {
  const rows = plan.vocab + plan.seqLen, wide = plan.wide, headWide = plan.headWide, heads = plan.heads;
  const allHeads = heads * headWide, rowWide = 3 * allHeads;
  const rowsWide = (rows + 3) & ~3;
  transpose(rows, allHeads, at(plan.projected, 2 * allHeads), rowWide, plan.transposed, rowsWide);
  for (let head = 0; head < heads; head++) {
    const dFolded = at(plan.dFolded, head * rows * wide);
    multiplyPanels(
      rows, headWide, wide, dFolded, wide,
      at(plan.outWeight, head * headWide), allHeads, false,
      at(plan.dProjected, 2 * allHeads + head * headWide), rowWide, false, plan.panel, plan.exact != 0,
    );
    multiplyPanels(
      headWide, wide, rows, at(plan.transposed, head * headWide * rowsWide), rowsWide,
      dFolded, wide, false,
      at(plan.dOutWeight, head * headWide * wide), wide, false, plan.panel, plan.exact != 0,
    );
  }
}
