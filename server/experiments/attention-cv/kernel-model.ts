/** The model whose passes and steps run in the kernels, with its dense products on the engine. */
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import type { Kernels, Region } from './kernels/kernels.js';
import {
  AttentionClassifier,
  ClassifierMemory,
  type Cloud,
  type PassOptions,
  type PassResult,
} from './attention-classifier.js';
import type { PassPlan } from './kernels/pass-plan.js';
import type { Dataset } from './dataset.js';
import type { DenseProducts } from './dense-products.js';
import { adamCorrections, type Model, type ModelState, type PlanModel } from './model.js';

type ProductsOf = (kernels: Kernels, plan: PassPlan) => DenseProducts;

interface KernelModelMemory {
  classifier: ClassifierMemory;
  /** Length of each flat vector with its padding. */
  floats: number;
  firstMoment: Region;
  secondMoment: Region;
}

/** @param products who computes the dense products. */
export function planKernelModel(products: ProductsOf): PlanModel {
  return (arena, config) => {
    const classifier = new ClassifierMemory(arena, config);
    const floats = Math.ceil(classifier.layout.size / 4) * 4;
    const [firstMoment, secondMoment] = [arena.takeFloats(floats), arena.takeFloats(floats)];
    const memory = { classifier, floats, firstMoment, secondMoment };
    return {
      observedRows: classifier.plan.observedRows,
      build: (kernels, data, parameters) => new KernelModel(config, kernels, memory, data, parameters, products),
    };
  };
}

class KernelModel implements Model {
  readonly #lr: number;
  readonly #kernels: Kernels;
  readonly #memory: KernelModelMemory;
  readonly #classifier: AttentionClassifier;
  readonly #moments: [first: Float32Array, second: Float32Array];

  constructor(
    config: RunConfig,
    kernels: Kernels,
    memory: KernelModelMemory,
    data: Dataset,
    parameters: Float32Array,
    products: ProductsOf,
  ) {
    const { classifier, firstMoment, secondMoment } = memory;
    const { size } = classifier.layout;
    this.#lr = config.lr;
    this.#kernels = kernels;
    this.#memory = memory;
    this.#classifier = new AttentionClassifier(config, kernels, classifier, data, products);
    this.#classifier.parameters.set(parameters);
    this.#moments = [firstMoment.floats(kernels).subarray(0, size), secondMoment.floats(kernels).subarray(0, size)];
  }

  pass(options: PassOptions): PassResult {
    return this.#classifier.pass(options);
  }

  step(count: number): void {
    const { classifier, firstMoment, secondMoment, floats } = this.#memory;
    const { stepSize, rootBias2 } = adamCorrections(this.#lr, count);
    this.#kernels.adam(
      floats,
      classifier.parameters.pointer,
      firstMoment.pointer,
      secondMoment.pointer,
      classifier.gradients.pointer,
      stepSize,
      rootBias2,
    );
  }

  cloud(series: string): Cloud {
    return this.#classifier.cloud(series);
  }

  state(): ModelState {
    const [firstMoment, secondMoment] = this.#moments;
    return { parameters: this.#classifier.parameters, firstMoment, secondMoment };
  }

  restore({ parameters, firstMoment, secondMoment }: ModelState): void {
    this.#classifier.parameters.set(parameters);
    this.#moments[0].set(firstMoment);
    this.#moments[1].set(secondMoment);
  }

  dispose(): void {
    // All of it is memory that goes with the kernels' instance.
  }
}
