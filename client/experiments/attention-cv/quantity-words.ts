/** How the views of one epoch name what they show, and write its values. */
import type { Quantity } from './quantity.js';
import type { RunLine } from '../../state/run-lines.js';
import { formatAccuracy, formatCv, formatLoss } from '../../state/wording.js';

export function titleOf({ family, head }: Quantity): string {
  if (!family.perHead) return family.id;
  return `${family.id}, ${head === null ? 'mean of heads' : `head ${head}`}`;
}

/** At a fixed number of digits. */
export function formatQuantity({ family: { axis } }: Quantity, value: number): string {
  if (axis === 'percent') return formatAccuracy(value);
  return axis === 'log' ? formatLoss(value) : formatCv(value, 4);
}

/** Which moment of training is shown. @param epoch null = the newest of each run */
export function epochWords(shown: readonly RunLine[], epoch: number | null): string {
  if (epoch !== null) return epoch === 0 ? 'epoch 0, before training' : `epoch ${epoch}`;
  const current = shown.filter(({ replaced }) => !replaced);
  const ended = current.every(({ run }) => run.status === 'completed');
  const epochs = new Set(current.map(({ run }) => run.step));
  const at = epochs.size === 1 ? `epoch ${[...epochs][0]}` : 'each run’s newest epoch';
  return ended && current.length > 0 ? `after training, ${epochs.size === 1 ? at : 'each run’s last epoch'}` : at;
}
