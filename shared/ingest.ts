/** What a program that trains elsewhere says of its run: one schema a request, and the types that follow from it. */
import { z } from 'zod';
import { strictFields } from './bad-input.js';
import { isPlainText } from './plain-text.js';
import { controlValueSchema, label, tagsSchema } from './requests.js';
import { type ControlValue, PROGRAM_ACTIONS } from './run.js';

/** Most characters of a document that a program keeps with its run, as JSON. */
export const MAX_DOCUMENT = 64 * 1024;
/** Of one request with frames or output. */
export const MAX_BATCH_BYTES = 2 ** 20;
/** Series of one run, and values of one frame. */
export const MAX_SERIES = 20_000;
export const MAX_VALUES = 1000;
const MAX_LINE = 10_000;
const MAX_MESSAGE = 10_000;
/** That an answer may be waited for, in seconds. */
export const MAX_WAIT_SECONDS = 30;

const runId = z
  .string({ error: 'id must be a text' })
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$/,
    'id must be 1 to 64 letters, digits and . _ ~ -, the first a letter or digit',
  );

function document(name: string): z.ZodType<Record<string, unknown>> {
  const message = `${name} must be an object of at most ${MAX_DOCUMENT / 1024} kB as JSON`;
  return z
    .record(z.string(), z.unknown(), { error: message })
    .refine((given) => JSON.stringify(given).length <= MAX_DOCUMENT, message);
}

const whole = (name: string): z.ZodNumber => {
  const message = `${name} must be a whole number from 0`;
  return z.number({ error: message }).int(message).min(0, message).max(Number.MAX_SAFE_INTEGER, message);
};

const acceptsMessage = `accepts must be a list of ${PROGRAM_ACTIONS.join(', ')}`;
const accepts = z
  .array(z.enum(PROGRAM_ACTIONS, { error: acceptsMessage }), { error: acceptsMessage })
  .transform((given) => [...new Set(given)]);
const controls = z.record(label('each name of controls', 1, 100), controlValueSchema, {
  error: 'controls must be an object of names and values',
});

const described = {
  name: label('name', 1, 200).optional(),
  notes: label('notes', 0, 10_000, true).optional(),
  tags: tagsSchema.optional(),
  total: whole('total').nullable().optional(),
  config: document('config').optional(),
  controls: controls.optional(),
};

export const RESUMES = ['never', 'allow', 'must'] as const;

export const newRunSchema = strictFields('the run', {
  id: runId.optional(),
  resume: z.enum(RESUMES, { error: `resume must be one of ${RESUMES.join(', ')}` }).default('never'),
  ...described,
  project: label('project', 1, 200).optional(),
  group: label('group', 1, 200).optional(),
  stepName: label('stepName', 1, 50).default('step'),
  host: document('host').optional(),
  command: z
    .string({ error: 'command must be a text' })
    .max(10_000, 'command must have at most 10,000 characters')
    .refine((given) => isPlainText(given, true), 'command must not have control characters')
    .optional(),
  git: document('git').optional(),
  accepts: accepts.default([]),
  requestId: z.string({ error: 'requestId must be a text' }).min(1).max(100).optional(),
});
export type NewRun = z.output<typeof newRunSchema>;

/** What a program changes of its run while it trains: what is named is set, all else stays. */
export const describeSchema = strictFields('the change', {
  ...described,
  summary: document('summary').optional(),
  accepts: accepts.optional(),
}).refine((given) => Object.keys(given).length > 0, 'give at least one field');
export type Description = z.output<typeof describeSchema>;

const atMessage = 'at must be a time: ISO 8601, or ms since 1970';
/** In ms since 1970. */
const at = z.union(
  [
    z.number().min(0).max(8.64e15),
    z
      .string()
      .transform((text) => Date.parse(text))
      .refine((ms) => !Number.isNaN(ms)),
  ],
  { error: atMessage },
);

const writer = z.string({ error: 'writer must be a text' }).max(100).optional();

const nameMessage = 'a series must be named by 1 to 200 characters, without control characters';
/** Looked at once a name, because the same come with every frame. */
const isSeriesName = remembered((name) => name.length >= 1 && name.length <= 200 && isPlainText(name));
const SPECIAL: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity };

/** Of a frame, by series: read by hand, for it is most of what comes. */
const values = z.unknown().transform((given, context) => {
  const refuse = (message: string): never => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return refuse('values must be an object of names and numbers');
  const entries = Object.entries(given as Record<string, unknown>);
  if (entries.length > MAX_VALUES) return refuse(`values must have at most ${MAX_VALUES} names`);
  const read: [name: string, value: number][] = [];
  for (const [name, value] of entries) {
    if (!isSeriesName(name)) return refuse(nameMessage);
    const number = typeof value === 'number' ? value : typeof value === 'string' ? SPECIAL[value] : undefined;
    if (number === undefined) return refuse(`values.${name} must be a number, "NaN", "Infinity" or "-Infinity"`);
    read.push([name, number]);
  }
  return read;
});

/** Characters of what a program notes of where it stands. */
const MAX_POSITION = 64 * 1024;
const position = z
  .string({ error: 'position must be a text' })
  .max(MAX_POSITION, `position must have at most ${MAX_POSITION} characters`)
  .optional();

export const frameSchema = strictFields(
  'a frame',
  { writer, seq: whole('seq'), step: z.number({ error: 'step must be a finite number' }), at, values, position },
  ['seq', 'step', 'at', 'values'],
);
export type SentFrame = z.output<typeof frameSchema>;

export const sentFramesSchema = z.array(frameSchema, { error: 'the body must be a list of frames' });

const line = z.union(
  [
    z
      .string()
      .max(MAX_LINE)
      .transform((text) => ({ text, stream: 'stdout' as const, at: null })),
    z.strictObject({
      text: z.string().max(MAX_LINE),
      stream: z.enum(['stdout', 'stderr']).default('stdout'),
      at: at.nullable().default(null),
    }),
  ],
  { error: `each of lines must be a text of at most ${MAX_LINE} characters, or {text, stream, at}` },
);

export const sentOutputSchema = strictFields(
  'the output',
  { writer, seq: whole('seq'), lines: z.array(line, { error: 'lines must be a list' }) },
  ['seq', 'lines'],
);
export type SentOutput = z.output<typeof sentOutputSchema>;

export const REPORTED = ['paused', 'running', 'stopped', 'completed', 'failed'] as const;
export const reportSchema = strictFields(
  'the state',
  {
    writer,
    seq: whole('seq'),
    status: z.enum(REPORTED, { error: `status must be one of ${REPORTED.join(', ')}` }),
    message: z
      .string({ error: 'message must be a text' })
      .max(MAX_MESSAGE, `message must have at most ${MAX_MESSAGE} characters`)
      .optional(),
    at,
  },
  ['seq', 'status', 'at'],
);
export type Report = z.output<typeof reportSchema>;

/** What is asked of a program. */
export interface ProgramControl {
  control: 'run' | 'pause' | 'stop';
  /** Grows whenever any of it changes. */
  version: number;
  /** What viewers have set, by name. */
  values?: Record<string, ControlValue>;
  /** How many checkpoints have been asked for. */
  checkpoint?: number;
}

/** What is stored of a writer's frames, lines or states, and what is asked of the program now. */
export interface Received extends ProgramControl {
  nextSeq: number;
}

export interface OpenedRun {
  id: string;
  writer: string;
  /** Good for this run alone. */
  ingestToken: string;
  /** The seq of the writer's next frame. */
  nextSeq: number;
  /** The last one that came with its frames; absent where none did. */
  position?: string;
}

function remembered(test: (name: string) => boolean): (name: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    // Who sends ever new names must not fill the memory.
    if (known.size > 100_000) known.clear();
    const result = test(name);
    known.set(name, result);
    return result;
  };
}
