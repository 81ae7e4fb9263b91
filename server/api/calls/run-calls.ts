/** Calls on runs: reading, steering, changing. */
import { z } from 'zod';
import { badInput, strictFields } from '../../../shared/bad-input.js';
import { ok, type Result } from '../../../shared/errors.js';
import { describeSchema, type Description } from '../../../shared/ingest.js';
import {
  emptyBodySchema,
  extendBodySchema,
  restartBodySchema,
  type RunControl,
  runControlSchema,
  runIdSchema,
  runPatchSchema,
  setBodySchema,
} from '../../../shared/requests.js';
import { type Run, CONTROL_ACTIONS, type ControlAction, RUN_STATUSES } from '../../../shared/run.js';
import type { SweepService } from '../../service/sweep-service.js';
import { noSuchRun } from '../../store/not-found.js';
import { type Answer, call, type Call, created, json, type Route, route, sourceOf } from './call.js';
import { writerOf } from './program-calls.js';
import { FRAME_FORMATS, framesAs } from './frame-formats.js';
import { pageOf } from './page-of.js';
import { listParts } from './parts.js';
import { checkpointsSchema, framesSchema, logSchema, measurementsSchema, runSchema, runsSchema } from './schemas.js';

const once = (name: string): z.ZodString => z.string({ error: `${name} must be given once` });

const listSchema = strictFields('the query', {
  sweep: once('sweep').optional(),
  status: z.enum(RUN_STATUSES, { error: `status must be one of ${RUN_STATUSES.join(', ')}` }).optional(),
  after: once('after').optional(),
});

const afterMessage = 'after must be a seq: a whole number from 0, or −1 (as -1) for all';
const framesQuery = strictFields('the query', {
  after: z
    .string({ error: afterMessage })
    .regex(/^(-1|\d{1,15})$/, afterMessage)
    .default('-1'),
  format: z.enum(FRAME_FORMATS, { error: `format must be one of ${FRAME_FORMATS.join(', ')}` }).default('json'),
});
const framesRequest = z.object({ runId: z.string(), after: z.number(), format: z.enum(FRAME_FORMATS) });

/** Of a list in one part: a measurement has up to a megabyte, an entry of the log a few hundred bytes. */
const MEASUREMENTS_IN_PART = 1;
const LOG_ENTRIES_IN_PART = 200;

export function runCalls(service: SweepService): Call[] {
  const { runs, histories } = service;
  const existing = (id: string, read: (run: Run) => unknown): Answer => {
    const run = runs.run(id);
    return run === undefined ? noSuchRun(id) : ok(read(run));
  };
  return [
    call({
      name: 'run.list',
      needs: 'watch',
      schema: listSchema,
      routes: [
        route({
          method: 'get',
          path: '/api/runs',
          summary: 'Runs in the order in which they were created, of one sweep or status if asked.',
          query: listSchema,
          input: ({ query }) => query,
          success: json(200, 'A part of the list.', runsSchema),
        }),
      ],
      handle: ({ sweep, status, after }) => {
        const isAskedFor = (run: Pick<Run, 'sweepId' | 'status'>): boolean =>
          (sweep === undefined || run.sweepId === sweep) && (status === undefined || run.status === status);
        return pageOf('runs', service.lists.listedRuns(), after, isAskedFor);
      },
    }),
    call({
      name: 'run.read',
      needs: 'watch',
      schema: runIdSchema,
      routes: [reading('', 'One run.', 'The run.', runSchema)],
      handle: ({ runId }) => existing(runId, (run) => run),
    }),
    call({
      name: 'run.change',
      needs: 'describe',
      schema: z.object({ runId: z.string(), patch: z.unknown() }),
      routes: [
        route({
          method: 'patch',
          path: '/api/runs/{id}',
          summary:
            'Change name, notes or tags of a run; its program also total, what it accepts, and config, summary and controls, key by key.',
          body: describeSchema,
          input: ({ id, body }) => ({ runId: id, patch: body }),
          success: json(200, 'The run as it is now.', runSchema),
          failures: [404],
        }),
      ],
      handle: ({ runId, patch }, caller) => {
        if (caller.role === 'program') {
          const writer = writerOf(caller, runId);
          return 'ok' in writer ? writer : service.external.describe(writer, patch as Description);
        }
        const own = runPatchSchema.safeParse(patch);
        return own.success ? service.patchRun(runId, own.data) : badInput(own.error);
      },
    }),
    call({
      name: 'run.delete',
      needs: 'control',
      schema: runIdSchema,
      routes: [
        route({
          method: 'delete',
          path: '/api/runs/{id}',
          summary: 'Delete a run with its frames. Refused while it is queued or running.',
          input: ({ id }) => ({ runId: id }),
          success: { status: 204, description: 'It is gone.' },
          failures: [404, 409],
        }),
      ],
      handle: ({ runId }) => service.deleteRun(runId),
    }),
    call({
      name: 'run.control',
      needs: 'control',
      schema: runControlSchema,
      event: 'run:control',
      routes: CONTROL_ACTIONS.map(controlRoute),
      handle: (control, caller): Result<Run> => service.control(control, sourceOf(caller)),
    }),
    call({
      name: 'run.frames',
      needs: 'watch',
      schema: framesRequest,
      routes: [
        route({
          method: 'get',
          path: '/api/runs/{id}/frames',
          summary:
            'All frames with seq > after. As `json` and `csv` the step comes first, then `at`, then the columns. As `binary` a ' +
            'line of JSON, {fromSeq, rows, columns, dtype, nan?}, then the steps and the times (ms since 1970) as Float64 and ' +
            'the values as a row-major matrix of that dtype, all little-endian, NaN = no value.',
          query: framesQuery,
          input: ({ id, query: { after, format } }) => ({ runId: id, after: Number(after), format }),
          success: {
            status: 200,
            description: 'The frames.',
            content: {
              'application/json': framesSchema,
              'text/csv': z.string(),
              'application/octet-stream': z.string().meta({ format: 'binary' }),
            },
          },
          failures: [404],
        }),
      ],
      handle: ({ runId, after, format }) => existing(runId, (run) => framesAs(format, histories, run, after)),
    }),
    call({
      name: 'run.measurements',
      needs: 'watch',
      schema: runIdSchema,
      routes: [
        reading(
          '/measurements',
          'The full measurements, taken at epoch 0, in the middle and at the end.',
          'By epoch.',
          measurementsSchema,
        ),
      ],
      handle: ({ runId }) =>
        existing(runId, () => listParts(MEASUREMENTS_IN_PART, (part) => histories.measurements(runId, part))),
    }),
    call({
      name: 'run.checkpoints',
      needs: 'watch',
      schema: runIdSchema,
      routes: [reading('/checkpoints', 'The checkpoints that are kept.', 'Newest first.', checkpointsSchema)],
      handle: ({ runId }) =>
        existing(runId, () =>
          histories.checkpoints(runId).map(({ seq, epoch, at, bytes, engine }) => ({ seq, epoch, at, bytes, engine })),
        ),
    }),
    call({
      name: 'run.log',
      needs: 'watch',
      schema: runIdSchema,
      routes: [reading('/log', 'What happened to the run, and why.', 'Oldest first.', logSchema)],
      handle: ({ runId }) =>
        existing(runId, () =>
          listParts(LOG_ENTRIES_IN_PART, (part) =>
            histories.log(runId, part).map(({ runId: _runId, ...entry }) => entry),
          ),
        ),
    }),
  ];
}

/** What is read of one run. */
function reading(part: string, summary: string, description: string, schema: z.ZodType): Route<{ runId: string }> {
  return route({
    method: 'get',
    path: `/api/runs/{id}${part}`,
    summary,
    input: ({ id }) => ({ runId: id }),
    success: json(200, description, schema),
    failures: [404],
  });
}

const SUMMARY: Record<ControlAction, string> = {
  pause: 'Pause the run at the end of its epoch.',
  resume: 'Resume the run, first in the queue; a pause that is not yet taken is called off.',
  stop: 'Stop the run at the end of its epoch.',
  restart: 'Begin another run of the same config. The old one stays.',
  extend: 'Train a run that has ended up to a higher total of epochs.',
  measure: 'Make the last full measurement of a completed run again, with the null of shuffled entries.',
  checkpoint: 'Ask the program of the run for a checkpoint now.',
  set: 'Ask the program of the run to set one of its controls.',
};

function controlRoute(action: ControlAction): Route<RunControl> {
  const path = `/api/runs/{id}/${action}`;
  const common = { method: 'post', path, summary: SUMMARY[action], failures: [404, 409] } as const;
  const now = json(202, 'The run as it is now.', runSchema);
  switch (action) {
    case 'extend':
      return route({
        ...common,
        body: extendBodySchema,
        input: ({ id: runId, body }) => ({ runId, action, ...body }),
        success: now,
      });
    case 'set':
      return route({
        ...common,
        body: setBodySchema,
        input: ({ id: runId, body }) => ({ runId, action, ...body }),
        success: now,
      });
    case 'restart':
      return route({
        ...common,
        body: restartBodySchema.optional(),
        input: ({ id: runId, body }) => ({ runId, action, ...body }),
        success: created('The new run.', runSchema, '/api/runs/'),
      });
    default:
      return route({
        ...common,
        body: emptyBodySchema.optional(),
        input: ({ id: runId }) => ({ runId, action }),
        success: now,
      });
  }
}
