// What the kernel module offers. Pointers are byte addresses in its memory; see each file for shapes.
export { adam } from './adam';
export { fivePointSets } from './five-points';
export { fold, foldBias, foldGradient, outWeightGradient } from './fold';
export { isFused } from './lanes';
export { normalise, normaliseGradient } from './layer-norm';
export { multiply } from './multiply';
export { multiplyPanels } from './multiply-panels';
export { multiplyTransposed } from './multiply-transposed';
export { pentachoronVolumes, pentachoronVolumesByGram } from './pentachoron';
export { project, projectGradient } from './project';
export { completeSums, passSamples } from './sample-pass';
export { softmaxGradient, softmaxRows } from './softmax';

/** First byte past the module's own data: where its user's memory begins. */
export function heapBase(): usize {
  return __heap_base;
}
