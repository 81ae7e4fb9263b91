/** What computes: engines, whose ops do the work, and which build of the kernels. A run's last bits depend on all three. */

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
