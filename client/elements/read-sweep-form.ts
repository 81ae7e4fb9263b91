/** Text fields → what is sent. Only what is no number at all is refused here: the limits are the server's. */
import { fail, ok, type Result } from '../../shared/errors.js';
import type { SweepRequest } from '../../shared/sweep.js';

/** Reads `dims`, `heads`, `seeds`, `lrs` (lists, separated by commas or spaces), `epochs` and `name`. */
export function readSweepForm(form: Pick<FormData, 'get'>): Result<SweepRequest> {
  const text = (name: string): string => {
    const value = form.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const lists: Record<string, number[]> = {};
  for (const name of ['dims', 'heads', 'seeds', 'lrs', 'epochs']) {
    const values = text(name)
      .split(/[\s,;]+/)
      .filter((part) => part !== '')
      .map(Number);
    if (values.length === 0 || values.some(Number.isNaN))
      return fail('bad_input', `${name} must be ${name === 'epochs' ? 'a number' : 'numbers, separated by commas'}`);
    lists[name] = values;
  }
  if (lists.epochs!.length > 1) return fail('bad_input', 'epochs must be one number');
  return ok({
    dims: lists.dims!,
    heads: lists.heads!,
    seeds: lists.seeds!,
    lrs: lists.lrs!,
    epochs: lists.epochs![0]!,
    ...(text('name') === '' ? {} : { name: text('name') }),
  });
}
