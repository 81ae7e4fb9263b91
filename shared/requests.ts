/** What clients may ask, on sockets and over HTTP: one schema a shape, and the types that follow from it. */
import { z } from 'zod';
import { notPlain, strictFields } from './bad-input.js';
import { isPlainText } from './plain-text.js';
import { CONTROL_ACTIONS, type ControlValue, SWEEP_ACTIONS } from './run.js';

function text(name: string, min: number, max: number): z.ZodString {
  const message = `${name} must be a text of ${min} to ${max} characters`;
  return z.string({ error: message }).min(min, message).max(max, message);
}

/** What people read: without what would turn or break the lines it stands in. */
export function label(name: string, min: number, max: number, lines = false): z.ZodString {
  const message = `${name} must be a text of ${min === 0 ? 'at most' : `${min} to`} ${max} characters`;
  const string = z.string({ error: message });
  // What must not be empty must not look so either.
  return (min === 0 ? string : string.trim())
    .min(min, message)
    .max(max, message)
    .refine((given) => isPlainText(given, lines), notPlain(name, lines));
}

function whole(name: string, min: number, max: number): z.ZodNumber {
  const message = `${name} must be a whole number from ${min} to ${max}`;
  return z.number({ error: message }).int(message).min(min, message).max(max, message);
}

const id = (name: string): z.ZodString => text(name, 1, 100);
const requestId = id('requestId').optional();
const total = whole('total', 0, Number.MAX_SAFE_INTEGER);

const valueMessage = 'a control must be a number, a text of at most 200 characters, or true or false';
export const controlValueSchema: z.ZodType<ControlValue, ControlValue> = z.union(
  [z.number(), z.string().max(200), z.boolean()],
  { error: valueMessage },
);

export const sweepIdSchema = strictFields('the request', { sweepId: z.string() });
export const runIdSchema = strictFields('the request', { runId: z.string() });

export const runControlSchema = strictFields(
  'run:control',
  {
    runId: id('runId'),
    action: z.enum(CONTROL_ACTIONS, { error: `action must be one of ${CONTROL_ACTIONS.join(', ')}` }),
    /** Of `extend`: the steps to train in all. */
    total: total.optional(),
    /** Of `set`: which of the run's controls, and to what. */
    name: text('name', 1, 100).optional(),
    value: controlValueSchema.optional(),
    requestId,
  },
  ['runId', 'action'],
)
  .refine(({ action, total: given }) => (action === 'extend') === (given !== undefined), {
    path: ['total'],
    message: 'total must be given with extend, and with no other action',
  })
  .refine(({ action, name, value }) => [name, value].every((given) => (action === 'set') === (given !== undefined)), {
    path: ['name'],
    message: 'name and value must be given with set, and with no other action',
  });
export type RunControl = z.output<typeof runControlSchema>;

export const sweepControlSchema = strictFields('the request', { sweepId: z.string(), action: z.enum(SWEEP_ACTIONS) });

const tagsMessage = 'tags must be a list of at most 20 texts';
export const tagsSchema = z
  .array(label('each of tags', 1, 50), { error: tagsMessage })
  .max(20, tagsMessage)
  .transform((tags) => [...new Set(tags)]);

/** What users may change of a run: how it is called, and what they note about it. */
export const runPatchSchema = strictFields('the change', {
  name: label('name', 1, 200).optional(),
  notes: label('notes', 0, 10_000, true).optional(),
  tags: tagsSchema.optional(),
}).refine((patch) => Object.keys(patch).length > 0, 'give at least one of name, notes and tags');
export type RunPatch = z.output<typeof runPatchSchema>;

const after = whole('after', -1, Number.MAX_SAFE_INTEGER - 1);
const seriesMessage = 'series must be a list of at most 1000 names';
const series = z.array(text('each of series', 1, 200), { error: seriesMessage }).max(1000, seriesMessage);

export const watchSchema = strictFields('runs:watch', { after: id('after').optional() });
export type WatchRequest = z.output<typeof watchSchema>;

export const subscribeSchema = strictFields('run:subscribe', { runId: id('runId'), after, series: series.optional() }, [
  'runId',
  'after',
]);
export type SubscribeRequest = z.output<typeof subscribeSchema>;

export const unsubscribeSchema = strictFields('run:unsubscribe', { runId: id('runId') }, ['runId']);
export type UnsubscribeRequest = z.output<typeof unsubscribeSchema>;

/** Bodies of HTTP calls whose path names the run and the action. */
export const extendBodySchema = strictFields('the body', { total, requestId }, ['total']);
export const restartBodySchema = strictFields('the body', { requestId });
export const setBodySchema = strictFields('the body', { name: text('name', 1, 100), value: controlValueSchema }, [
  'name',
  'value',
]);
export const emptyBodySchema = strictFields('the body', {});
