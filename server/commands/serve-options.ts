/** The flags of `pentachoron serve`, parsed. */
import type { AccessFlags } from './access-options.js';
import type { EngineChoice, OpsChoice } from '../../shared/engine.js';

export const FIRST_SWEEPS = ['reference', 'none'] as const;

export interface ServeOptions extends AccessFlags {
  port: number;
  data: string;
  engine: EngineChoice;
  ops: OpsChoice;
  workers: number;
  checkpointSeconds: number;
  /** MB; as much as there is unless given. */
  maxRss?: number;
  allowEngineChange?: true;
  open?: true;
  /** Log folders of TensorBoard's, whose runs are shown as they grow. */
  follow?: string[];
  sweep: (typeof FIRST_SWEEPS)[number];
}
