/** Who may come and who is here, in words, and the link that lets someone in. */
import type { Presence, Role, TokenInfo } from '../../shared/access.js';

/** What each role does, as it stands beside a name. */
const ROLE_WORDS: Record<Role, string> = { controller: 'control', viewer: 'view', writer: 'write' };

export function roleWord(role: Role): string {
  return ROLE_WORDS[role];
}

/** `Ann (control), Bob ×2 (view)` */
export function peopleWords(people: readonly Presence[]): string {
  return people
    .map(({ name, role, connections }) => `${name}${connections > 1 ? ` ×${connections}` : ''} (${roleWord(role)})`)
    .join(', ');
}

/** Whether a page of this host's name can be opened on the machine alone on which it is open. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** The page's address with a token, which the server takes out of it. @param hash the state that the page is to show */
export function linkWith(secret: string, page: string, hash: string): string {
  const link = new URL(page);
  link.searchParams.set('token', secret);
  link.hash = hash === '#' ? '' : hash;
  return link.href;
}

/** What is asked before a token is revoked. @param all those that are valid now */
export function revocationWords({ name, role }: TokenInfo, all: readonly TokenInfo[]): string {
  const isLast = role === 'controller' && all.filter((each) => each.role === 'controller').length === 1;
  const effect = 'Its link stops working, and the pages that are open with it ask for another one.';
  return isLast ? `${effect} ${name} is the last that may control; the command line makes another one.` : effect;
}
