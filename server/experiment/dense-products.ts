/** The dense products of a training step, whoever computes them, over the table's R = vocab + seqLen rows. */
import type { Kernels } from '../kernels/kernels.js';
import type { PassPlan } from '../kernels/pass-plan.js';

/**
 * The data is full of repeated (token, position) pairs, so products run over the rows of the table E = [emb; pos], not
 * over the samples × seqLen rows of h: h·W = E[token]·W + E[vocab + position]·W. Values go through the output
 * projection here too, per head, so that no (samples · seqLen) × dim × dim product is left.
 *
 * Operands and results are regions of the plan, shaped as in `kernels/assembly/plan.ts`.
 */
export interface DenseProducts {
  /** projected = table · inWeightᵀ; folded_i = V_i · outWeight_iᵀ. */
  project(): void;
  /** Fills dInWeight, dInBias and dOutWeight and adds to dTable, from dFolded and dProjected's queries and keys. */
  projectGradient(): void;
}

/** In the kernels themselves, where the operands lie already. */
export function kernelProducts(kernels: Kernels, { pointer }: PassPlan): DenseProducts {
  return {
    project: () => kernels.project(pointer),
    projectGradient: () => kernels.projectGradient(pointer),
  };
}
