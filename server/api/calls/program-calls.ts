/** Calls of programs that train elsewhere: they open runs, write them, and ask what is wanted of them. */
import { z } from 'zod';
import { strictFields } from '../../../shared/bad-input.js';
import { ok } from '../../../shared/errors.js';
import {
  frameSchema,
  MAX_BATCH_BYTES,
  MAX_WAIT_SECONDS,
  newRunSchema,
  reportSchema,
  sentFramesSchema,
  sentOutputSchema,
} from '../../../shared/ingest.js';
import { MAX_LINES_IN_ANSWER } from '../../../shared/output.js';
import type { Writer } from '../../access/principal.js';
import type { SweepService } from '../../service/sweep-service.js';
import { noSuchRun } from '../../store/not-found.js';
import { call, type Call, type Caller, created, json, type Route, route, sourceOf } from './call.js';
import { fail, type Failure } from '../../../shared/errors.js';
import { openedSchema, outputSchema, programControlSchema, receivedSchema } from './schemas.js';

const waitMessage = `wait must be a number of seconds from 0 to ${MAX_WAIT_SECONDS}`;
const controlQuery = strictFields('the query', {
  wait: z.coerce.number({ error: waitMessage }).min(0, waitMessage).max(MAX_WAIT_SECONDS, waitMessage).default(0),
  after: z.coerce.number({ error: 'after must be a version' }).default(0),
});
const afterMessage = 'after must be the number of a line, or −1 (as -1) for all';
const lastMessage = `last must be a number of lines from 1 to ${MAX_LINES_IN_ANSWER}`;
const outputQuery = strictFields('the query', {
  after: z
    .string({ error: afterMessage })
    .regex(/^(-1|\d{1,15})$/, afterMessage)
    .optional(),
  last: z.coerce
    .number({ error: lastMessage })
    .int(lastMessage)
    .min(1, lastMessage)
    .max(MAX_LINES_IN_ANSWER, lastMessage)
    .optional(),
}).refine(({ after, last }) => after === undefined || last === undefined, 'give after or last, and not both');

export function programCalls(service: SweepService): Call[] {
  const { external } = service;
  return [
    call({
      name: 'run.open',
      needs: 'open',
      schema: newRunSchema,
      routes: [
        route({
          method: 'post',
          path: '/api/runs',
          summary:
            'Begin a run that another program trains, or go on with one (`resume`). What it answers to is the token of ' +
            'this run alone, with which the program writes it.',
          body: newRunSchema,
          input: ({ body }) => body,
          success: created('The run, and the token to write it with.', openedSchema, '/api/runs/'),
          failures: [404, 409],
        }),
      ],
      handle: (request, caller) => external.open(request, sourceOf(caller)),
    }),
    writing({
      name: 'run.append',
      part: 'frames',
      summary: 'Append frames of this writer. What is stored already is left as it is.',
      body: sentFramesSchema,
      documented: z.array(frameSchema).meta({ description: 'or NDJSON: a frame a line, as application/x-ndjson' }),
      handle: (writer, frames) => {
        const broken = frames.findIndex(({ seq }, index) => seq !== frames[0]!.seq + index);
        if (broken !== -1)
          return fail(
            'bad_input',
            `seq must count up without a gap: frame ${broken} of the body has ${frames[broken]!.seq}`,
          );
        return ofAnother(writer, frames) ?? external.frames(writer, frames);
      },
    }),
    writing({
      name: 'run.print',
      part: 'output',
      summary: 'Append what the program printed.',
      body: sentOutputSchema,
      handle: (writer, output) => ofAnother(writer, [output]) ?? external.output(writer, output),
    }),
    writing({
      name: 'run.report',
      part: 'state',
      summary: 'Say that the program is paused, runs again, or has ended.',
      body: reportSchema,
      handle: (writer, report) => ofAnother(writer, [report]) ?? external.report(writer, report),
    }),
    call({
      name: 'run.obey',
      needs: 'write',
      schema: z.object({ runId: z.string(), wait: z.number(), after: z.number() }),
      routes: [
        route({
          method: 'get',
          path: '/api/runs/{id}/control',
          summary: `What is asked of the program. With \`wait\`, up to ${MAX_WAIT_SECONDS} seconds, as soon as there is a later version than \`after\`.`,
          query: controlQuery,
          input: ({ id, query }) => ({ runId: id, ...query }),
          success: json(200, 'What is asked of it now.', programControlSchema),
          failures: [404],
        }),
      ],
      handle: ({ runId, wait, after }, caller) => {
        const writer = writerOf(caller, runId);
        return 'ok' in writer ? writer : external.control(writer, after, wait * 1000, caller.signal);
      },
    }),
    call({
      name: 'run.output',
      needs: 'watch',
      schema: z.object({ runId: z.string(), after: z.number(), last: z.number().optional() }),
      routes: [
        route({
          method: 'get',
          path: '/api/runs/{id}/output',
          summary: 'What the program of the run printed: from the line after `after` on, or the `last` lines alone.',
          query: outputQuery,
          input: ({ id, query: { after = '-1', last } }) => ({ runId: id, after: Number(after), last }),
          success: json(200, 'A part of it; with `next` there is more after that line.', outputSchema),
          failures: [404],
        }),
      ],
      handle: ({ runId, after, last }) => {
        if (service.runs.run(runId) === undefined) return noSuchRun(runId);
        const { histories } = service;
        const from = last === undefined ? after : Math.max(-1, histories.outputLines(runId) - last - 1);
        const found = histories.output(runId, from, MAX_LINES_IN_ANSWER + 1);
        const lines = found.slice(0, MAX_LINES_IN_ANSWER);
        return ok({ lines, ...(found.length > lines.length && { next: lines.at(-1)!.n }) });
      },
    }),
  ];
}

/** A call by which a program says something of its run. */
function writing<Schema extends z.ZodType>(given: {
  name: string;
  part: string;
  summary: string;
  body: Schema;
  documented?: z.ZodType;
  handle: (writer: Writer, body: z.output<Schema>) => ReturnType<Call['handle']>;
}): Call {
  const { name, part, summary, body, documented, handle } = given;
  const request = z.object({ runId: z.string(), body: z.unknown() });
  const writingRoute: Route<z.input<typeof request>> = route({
    method: 'post',
    path: `/api/runs/{id}/${part}`,
    summary,
    body,
    ...(documented && { documented }),
    bodyBytes: MAX_BATCH_BYTES,
    input: ({ id, body: sent }) => ({ runId: id, body: sent }),
    success: json(200, 'What is stored of it, and what is asked of the program.', receivedSchema),
    failures: [404, 409],
  });
  return call({
    name,
    needs: 'write',
    schema: request,
    routes: [writingRoute],
    handle: ({ runId, body: sent }, caller) => {
      const writer = writerOf(caller, runId);
      return 'ok' in writer ? writer : handle(writer, sent as z.output<Schema>);
    },
  });
}

/** The caller as a writer of the run; `forbidden`: of another one. */
export function writerOf({ writer }: Caller, runId: string): Writer | Failure {
  if (writer === undefined) throw new TypeError('who writes a run comes with its token');
  return writer.runId === runId ? writer : fail('forbidden', `this token is that of the run ${writer.runId}`);
}

/** Who names a writer names its own. */
function ofAnother({ id }: Writer, sent: readonly { writer?: string | undefined }[]): Failure | null {
  const other = sent.find(({ writer }) => writer !== undefined && writer !== id)?.writer;
  return other === undefined ? null : fail('bad_input', `writer must be ${id}, whose token this is, and not ${other}`);
}
