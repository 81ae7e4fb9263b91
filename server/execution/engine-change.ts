/** Why a run is not taken on by another engine, or another build of the kernels, than trained it so far. Pure. */
import { haveSameKernels, partsOf, type EngineBuild, type RunEngine } from '../../shared/engine.js';

/** Null when `present` computes the same bits as far as is known. */
export function refusalOf(soFar: EngineBuild, present: EngineBuild): string | null {
  const differs = 'whose numbers differ in their last bits';
  if (soFar.engine !== present.engine)
    return `the run was trained on the engine ${soFar.engine}, and this is ${present.engine}, ${differs}; start the server with ${flagsOf(soFar.engine)}, or with --allow-engine-change`;
  if (!haveSameKernels(soFar, present))
    return `the run was trained with the kernels ${soFar.kernels}, and this version's are ${present.kernels}, ${differs}; go on with the version of before, or start the server with --allow-engine-change`;
  return null;
}

/** What brings an engine back. */
function flagsOf(engine: RunEngine): string {
  const { name, ops } = partsOf(engine);
  return `--engine ${name} --ops ${ops}`;
}
