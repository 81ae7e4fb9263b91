/** The API's calls on runs. */
import { z } from 'zod';
import { strictFields } from '../../../shared/bad-input.js';
import { ok, type Result } from '../../../shared/errors.js';
import { type Run, RUN_ACTIONS, RUN_STATUSES, type RunAction } from '../../../shared/run.js';
import { emptyBodySchema, extendBodySchema, restartBodySchema } from '../realtime/requests.js';
import { noSuchRun } from '../../store/not-found.js';
import type { ListPart } from '../../store/run-store.js';
import { runPatchSchema } from '../../runs/run-patch.js';
import type { SweepService } from '../../service/sweep-service.js';
import { type ApiState, call, type Call, json } from './call.js';
import { FRAME_FORMATS, sendFrames } from './frame-formats.js';
import { pageOf } from './page-of.js';
import { sendList } from './send-list.js';
import { checkpointsSchema, framesSchema, logSchema, measurementsSchema, runSchema, runsSchema } from './schemas.js';

const once = (name: string): z.ZodString => z.string({ error: `${name} must be given once` });

const runsQuery = strictFields('the query', {
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

const SUMMARY: Record<RunAction, string> = {
  pause: 'Pause the run at the end of its epoch.',
  resume: 'Resume the run, first in the queue; a pause that is not yet taken is called off.',
  stop: 'Stop the run at the end of its epoch.',
  restart: 'Begin another run of the same config. The old one stays.',
  extend: 'Train a run that has ended up to a higher total of epochs.',
};

/** Of a list in one part: a measurement has up to a megabyte, an entry of the log a few hundred bytes. */
const MEASUREMENTS_IN_PART = 1;
const LOG_ENTRIES_IN_PART = 200;

export function runCalls({ service, turns }: ApiState): Call[] {
  const { runs, histories } = service;
  const existing = <T>(id: string, read: (run: Run) => T): Result<T> => {
    const run = runs.run(id);
    return run === undefined ? noSuchRun(id) : ok(read(run));
  };
  return [
    call({
      method: 'get',
      path: '/api/runs',
      summary: 'Runs in the order in which they were created, of one sweep or status if asked.',
      query: runsQuery,
      success: json(200, 'A part of the list.', runsSchema),
      handle: ({ query: { sweep, status, after } }) => {
        const isAskedFor = (run: Pick<Run, 'sweepId' | 'status'>): boolean =>
          (sweep === undefined || run.sweepId === sweep) && (status === undefined || run.status === status);
        return pageOf('runs', service.lists.listedRuns(), after, isAskedFor);
      },
    }),
    call({
      method: 'get',
      path: '/api/runs/{id}',
      summary: 'One run.',
      success: json(200, 'The run.', runSchema),
      failures: [404],
      handle: ({ id }) => existing(id, (run) => run),
    }),
    call({
      method: 'patch',
      path: '/api/runs/{id}',
      summary: 'Change name, notes or tags of a run.',
      body: runPatchSchema,
      success: json(200, 'The run as it is now.', runSchema),
      failures: [404],
      handle: ({ id, body }) => service.patchRun(id, body),
    }),
    call({
      method: 'delete',
      path: '/api/runs/{id}',
      summary: 'Delete a run with its frames. Refused while it is queued or running.',
      success: { status: 204, description: 'It is gone.' },
      failures: [404, 409],
      handle: ({ id }) => service.deleteRun(id),
    }),
    ...RUN_ACTIONS.map((action) => controlCall(service, action)),
    call({
      method: 'get',
      path: '/api/runs/{id}/frames',
      summary:
        'All frames with seq > after. As `json` and `csv` the step comes first, then `at`, then the columns. As `binary` a ' +
        'line of JSON, {fromSeq, rows, columns, dtype, nan?}, then the steps and the times (ms since 1970) as Float64 and ' +
        'the values as a row-major matrix of that dtype, all little-endian, NaN = no value.',
      query: framesQuery,
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
      handle: ({ id, query: { after, format } }, response) => {
        const run = runs.run(id);
        if (run === undefined) return noSuchRun(id);
        sendFrames(response, { histories, turns }, run, { after: Number(after), format });
        return 'sent';
      },
    }),
    call({
      method: 'get',
      path: '/api/runs/{id}/measurements',
      summary: 'The full measurements, taken at epoch 0, in the middle and at the end.',
      success: json(200, 'By epoch.', measurementsSchema),
      failures: [404],
      handle: ({ id }, response) => {
        if (runs.run(id) === undefined) return noSuchRun(id);
        sendList(response, turns, MEASUREMENTS_IN_PART, (part) => histories.measurements(id, part));
        return 'sent';
      },
    }),
    call({
      method: 'get',
      path: '/api/runs/{id}/checkpoints',
      summary: 'The checkpoints that are kept.',
      success: json(200, 'Newest first.', checkpointsSchema),
      failures: [404],
      handle: ({ id }) =>
        existing(id, () =>
          histories.checkpoints(id).map(({ seq, epoch, at, bytes, engine }) => ({ seq, epoch, at, bytes, engine })),
        ),
    }),
    call({
      method: 'get',
      path: '/api/runs/{id}/log',
      summary: 'What happened to the run, and why.',
      success: json(200, 'Oldest first.', logSchema),
      failures: [404],
      handle: ({ id }, response) => {
        if (runs.run(id) === undefined) return noSuchRun(id);
        const read = (part: ListPart): unknown[] => histories.log(id, part).map(({ runId: _runId, ...entry }) => entry);
        sendList(response, turns, LOG_ENTRIES_IN_PART, read);
        return 'sent';
      },
    }),
  ];
}

function controlCall(service: SweepService, action: RunAction): Call {
  const path = `/api/runs/{id}/${action}`;
  const common = { method: 'post', path, summary: SUMMARY[action], failures: [404, 409] } as const;
  const now = json(202, 'The run as it is now.', runSchema);
  switch (action) {
    case 'extend':
      return call({
        ...common,
        body: extendBodySchema,
        success: now,
        handle: ({ id: runId, body: { total, requestId } }) =>
          service.control({ runId, action, total, ...(requestId !== undefined && { requestId }) }, 'http'),
      });
    case 'restart':
      return call({
        ...common,
        body: restartBodySchema.optional(),
        success: json(201, 'The new run.', runSchema),
        handle: ({ id: runId, body }) =>
          service.control(
            { runId, action, ...(body?.requestId !== undefined && { requestId: body.requestId }) },
            'http',
          ),
      });
    default:
      return call({
        ...common,
        body: emptyBodySchema.optional(),
        success: now,
        handle: ({ id: runId }) => service.control({ runId, action }, 'http'),
      });
  }
}
