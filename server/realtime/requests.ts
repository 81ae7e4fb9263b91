/** What clients may ask, on sockets and over HTTP: the schemas, and how a request that does not fit is answered. */
import { z } from 'zod';
import { type ApiError, fail } from '../../shared/errors.js';
import { PROTOCOL_VERSION } from '../../shared/protocol.js';
import { RUN_ACTIONS } from '../../shared/run.js';
import { MAX_EPOCHS } from '../../shared/sweep.js';

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
const epochs = whole('epochs', 0, MAX_EPOCHS);

export const handshakeSchema = z.object({
  version: z.literal(PROTOCOL_VERSION, {
    error: ({ input }) =>
      `version must be ${PROTOCOL_VERSION}, the protocol that this server speaks; the handshake's auth ` +
      (input === undefined ? 'has none' : `says ${JSON.stringify(input)}`),
  }),
  token: z.string({ error: 'token must be a text' }).optional(),
});

const epochsOfExtend = 'epochs must be given with extend, and with no other action';

export const runControlSchema = z
  .strictObject({
    runId,
    action: z.enum(RUN_ACTIONS, { error: `action must be one of ${RUN_ACTIONS.join(', ')}` }),
    epochs: epochs.optional(),
    requestId: requestId.optional(),
  })
  .refine(({ action, epochs: total }) => (action === 'extend') === (total !== undefined), {
    path: ['epochs'],
    message: epochsOfExtend,
  });

export const subscribeSchema = z.strictObject({ runId, after: whole('after', -1, Number.MAX_SAFE_INTEGER - 1) });
export const unsubscribeSchema = z.strictObject({ runId });

/** Bodies of the HTTP calls whose path names the run and the action. */
export const extendBodySchema = z.strictObject({ epochs, requestId: requestId.optional() });
export const restartBodySchema = z.strictObject({ requestId: requestId.optional() });
export const emptyBodySchema = z.strictObject({});

/** The schemas' messages name the field; where zod speaks itself, the path is put in front. */
export function badInput(error: z.ZodError): { ok: false; error: ApiError } {
  const messages = error.issues.map(({ path, message }) => {
    const field = String(path[0] ?? '');
    return field === '' || message.includes(field) ? message : `${path.join('.')}: ${message}`;
  });
  const issues = error.issues.slice(0, 20).map(({ path, message }) => ({ path: path.join('.'), message }));
  return fail('bad_input', [...new Set(messages)].slice(0, 3).join('; '), { issues });
}
