/** The large products of a training step, whoever computes them, over the table's R = vocab + seqLen rows. */
import type { Kernels } from './kernels/kernels.js';
import type { PassPlan } from './kernels/pass-plan.js';

/**
 * The data is full of repeated (token, position) pairs, so products run over the rows of the table E = [emb; pos], not
 * over the samples × seqLen rows of h: h·W = E[token]·W + E[vocab + position]·W. Those of single heads, small ones, are
 * always the kernels' (`kernels/assembly/fold.ts`).
 *
 * Operands and results are regions of the plan, shaped as in `kernels/assembly/plan.ts`.
 */
export interface DenseProducts {
  /** projected = table · inWeightᵀ. */
  project(): void;
  /** Fills dInWeight and dInBias and adds to dTable, from dProjected. */
  projectGradient(): void;
}

/** In the kernels themselves, where the operands lie already. */
export function kernelProducts(kernels: Kernels, { pointer }: PassPlan): DenseProducts {
  return {
    project: () => kernels.project(pointer),
    projectGradient: () => kernels.projectGradient(pointer),
  };
}
