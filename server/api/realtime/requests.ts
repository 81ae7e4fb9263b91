/** What clients may ask, on sockets and over HTTP: the schemas. */
import { z } from 'zod';
import { strictFields } from '../../../shared/bad-input.js';
import { PROTOCOL_VERSION } from '../../../shared/protocol.js';
import { RUN_ACTIONS } from '../../../shared/run.js';

function text(name: string, min: number, max: number): z.ZodString {
  const message = `${name} must be a text of ${min} to ${max} characters`;
  return z.string({ error: message }).min(min, message).max(max, message);
}

function whole(name: string, min: number, max: number): z.ZodNumber {
  const message = `${name} must be a whole number from ${min} to ${max}`;
  return z.number({ error: message }).int(message).min(min, message).max(max, message);
}

const runId = text('runId', 1, 100);
const requestId = text('requestId', 1, 100);
const total = whole('total', 0, Number.MAX_SAFE_INTEGER);

export const handshakeSchema = z.object({
  version: z.literal(PROTOCOL_VERSION, {
    error: ({ input }) =>
      `version must be ${PROTOCOL_VERSION}, the protocol that this server speaks; the handshake's auth ` +
      (input === undefined ? 'has none' : `says ${JSON.stringify(input)}`),
  }),
  token: z.string({ error: 'token must be a text' }).optional(),
});

const totalOfExtend = 'total must be given with extend, and with no other action';

export const runControlSchema = strictFields(
  'run:control',
  {
    runId,
    action: z.enum(RUN_ACTIONS, { error: `action must be one of ${RUN_ACTIONS.join(', ')}` }),
    total: total.optional(),
    requestId: requestId.optional(),
  },
  ['runId', 'action'],
).refine(({ action, total: given }) => (action === 'extend') === (given !== undefined), {
  path: ['total'],
  message: totalOfExtend,
});

const after = whole('after', -1, Number.MAX_SAFE_INTEGER - 1);
const seriesMessage = 'series must be a list of at most 1000 names';
const series = z.array(text('each of series', 1, 200), { error: seriesMessage }).max(1000, seriesMessage);
export const subscribeSchema = strictFields('run:subscribe', { runId, after, series: series.optional() }, [
  'runId',
  'after',
]);
export const watchSchema = strictFields('runs:watch', { after: text('after', 1, 100).optional() });
export const unsubscribeSchema = strictFields('run:unsubscribe', { runId }, ['runId']);

/** Bodies of the HTTP calls whose path names the run and the action. */
export const extendBodySchema = strictFields('the body', { total, requestId: requestId.optional() }, ['total']);
export const restartBodySchema = strictFields('the body', { requestId: requestId.optional() });
export const emptyBodySchema = strictFields('the body', {});
