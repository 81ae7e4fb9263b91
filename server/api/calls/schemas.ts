/** The shapes that the API answers, as schemas: for its document, and for the tests that hold answers against it. */
import { z } from 'zod';
import { ROLES, type TokenInfo } from '../../../shared/access.js';
import type { ApiError } from '../../../shared/errors.js';
import { ENGINE_NAMES, OPS_NAMES, RUN_ENGINES, type EngineInfo } from '../../../shared/engine.js';
import type { Measurement } from '../../../shared/measurement.js';
import type { SweepCreated } from '../../../shared/protocol.js';
import type { OpenedRun, ProgramControl, Received } from '../../../shared/ingest.js';
import type { OutputLine } from '../../../shared/output.js';
import { controlValueSchema } from '../../../shared/requests.js';
import { PROGRAM_ACTIONS, type Run, RUN_STATUSES, type Seam, type Sweep } from '../../../shared/run.js';
import type { NewToken } from '../../access/tokens.js';
import type { CheckpointRow, LogRow } from '../../store/run-store.js';

/** Takes a schema of the type which the server works with, neither less nor more; the compiler complains once they part. */
type Fitting<T> = <S extends z.ZodType>(
  schema: T extends z.output<S> ? (keyof z.output<S> extends keyof T ? S : never) : never,
) => S;

function of<T>(): Fitting<T> {
  return (schema) => schema;
}

const time = z.string().meta({ format: 'date-time' });
const count = z.int().min(0);
const eta = z.number().min(0).optional();

export const errorSchema = of<{ error: ApiError }>()(
  z
    .strictObject({ error: z.strictObject({ code: z.string(), message: z.string(), details: z.unknown().optional() }) })
    .meta({ id: 'Error' }),
);

const kernels = z.string().meta({ description: 'a build of the kernels, by the first digits of its sha256' });

const engineInfoSchema = of<EngineInfo>()(
  z
    .strictObject({
      name: z.enum(ENGINE_NAMES),
      ops: z.enum(OPS_NAMES),
      version: z.string(),
      threads: count,
      kernels: kernels.optional(),
    })
    .meta({ id: 'Engine' }),
);

export const healthSchema = z
  .strictObject({
    status: z
      .enum(['starting', 'ok', 'closing'])
      .meta({ description: 'without a token where one is needed, this alone' }),
    version: z.string().optional(),
    engine: engineInfoSchema.nullable().optional().meta({ description: 'null until the first trainer is ready' }),
    workers: z.int().min(1).optional().meta({ description: 'runs trained at a time' }),
    uptimeSeconds: z.number().optional(),
    storage: z
      .strictObject({ ok: z.boolean(), message: z.string().optional(), since: time.optional() })
      .optional()
      .meta({ description: 'not ok: runs cannot be stored and wait; the message says why and what to do' }),
  })
  .meta({ id: 'Health' });
export type Health = z.output<typeof healthSchema>;

const document = z.record(z.string(), z.unknown());
const configSchema = document.meta({ description: 'as its experiment, or its program, says' });

/** What is asked for is read by the experiment that is asked. */
export const sweepRequestSchema = z.unknown().refine((body) => body !== undefined, 'the body is missing; send JSON');

const seamSchema = of<Seam>()(
  z
    .strictObject({
      seq: count,
      step: z.number(),
      kind: z.enum(['engine', 'resume']),
      at: time.optional(),
      from: z.enum(RUN_ENGINES).optional(),
      to: z.enum(RUN_ENGINES).optional(),
      kernels: z.strictObject({ from: kernels, to: kernels }).optional(),
    })
    .meta({ id: 'Seam' }),
);

export const runSchema = of<Run>()(
  z
    .strictObject({
      id: z.string(),
      source: z.enum(['local', 'external']),
      experiment: z.string(),
      sweepId: z.string().nullable().meta({ description: 'null: it was not made by a sweep' }),
      name: z.string(),
      notes: z.string(),
      tags: z.array(z.string()),
      config: configSchema,
      status: z.enum(RUN_STATUSES),
      step: z
        .number()
        .meta({ description: 'of the last frame that is kept, of a local run the epoch; 0 also before it' }),
      total: count.nullable().meta({ description: 'steps to train; null where nobody knows' }),
      stepName: z.string(),
      attempt: z.int().min(1),
      previousRunId: z.string().optional(),
      series: z.array(z.string()).meta({ description: 'in measuring order; names are only ever appended' }),
      engine: z.enum(RUN_ENGINES).nullable(),
      kernels: kernels.optional(),
      seams: z
        .array(seamSchema)
        .optional()
        .meta({ description: 'where it went on on another engine or build of the kernels: the first frame after it' }),
      createdAt: time,
      startedAt: time.optional(),
      endedAt: time.optional(),
      seconds: z.number().meta({ description: 'active training alone' }),
      place: z
        .int()
        .min(1)
        .optional()
        .meta({ description: 'of a queued run: how many begin up to it, itself included; 1 is the next one' }),
      etaSeconds: eta.meta({ description: 'until it is done, waiting in the queue included' }),
      error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
      requested: z
        .literal('resume')
        .optional()
        .meta({ description: 'of a paused program that was told to go on and has not said yet that it does' }),
      silentSince: time.optional().meta({ description: 'when its program was heard last; absent while it is heard' }),
      accepts: z.array(z.enum(PROGRAM_ACTIONS)).optional().meta({ description: 'what its program obeys' }),
      controls: z
        .record(z.string(), controlValueSchema)
        .optional()
        .meta({ description: 'what viewers may change of it, as it stands' }),
      measuring: z
        .literal(true)
        .optional()
        .meta({ description: 'its last full measurement is being made again, or waits for that' }),
      requestedControls: z
        .record(z.string(), controlValueSchema)
        .optional()
        .meta({ description: 'what they have set of it and its program has not answered yet' }),
      summary: document.optional(),
      project: z.string().optional(),
      group: z.string().optional(),
      host: document.optional(),
      command: z.string().optional(),
      git: document.optional(),
    })
    .meta({ id: 'Run' }),
);

export const sweepSchema = of<Sweep>()(
  z
    .strictObject({
      id: z.string(),
      experiment: z.string().meta({ description: 'that its spec and its runs are of' }),
      name: z.string(),
      spec: document.meta({ description: 'as its experiment has it' }),
      runIds: z.array(z.string()),
      createdAt: time,
      counts: z.partialRecord(z.enum(RUN_STATUSES), count).meta({ description: 'runs by status' }),
      etaSeconds: eta.meta({ description: 'until the last of its runs is done, but for paused ones' }),
    })
    .meta({ id: 'Sweep' }),
);

export const sweepCreatedSchema = of<SweepCreated>()(
  z.strictObject({ id: z.string(), runIds: z.array(z.string()) }).meta({ id: 'SweepCreated' }),
);

const next = z.string().optional().meta({ description: 'there is more: the `after` of the next request' });
export const sweepsSchema = z.strictObject({ sweeps: z.array(sweepSchema), next }).meta({ id: 'Sweeps' });
export const runsSchema = z.strictObject({ runs: z.array(runSchema), next }).meta({ id: 'Runs' });

export const framesSchema = z
  .strictObject({
    columns: z.array(z.string()),
    fromSeq: count,
    rows: z
      .array(z.array(z.union([z.number(), z.string()]).nullable()))
      .meta({ description: 'null = no value; `at` is a time, and what is no finite number its name' }),
  })
  .meta({ id: 'Frames' });

const number = z.number().nullable().optional();
const metricSchema = z
  .strictObject({
    value: z.number().nullable(),
    se: z.number().optional(),
    null: z.number().optional().meta({ description: 'what a Gaussian matrix of that shape would give' }),
    reason: z.string().optional(),
  })
  .meta({ id: 'Metric' });
const nullSchema = z
  .strictObject({ cv: z.number(), sd: z.number(), departure: z.number().nullable() })
  .optional()
  .meta({ description: 'mean and standard deviation of the CV over random clouds; departure = (cv − mean) / sd' });
export const measurementsSchema = z.array(
  of<Measurement>()(
    z
      .strictObject({
        epoch: count,
        sample: z.enum(['script', 'fixed']),
        values: z.record(
          z.string(),
          z.strictObject({
            cv: z.number().nullable(),
            valid: count.nullable(),
            se: number,
            movement: number,
            movementSe: number,
            reason: z.string().optional(),
            metrics: z.record(z.string(), metricSchema).optional(),
            nulls: z.strictObject({ gaussian: nullSchema, shuffled: nullSchema }).optional(),
          }),
        ),
      })
      .meta({ id: 'Measurement' }),
  ),
);

export const checkpointsSchema = z.array(
  of<Omit<CheckpointRow, 'runId' | 'file'>>()(
    z
      .strictObject({ seq: count, epoch: count, at: time, bytes: count, engine: z.enum(RUN_ENGINES) })
      .meta({ id: 'Checkpoint' }),
  ),
);

export const logSchema = z.array(
  of<Omit<LogRow, 'runId'>>()(
    z
      .strictObject({
        at: time,
        event: z.string(),
        cause: z.string().optional(),
        by: z.string().optional(),
        details: z.unknown().optional(),
      })
      .meta({ id: 'LogEntry' }),
  ),
);

export const openedSchema = of<OpenedRun>()(
  z
    .strictObject({
      id: z.string(),
      writer: z.string(),
      ingestToken: z.string().meta({ description: 'good for this run alone; told this once' }),
      nextSeq: count,
      position: z.string().optional().meta({ description: 'the last that came with frames of this writer' }),
    })
    .meta({ id: 'OpenedRun' }),
);

const asked = {
  control: z.enum(['run', 'pause', 'stop']),
  version: z.number().meta({ description: 'grows whenever any of it changes' }),
  values: z.record(z.string(), controlValueSchema).optional().meta({ description: 'what viewers have set, by name' }),
  checkpoint: count.optional().meta({ description: 'how many checkpoints have been asked for' }),
};
export const programControlSchema = of<ProgramControl>()(z.strictObject(asked).meta({ id: 'ProgramControl' }));
export const receivedSchema = of<Received>()(
  z
    .strictObject({ nextSeq: count.meta({ description: 'all before it are stored' }), ...asked })
    .meta({ id: 'Received' }),
);

export const outputSchema = z
  .strictObject({
    lines: z.array(
      of<OutputLine>()(
        z.strictObject({ n: count, text: z.string(), stream: z.enum(['stdout', 'stderr']), at: time.optional() }),
      ),
    ),
    next: count.optional().meta({ description: 'there is more: the `after` of the next request' }),
  })
  .meta({ id: 'Output' });

export const sessionSchema = z
  .strictObject({
    name: z.string().nullable().meta({ description: 'of the token; null where none is needed' }),
    role: z.enum([...ROLES, 'program']).nullable(),
  })
  .meta({ id: 'Session' });

export const tokensSchema = z.array(
  of<TokenInfo>()(
    z
      .strictObject({
        name: z.string(),
        role: z.enum(ROLES),
        createdAt: time,
        origin: z
          .enum(['start', 'added', 'flag'])
          .meta({ description: 'made by the server for its own links; by hand; by a flag' }),
        connections: count,
      })
      .meta({ id: 'TokenInfo' }),
  ),
);

export const tokenSchema = of<NewToken>()(
  z.strictObject({ name: z.string(), role: z.enum(ROLES), createdAt: time, secret: z.string() }).meta({ id: 'Token' }),
);
