/** Changing a run's name, tags and notes: what was typed → what is sent, and what the server says of it by field. */
import type { ApiError } from '../../../shared/errors.js';
import type { Run } from '../../../shared/run.js';
import type { RunPatch } from '../../data/commands.js';

export const EDITED = ['name', 'tags', 'notes'] as const;
export type EditedField = (typeof EDITED)[number];

export type RunText = Record<EditedField, string>;

export function textOf({ name, tags, notes }: Pick<Run, EditedField>): RunText {
  return { name, tags: tags.join(', '), notes };
}

/** `a, b,,a` → [a, b]. */
export function parseTags(text: string): string[] {
  const tags = text.split(',').map((tag) => tag.trim());
  return [...new Set(tags.filter((tag) => tag !== ''))];
}

/** What differs from the run; empty if nothing does. */
export function changesOf(run: Pick<Run, EditedField>, typed: RunText): RunPatch {
  const name = typed.name.trim();
  const tags = parseTags(typed.tags);
  const notes = typed.notes.trimEnd();
  return {
    ...(name !== run.name && { name }),
    ...(tags.join() !== run.tags.join() && { tags }),
    ...(notes !== run.notes && { notes }),
  };
}

/** What other viewers may have changed meanwhile, for comparison. */
export function editKey(run: Pick<Run, EditedField>): string {
  return JSON.stringify(EDITED.map((field) => run[field]));
}

/** By field, and what belongs to none: details of a refusal are `{issues: [{path, message}]}`. */
export function refusalsOf({ message, details }: ApiError): { fields: Partial<RunText>; general: string } {
  const issues = (details as { issues?: { path: string; message: string }[] } | undefined)?.issues ?? [];
  const fields: Partial<RunText> = {};
  for (const issue of issues.toReversed()) {
    const field = EDITED.find((each) => issue.path === each || issue.path.startsWith(`${each}.`));
    if (field !== undefined) fields[field] = issue.message;
  }
  return { fields, general: Object.keys(fields).length === 0 ? message : '' };
}
