/** The API's calls on sweeps. */
import { z } from 'zod';
import { strictFields } from '../../../shared/bad-input.js';
import { ok } from '../../../shared/errors.js';
import { SWEEP_ACTIONS } from '../../../shared/run.js';
import { DEFAULT_EXPERIMENT } from '../../experiments/registry.js';
import { emptyBodySchema } from '../realtime/requests.js';
import { noSuchSweep } from '../../store/not-found.js';
import { type ApiState, call, type Call, json } from './call.js';
import { pageOf } from './page-of.js';
import { sweepCreatedSchema, sweepRequestSchema, sweepSchema, sweepsSchema } from './schemas.js';

export function sweepCalls({ service }: ApiState): Call[] {
  return [
    call({
      method: 'post',
      path: '/api/sweeps',
      summary:
        'Create a sweep: every combination of what its experiment varies is a run. `experiment` names another than the ' +
        'built-in one, whose fields are given here.',
      body: sweepRequestSchema,
      documented: DEFAULT_EXPERIMENT.requestSchema.meta({ id: 'SweepSpec' }),
      success: json(201, 'The sweep and its runs, which are queued.', sweepCreatedSchema),
      failures: [409],
      handle: ({ body }) => service.createSweep(body, 'http'),
    }),
    call({
      method: 'get',
      path: '/api/sweeps',
      summary: 'All sweeps, oldest first.',
      query: strictFields('the query', { after: z.string({ error: 'after must be given once' }).optional() }),
      success: json(200, 'A part of the list.', sweepsSchema),
      handle: ({ query }) => pageOf('sweeps', service.lists.listedSweeps(), query.after),
    }),
    call({
      method: 'get',
      path: '/api/sweeps/{id}',
      summary: 'One sweep.',
      success: json(200, 'The sweep.', sweepSchema),
      failures: [404],
      handle: ({ id }) => {
        const sweep = service.runs.sweep(id);
        return sweep === undefined ? noSuchSweep(id) : ok(sweep);
      },
    }),
    call({
      method: 'delete',
      path: '/api/sweeps/{id}',
      summary: 'Delete a sweep with its runs and all their frames. Refused while one of them is queued or running.',
      success: { status: 204, description: 'It is gone.' },
      failures: [404, 409],
      handle: ({ id }) => service.deleteSweep(id),
    }),
    ...SWEEP_ACTIONS.map((action) =>
      call({
        method: 'post',
        path: `/api/sweeps/{id}/${action}`,
        summary: `${action[0]!.toUpperCase()}${action.slice(1)} every run of the sweep that allows it.`,
        body: emptyBodySchema.optional(),
        success: json(202, 'The sweep as it is now.', sweepSchema),
        failures: [404],
        handle: ({ id }) => service.controlSweep(id, action, 'http'),
      }),
    ),
  ];
}
