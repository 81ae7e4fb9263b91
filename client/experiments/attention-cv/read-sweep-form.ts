/** Text fields → what is asked for. What is no number becomes NaN, which the sweep's schema refuses by the field's name. */
import type { SweepRequest } from '../../../shared/experiments/attention-cv/sweep.js';
import { SWEEP_FIELDS } from './sweep-fields.js';

/** Lists are separated by commas or spaces; a number that is left empty is left out, so that its default holds. */
export function readSweepForm(form: Pick<FormData, 'get'>): SweepRequest {
  const request: Record<string, unknown> = {};
  for (const { name, kind } of SWEEP_FIELDS) {
    const value = form.get(name);
    const text = typeof value === 'string' ? value.trim() : '';
    if (kind === 'list') request[name] = listOf(text);
    else if (text !== '') request[name] = kind === 'number' ? Number(text) : text;
  }
  return request as SweepRequest;
}

/** `64, 128 256` → [64, 128, 256]. */
export function listOf(text: string): number[] {
  return text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(Number);
}
