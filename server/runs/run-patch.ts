/** What users may change of a run: how it is called, and what they note about it. */
import { z } from 'zod';
import { notPlain, strictFields } from '../../shared/bad-input.js';
import { isPlainText } from '../../shared/plain-text.js';

function text(name: string, min: number, max: number, lines = false): z.ZodString {
  const message = `${name} must be a text of ${min === 0 ? 'at most' : `${min} to`} ${max} characters`;
  const string = z.string({ error: message });
  // What must not be empty must not look so either.
  return (min === 0 ? string : string.trim())
    .min(min, message)
    .max(max, message)
    .refine((given) => isPlainText(given, lines), notPlain(name, lines));
}

const tagsMessage = 'tags must be a list of at most 20 texts';

export const runPatchSchema = strictFields('the change', {
  name: text('name', 1, 200).optional(),
  notes: text('notes', 0, 10_000, true).optional(),
  tags: z
    .array(text('each of tags', 1, 50), { error: tagsMessage })
    .max(20, tagsMessage)
    .optional(),
}).refine((patch) => Object.keys(patch).length > 0, 'give at least one of name, notes and tags');
