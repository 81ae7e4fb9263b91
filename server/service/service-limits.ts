/** How much may be kept and trained. */

export interface ServiceLimits {
  sweeps: number;
  runs: number;
  /** That the runs of a sweep which train at a time may be estimated to take. */
  memoryBytes: number;
}

export const DEFAULT_SERVICE_LIMITS: ServiceLimits = { sweeps: 100_000, runs: 1_000_000, memoryBytes: Infinity };
