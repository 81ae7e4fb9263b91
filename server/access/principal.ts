/** Who makes a call: what they may do, how they are called, and by which way they came. */
import type { Role } from '../../shared/access.js';

/** A program with the token of the run that it trains, and as which of the run's writers. */
export interface Writer {
  id: string;
  runId: string;
}

export interface Principal {
  /** `program`: it writes a run; null: they have not said who they are, and may do what anyone may. */
  role: Role | 'program' | null;
  /** Of a program. */
  writer?: Writer;
  /** Of their token; null where none is needed. */
  name: string | null;
  /** Digest of their token's secret, by which it is known whether it is valid still; null likewise. */
  digest: string | null;
}

export const ANYONE: Principal = { role: null, name: null, digest: null };
/** On a local address without tokens everyone who is let in is a controller. */
export const LOCAL: Principal = { role: 'controller', name: null, digest: null };
