/** What requests must be: every refusal names the field and what is allowed. */
import { expect, it, test } from 'vitest';
import { badInput } from '../../shared/bad-input.js';
import { runControlSchema, runPatchSchema, subscribeSchema } from '../../shared/requests.js';

const refusal = (schema: typeof runPatchSchema | typeof runControlSchema | typeof subscribeSchema, given: unknown) => {
  const parsed = schema.safeParse(given);
  return parsed.success ? null : badInput(parsed.error).error.message;
};

it.each([
  [{ name: 'x'.repeat(201) }, 'name must be a text of 1 to 200 characters'],
  [{ name: ' ' }, 'name must be a text of 1 to 200 characters'],
  [{ notes: 'x'.repeat(10_001) }, 'notes must be a text of at most 10000 characters'],
  [{ tags: ['x'.repeat(51)] }, 'each of tags must be a text of 1 to 50 characters'],
  [{ tags: Array.from({ length: 21 }, String) }, 'tags must be a list of at most 20 texts'],
  [{}, 'give at least one of name, notes and tags'],
])('a change %j of a run is refused', (patch, message) => {
  expect(refusal(runPatchSchema, patch)).toBe(message);
});

it.each([
  [{ runId: 'r', action: 'extend' }, 'total must be given with extend, and with no other action'],
  [{ runId: 'r', action: 'pause', total: 3 }, 'total must be given with extend, and with no other action'],
  [{ runId: 'r', action: 'extend', total: 1.5 }, 'total must be a whole number from 0 to 9007199254740991'],
  [{ action: 'pause' }, 'runId must be a text of 1 to 100 characters'],
])('a command %j is refused', (control, message) => {
  expect(refusal(runControlSchema, control)).toBe(message);
});

test('what fits is taken', () => {
  expect(runPatchSchema.parse({ name: ' n ', notes: '', tags: ['a'] })).toEqual({ name: 'n', notes: '', tags: ['a'] });
  expect(refusal(subscribeSchema, { runId: 'r', after: -1, series: ['loss'] })).toBeNull();
  expect(refusal(subscribeSchema, { runId: 'r', after: -2 })).toMatch(/^after must be a whole number from -1 to/);
});
