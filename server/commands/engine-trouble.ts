/** Refuses, before anything trains, an engine that was asked for by name and cannot run here. */
import type { EngineChoice } from '../config.js';

/** Why `engine` cannot be had, or null. The two that come with the package are not tried: that would cost a second. */
export async function engineTrouble(engine: EngineChoice): Promise<string | null> {
  if (engine !== 'gpu' && engine !== 'native') return null;
  const { probeEngine } = await import('../engine/backend.js');
  const { available, reason, how } = await probeEngine(engine);
  if (available) return null;
  return `the engine ${engine} cannot run here: ${reason}; it ${how}. "pentachoron doctor" tells which engines can.`;
}
