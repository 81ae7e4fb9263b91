/** What an experiment tells of itself, whichever it is: all that is asked of its sweeps and configs by those who know neither. */
import type { z } from 'zod';
import type { RunEngine } from './engine.js';
import type { Result } from './errors.js';

/** A config or a spec: what is in it is its experiment's business. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What a caller asks for when a sweep is made; which fields there are, the experiment's schema says. */
export type SweepRequest = JsonObject;

export interface ParsedRequest<Spec> {
  spec: Spec;
  name?: string | undefined;
  /** The same one twice has one effect. */
  requestId?: string | undefined;
}

export interface Experiment<Spec extends JsonObject = JsonObject, Config extends JsonObject = JsonObject> {
  /** As runs and requests name it. */
  readonly name: string;
  /** What a step of its runs is called. */
  readonly stepName: string;
  /** Of requests, for documents. */
  readonly requestSchema: z.ZodType;
  /** `bad_input` names the field and what is allowed. */
  parse(request: unknown): Result<ParsedRequest<Spec>>;
  /** The configs of a sweep, each a run, in the order of the grid. */
  configs(spec: Spec): Config[];
  /** What they are called if nobody names them. */
  sweepName(spec: Spec): string;
  runName(config: Config, spec: Spec): string;
  /** In measuring order. */
  series(config: Config): string[];
  /** Steps to train; null where nobody knows. */
  total(config: Config): number | null;
  /** The most that a run may be extended to. */
  readonly maxTotal: number;
  withTotal(config: Config, total: number): Config;
  /**
   * With everything that a full measurement can tell, for the last one to be made again; null where the config asks for
   * all of it. Absent where all full measurements tell the same.
   */
  measuringAll?(config: Config): Config | null;
  /** What a step costs against one of another config: who trains first, and how long those will take that wait. */
  cost(config: Config): number;
  /** Most memory that a trainer may take with it, bytes; the least of all engines where it is not known which trains. */
  memoryBytes(config: Config, engine: RunEngine | null): number;
  /** Steps that cost more than others: every so many-th is measured, and some in full. */
  measured(config: Config): MeasuredSteps;
}

export interface MeasuredSteps {
  every: number;
  /** Ascending. */
  full: readonly number[];
}

/** Whether the series are measured at a step. */
export function isMeasuredStep(step: number, { every, full }: MeasuredSteps): boolean {
  return step % every === 0 || full.includes(step);
}
