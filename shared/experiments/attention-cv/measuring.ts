/** When a run is measured in full, and when its series are. */

/** Epochs with a full measurement: 0, ⌊epochs/2⌋ and last, each once, ascending. */
export function fullMeasurementEpochs(epochs: number): number[] {
  return [...new Set([0, Math.floor(epochs / 2), epochs])];
}

/** Whether the CV series are measured after `epoch`; otherwise its frame carries loss and accuracy alone. */
export function isMeasuredEpoch(epoch: number, config: { epochs: number; every: number }): boolean {
  return epoch % config.every === 0 || fullMeasurementEpochs(config.epochs).includes(epoch);
}
