/** Calls on sweeps. */
import { z } from 'zod';
import { strictFields } from '../../../shared/bad-input.js';
import { ok } from '../../../shared/errors.js';
import { emptyBodySchema, sweepControlSchema, sweepIdSchema } from '../../../shared/requests.js';
import { SWEEP_ACTIONS } from '../../../shared/run.js';
import { DEFAULT_EXPERIMENT } from '../../experiments/registry.js';
import type { SweepService } from '../../service/sweep-service.js';
import { noSuchSweep } from '../../store/not-found.js';
import { call, type Call, created, json, route, sourceOf } from './call.js';
import { pageOf } from './page-of.js';
import { sweepCreatedSchema, sweepRequestSchema, sweepSchema, sweepsSchema } from './schemas.js';

const listSchema = strictFields('the query', { after: z.string({ error: 'after must be given once' }).optional() });

export function sweepCalls(service: SweepService): Call[] {
  return [
    call({
      name: 'sweep.create',
      needs: 'control',
      // The experiment that is asked for reads it.
      schema: z.unknown(),
      event: 'sweep:create',
      routes: [
        route({
          method: 'post',
          path: '/api/sweeps',
          summary:
            'Create a sweep: every combination of what its experiment varies is a run. `experiment` names another than the ' +
            'built-in one, whose fields are given here.',
          body: sweepRequestSchema,
          documented: DEFAULT_EXPERIMENT.requestSchema.meta({ id: 'SweepSpec' }),
          input: ({ body }) => body,
          success: created('The sweep and its runs, which are queued.', sweepCreatedSchema, '/api/sweeps/'),
          failures: [409],
        }),
      ],
      handle: (request, caller) => service.createSweep(request, sourceOf(caller)),
    }),
    call({
      name: 'sweep.estimate',
      needs: 'control',
      schema: z.unknown(),
      event: 'sweep:estimate',
      handle: (request) => service.estimate(request),
    }),
    call({
      name: 'sweep.list',
      needs: 'watch',
      schema: listSchema,
      routes: [
        route({
          method: 'get',
          path: '/api/sweeps',
          summary: 'All sweeps, oldest first.',
          query: listSchema,
          input: ({ query }) => query,
          success: json(200, 'A part of the list.', sweepsSchema),
        }),
      ],
      handle: ({ after }) => pageOf('sweeps', service.lists.listedSweeps(), after),
    }),
    call({
      name: 'sweep.read',
      needs: 'watch',
      schema: sweepIdSchema,
      routes: [
        route({
          method: 'get',
          path: '/api/sweeps/{id}',
          summary: 'One sweep.',
          input: ({ id }) => ({ sweepId: id }),
          success: json(200, 'The sweep.', sweepSchema),
          failures: [404],
        }),
      ],
      handle: ({ sweepId }) => {
        const sweep = service.runs.sweep(sweepId);
        return sweep === undefined ? noSuchSweep(sweepId) : ok(sweep);
      },
    }),
    call({
      name: 'sweep.delete',
      needs: 'control',
      schema: sweepIdSchema,
      routes: [
        route({
          method: 'delete',
          path: '/api/sweeps/{id}',
          summary: 'Delete a sweep with its runs and all their frames. Refused while one of them is queued or running.',
          input: ({ id }) => ({ sweepId: id }),
          success: { status: 204, description: 'It is gone.' },
          failures: [404, 409],
        }),
      ],
      handle: ({ sweepId }) => service.deleteSweep(sweepId),
    }),
    call({
      name: 'sweep.control',
      needs: 'control',
      schema: sweepControlSchema,
      routes: SWEEP_ACTIONS.map((action) =>
        route({
          method: 'post',
          path: `/api/sweeps/{id}/${action}`,
          summary: `${action[0]!.toUpperCase()}${action.slice(1)} every run of the sweep that allows it.`,
          body: emptyBodySchema.optional(),
          input: ({ id }) => ({ sweepId: id, action }),
          success: json(202, 'The sweep as it is now.', sweepSchema),
          failures: [404],
        }),
      ),
      handle: ({ sweepId, action }, caller) => service.controlSweep(sweepId, action, sourceOf(caller)),
    }),
  ];
}
