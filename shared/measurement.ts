/** The full measurements that a run keeps at epochs 0, ⌊epochs/2⌋ and last, and what identifies its start. */

/** Which index sets a measurement used: the run's own random stream, as the script does, or the fixed sample. */
export type SampleKind = 'script' | 'fixed';

export interface MeasuredValue {
  /** Coefficient of variation of the valid volumes; null = no value, and then there is a `reason`. */
  cv: number | null;
  /** How many of the samples were valid; null when there were fewer than 5 rows and nothing was drawn. */
  valid: number | null;
  /** Standard error of `cv`. Fixed sample only, as are the two below. */
  se?: number | null;
  /** cv(now) − cv(epoch 0), and the standard error of that difference over samples valid at both. */
  movement?: number | null;
  movementSe?: number | null;
  reason?: string;
}

export interface Measurement {
  epoch: number;
  sample: SampleKind;
  /** By series name, in measuring order. */
  values: Record<string, MeasuredValue>;
}

/** sha256, hex: tokens and labels as int32 little-endian, initial parameters as float32 little-endian. */
export interface Fingerprint {
  x: string;
  y: string;
  parameters: Record<string, string>;
}

export interface EngineInfo {
  name: EngineName;
  ops: OpsName;
  version: string;
  threads: number;
  /** Which build of the kernels it computes with. */
  kernels?: string;
}

export const ENGINE_NAMES = ['gpu', 'native', 'wasm', 'cpu'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];
/** An engine by name, or the first that works. */
export type EngineChoice = EngineName | 'auto';

/** Who does the work between the dense products, which are the engine's: our kernels, or the engine's own ops, too. */
export const OPS_NAMES = ['kernels', 'tensor'] as const;
export type OpsName = (typeof OPS_NAMES)[number];
/** Whose ops train, or those that suit the engine. */
export type OpsChoice = OpsName | 'auto';

/** What a run's last bits depend on: the engine, and `/tensor` behind it where its own ops do all the work. */
export type RunEngine = EngineName | `${EngineName}/tensor`;
export const RUN_ENGINES: readonly RunEngine[] = ENGINE_NAMES.flatMap((name): RunEngine[] => [name, `${name}/tensor`]);

export function runEngine({ name, ops }: Pick<EngineInfo, 'name' | 'ops'>): RunEngine {
  return ops === 'tensor' ? `${name}/tensor` : name;
}

export function partsOf(engine: RunEngine): { name: EngineName; ops: OpsName } {
  const [name, ops] = engine.split('/') as [EngineName, 'tensor' | undefined];
  return { name, ops: ops ?? 'kernels' };
}

/** A run's engine with the build of the kernels, which is absent where it was not noted. */
export interface EngineBuild {
  engine: RunEngine;
  kernels?: string;
}

export function engineBuild(info: EngineInfo): EngineBuild {
  const { kernels } = info;
  return { engine: runEngine(info), ...(kernels !== undefined && { kernels }) };
}

/** Whether what one has trained comes out the same on the other; builds that are not known are taken for the same. */
export function isSameBuild(one: EngineBuild, other: EngineBuild): boolean {
  return one.engine === other.engine && haveSameKernels(one, other);
}

export function haveSameKernels({ kernels: one }: EngineBuild, { kernels: other }: EngineBuild): boolean {
  return one === undefined || other === undefined || one === other;
}

/** Epochs with a full measurement: 0, ⌊epochs/2⌋ and last, each once, ascending. */
export function fullMeasurementEpochs(epochs: number): number[] {
  return [...new Set([0, Math.floor(epochs / 2), epochs])];
}

/** Whether the CV series are measured after `epoch`; otherwise its frame carries loss and accuracy alone. */
export function isMeasuredEpoch(epoch: number, config: { epochs: number; every: number }): boolean {
  return epoch % config.every === 0 || fullMeasurementEpochs(config.epochs).includes(epoch);
}

/** Whether a movement is more than its sampling error explains. */
export function isSignificant(movement: number, standardError: number): boolean {
  return Math.abs(movement) > 2 * standardError;
}
