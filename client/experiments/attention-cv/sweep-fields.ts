/** What the form of a new sweep asks for, in its order: the grid first, what is seldom changed under "more". */
import { REFERENCE } from '../../../shared/experiments/attention-cv/reference.js';
import { NULL_NAMES } from '../../../shared/measurement.js';
import type { SweepRequest } from '../../../shared/experiments/attention-cv/sweep.js';

export interface SweepField {
  /** As in a SweepSpec. */
  name: string;
  label: string;
  /** What the value means or must be; the message about a wrong one takes its place. */
  note: string;
  kind: 'text' | 'list' | 'names' | 'number' | 'check';
  /** What stands there at first, and what a number that is left empty means. */
  usual: string;
  more: boolean;
}

const list = (name: 'dims' | 'heads' | 'seeds' | 'lrs', label: string, note: string): SweepField => ({
  name,
  label,
  note,
  kind: 'list',
  usual: REFERENCE[name].join(', '),
  more: false,
});

type NumberName = 'epochs' | 'vocab' | 'seqLen' | 'classes' | 'samplesPerClass' | 'every' | 'samples' | 'sampleSeed';

const number = (name: NumberName, label: string, note: string, more = true): SweepField => ({
  name,
  label,
  note,
  kind: 'number',
  usual: String(REFERENCE[name]),
  more,
});

export const SWEEP_FIELDS: readonly SweepField[] = [
  { name: 'name', label: 'name', note: 'may be left empty', kind: 'text', usual: '', more: false },
  list('dims', 'dims', 'width of the model'),
  list('heads', 'heads', 'each must divide every dim'),
  number('epochs', 'epochs', '', false),
  list('seeds', 'seeds', 'a run for each'),
  list('lrs', 'learning rates', 'a run for each'),
  number('vocab', 'vocab', 'tokens there are'),
  number('seqLen', 'length', 'tokens in a sequence'),
  number('classes', 'classes', ''),
  number('samplesPerClass', 'per class', 'sequences of each class'),
  number('every', 'measure every', 'epochs between two CVs'),
  number('samples', 'samples', 'five-point sets a CV'),
  number('sampleSeed', 'sample seed', 'of the fixed sample'),
  { name: 'metrics', label: 'metrics', note: 'also effective_rank, twonn, …', kind: 'names', usual: 'cv', more: true },
  { name: 'nulls', label: 'shuffled null', note: 'costs more than the training', kind: 'check', usual: '', more: true },
];

/** Lists are separated by commas or spaces; a number that is left empty is left out, so that its default holds. */
export function readSweepForm(form: Pick<FormData, 'get'>): SweepRequest {
  const request: Record<string, unknown> = {};
  for (const { name, kind } of SWEEP_FIELDS) {
    const value = form.get(name);
    const text = typeof value === 'string' ? value.trim() : '';
    if (kind === 'check') {
      // The Gaussian null is there whatever is asked for.
      if (value !== null) request[name] = NULL_NAMES;
    } else if (kind === 'list') request[name] = listOf(text);
    else if (kind === 'names') request[name] = partsOf(text);
    else if (text !== '') request[name] = kind === 'number' ? Number(text) : text;
  }
  return request as SweepRequest;
}

/** `64, 128 256` → [64, 128, 256]. */
export function listOf(text: string): number[] {
  return partsOf(text).map(Number);
}

function partsOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((part) => part !== '');
}
