/** The shapes that the API answers, as schemas: for its document, and for the tests that hold answers against it. */
import { z } from 'zod';
import type { ApiError } from '../../../shared/errors.js';
import { ENGINE_NAMES, OPS_NAMES, RUN_ENGINES, type EngineInfo } from '../../../shared/engine.js';
import type { Measurement } from '../../../shared/measurement.js';
import type { SweepCreated } from '../../../shared/protocol.js';
import { type Run, RUN_STATUSES, type Seam, type Sweep } from '../../../shared/run.js';
import type { CheckpointRow, LogRow } from '../../store/run-store.js';

/** Takes a schema that fits the type which the server works with; the compiler complains once they part. */
type Fitting<T> = <S extends z.ZodType>(schema: T extends z.output<S> ? S : never) => S;

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
    status: z.enum(['starting', 'ok', 'closing']),
    version: z.string(),
    engine: engineInfoSchema.nullable().meta({ description: 'null until the first trainer is ready' }),
    workers: z.int().min(1).meta({ description: 'runs trained at a time' }),
    uptimeSeconds: z.number(),
    storage: z
      .strictObject({ ok: z.boolean(), message: z.string().optional(), since: time.optional() })
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
