/** Who may do what: a role holds rights, and every call names the one that it needs. */

/** The one that may do more stands before. */
export const ROLES = ['controller', 'viewer', 'writer'] as const;
export type Role = (typeof ROLES)[number];

/**
 * - `none`: whoever reaches the server
 * - `watch`: to read runs, and to follow them live
 * - `control`: to create, steer, change and delete them, and to say who else may come
 * - `open`: to begin runs that other programs train
 * - `write`: to say what becomes of one such run
 * - `describe`: to change what is said of a run
 */
export type Right = 'none' | 'watch' | 'control' | 'open' | 'write' | 'describe';

/** `program`: with the token of its run, for that run alone. */
const RIGHTS: Record<Role | 'program', readonly Right[]> = {
  controller: ['none', 'watch', 'control', 'open', 'describe'],
  viewer: ['none', 'watch'],
  writer: ['none', 'open'],
  program: ['none', 'write', 'describe'],
};

/** @param role null: of whoever has not said who they are */
export function hasRight(role: Role | 'program' | null, right: Right): boolean {
  return role === null ? right === 'none' : RIGHTS[role].includes(right);
}

/** Whether the one may do more than the other. */
export function isStronger(one: Role | 'program', other: Role | 'program'): boolean {
  const order: readonly string[] = [...ROLES, 'program'];
  return order.indexOf(one) < order.indexOf(other);
}

/** What is told of a token: never its secret. */
export interface TokenInfo {
  name: string;
  role: Role;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** `start`: made by the server for its own links; `flag`: given when it was started, there as long as it runs. */
  origin: 'start' | 'added' | 'flag';
  /** Sockets that are connected with it now. */
  connections: number;
}

/** Who is connected, by token. */
export interface Presence {
  name: string;
  role: Role;
  connections: number;
}
