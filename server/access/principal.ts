/** Who makes a call: what they may do, how they are called, and by which way they came. */
import type { Role } from '../../shared/access.js';

export interface Principal {
  /** Null: they have not said who they are, and may do what anyone may. */
  role: Role | null;
  /** Of their token; null where none is needed. */
  name: string | null;
  /** Digest of their token's secret, by which it is known whether it is valid still; null likewise. */
  digest: string | null;
}

export const ANYONE: Principal = { role: null, name: null, digest: null };
/** On a local address without tokens everyone who is let in is a controller. */
export const LOCAL: Principal = { role: 'controller', name: null, digest: null };
