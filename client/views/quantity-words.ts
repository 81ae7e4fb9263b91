/** How the views of one epoch name what they show, and write its values. */
import type { Quantity } from '../analysis/quantity.js';
import { formatAccuracy, formatCv, formatLoss } from '../state/wording.js';

export function titleOf({ family, head }: Quantity): string {
  if (!family.perHead) return family.id;
  return `${family.id}, ${head === null ? 'mean of heads' : `head ${head}`}`;
}

/** At a fixed number of digits. */
export function formatQuantity({ family: { axis } }: Quantity, value: number): string {
  if (axis === 'percent') return formatAccuracy(value);
  return axis === 'log' ? formatLoss(value) : formatCv(value, 4);
}
