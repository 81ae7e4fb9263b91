/** Who may do what: a role holds rights, and every call names the one that it needs. */

/** In the order of what they may do, the most first. */
export const ROLES = ['controller', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/**
 * - `none`: whoever reaches the server
 * - `watch`: to read runs, and to follow them live
 * - `control`: to create, steer, change and delete them
 */
export type Right = 'none' | 'watch' | 'control';

const RIGHTS: Record<Role, readonly Right[]> = {
  controller: ['none', 'watch', 'control'],
  viewer: ['none', 'watch'],
};

export function hasRight(role: Role, right: Right): boolean {
  return RIGHTS[role].includes(right);
}
