/** What a trainer asks of a model, whoever computes it: the kernels (`kernel-model.ts`) or tensors (`tensor-model.ts`). */
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import type { Arena, Kernels } from './kernels/kernels.js';
import type { Cloud, PassOptions, PassResult } from './attention-classifier.js';
import type { Dataset } from './dataset.js';

/** Parameters and Adam's two moments, each one flat vector in the order of `parameterLayout`. */
export interface ModelState {
  parameters: Float32Array;
  firstMoment: Float32Array;
  secondMoment: Float32Array;
}

export interface Model {
  /**
   * One pass over the data set with the present parameters.
   * @param gradients also works out what `step` takes.
   * @param observe also leaves in kernel memory what `cloud` points to.
   */
  pass(options: PassOptions): PassResult;
  /** The `count`th step of Adam, from 1, with the gradients of the last pass. */
  step(count: number): void;
  /** Where a series' matrix lies. */
  cloud(series: string): Cloud;
  /** May be the model's own memory, which the next step changes. */
  state(): ModelState;
  /** Copies. */
  restore(state: ModelState): void;
  /** Frees what the garbage collector does not see. */
  dispose(): void;
}

/** A model's memory, reserved before the kernels exist; with them it becomes the model. */
export interface ModelPlan {
  /** Rows of activations that are measured. */
  observedRows: number;
  /** @param parameters Initial ones, flat. */
  build(kernels: Kernels, data: Dataset, parameters: Float32Array): Model;
}

export type PlanModel = (arena: Arena, config: RunConfig) => ModelPlan;

export const BETA1 = 0.9;
export const BETA2 = 0.999;

/** Adam's two corrections for the moments' beginning at zero, at the `count`th step. */
export function adamCorrections(lr: number, count: number): { stepSize: number; rootBias2: number } {
  return { stepSize: lr / (1 - BETA1 ** count), rootBias2: Math.sqrt(1 - BETA2 ** count) };
}
