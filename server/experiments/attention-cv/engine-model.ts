/** Which model trains on an engine; TensorFlow.js is loaded only where it has a part in it. */
import { partsOf, type RunEngine } from '../../../shared/engine.js';
import { kernelProducts } from './dense-products.js';
import { planKernelModel } from './kernel-model.js';
import type { PlanModel } from './model.js';

/** What a trainer is built on. */
export interface EngineModel {
  /** A state is bound to it. */
  engine: RunEngine;
  plan: PlanModel;
}

/** The engine itself must be open (`engine/backend.ts`) before the model is built. */
export async function engineModel(engine: RunEngine): Promise<EngineModel> {
  const { name, ops } = partsOf(engine);
  if (ops === 'tensor') return { engine, plan: (await import('./tensor-model.js')).planTensorModel };
  if (name === 'wasm') return { engine, plan: planKernelModel(kernelProducts) };
  return { engine, plan: planKernelModel((await import('./tensor-products.js')).tensorProducts) };
}
