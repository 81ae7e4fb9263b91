/**
 * From where a request comes, and to which address it was sent: the client behind trusted proxies, and whether a page
 * that asks is one that this server sent.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** A loopback name as it stands in a `Host` header. The port is that of a tunnel, too, and says nothing. */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;

/** Of a request, what the checks look at. */
export interface AskingRequest {
  headers: IncomingHttpHeaders;
  httpVersion: string;
  socket: { localPort?: number | undefined; remoteAddress?: string | undefined; encrypted?: boolean };
}

/** What proxies add of whom they ask for. */
const FORWARDED = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-real-ip',
  'cf-connecting-ip',
  'true-client-ip',
] as const;

/**
 * By what a proxy is recognised that nobody told of; null if by nothing. The version of HTTP is that which nginx speaks
 * to whom it asks unless it is told otherwise, and no browser any more.
 */
export function signOfProxy({ headers, httpVersion }: AskingRequest): string | null {
  const header = FORWARDED.find((name) => headers[name] !== undefined);
  if (header !== undefined) return `the header ${header}`;
  return httpVersion === '1.0' ? 'HTTP/1.0' : null;
}

/** The client's address, and what it asked for in its own eyes. */
export interface Asked {
  address: string;
  /** `https:` or `http:` */
  scheme: string;
  /** In lower case, with the port where it is not the scheme's own. */
  host: string;
}

/** Some proxies say of an upgrade what it becomes. */
const SCHEMES: Readonly<Record<string, string>> = { http: 'http:', ws: 'http:', https: 'https:', wss: 'https:' };

/** @param hops how many proxies are trusted; of what they add no more is believed */
export function askedBy({ headers, socket }: AskingRequest, hops: number): Asked {
  const own = socket.encrypted === true ? 'https:' : 'http:';
  const scheme = forwarded(headers['x-forwarded-proto'], hops);
  return {
    address: forwarded(headers['x-forwarded-for'], hops) ?? socket.remoteAddress ?? '',
    scheme: scheme === undefined ? own : (SCHEMES[scheme] ?? own),
    host: (forwarded(headers['x-forwarded-host'], hops) ?? headers.host ?? '').toLowerCase(),
  };
}

/** What is counted as one client: of IPv6 a network of 64 bits, which is what one of them is given. */
export function clientKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail = ''] = address.split('%')[0]!.split('::');
  const groups = [head, tail].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array.from({ length: Math.max(0, 8 - groups[0]!.length - groups[1]!.length) }, () => '0');
  const all = address.includes('::') ? [...groups[0]!, ...zeros, ...groups[1]!] : groups[0]!;
  return `${all
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** Each proxy appends: what the outermost trusted one wrote stands `hops` from the end, or first if others wrote nothing. */
function forwarded(header: string | string[] | undefined, hops: number): string | undefined {
  if (hops === 0 || header === undefined) return undefined;
  const values = String(header)
    .split(',')
    .map((value) => value.trim());
  return values.at(-Math.min(hops, values.length));
}

/**
 * Why a request is not let in without a token, with what to do instead; null if it is. The Host's name keeps out a name
 * that was rebound to this machine.
 */
export function hostTrouble({ headers, socket }: AskingRequest): string | null {
  const host = headers.host?.toLowerCase() ?? '';
  if (LOOPBACK_HOST.test(host)) return null;
  // The port at which it came in is right for who opens the address, who may do so through a tunnel.
  const port = /:(\d{1,5})$/.exec(host)?.[1] ?? socket.localPort;
  return `not allowed: the Host must be 127.0.0.1, localhost or [::1], with any port; open http://localhost:${port}`;
}

/**
 * Why a page of another origin is not let in; null where there is no Origin, as programs have none, or it is the
 * server's own. @param allowed further origins
 */
export function originTrouble(
  origin: string | undefined,
  { scheme, host }: Asked,
  allowed: readonly string[],
): string | null {
  if (origin === undefined) return null;
  const own = `${scheme}//${host}`;
  const same = (one: string): boolean => withoutDefaultPort(one) === withoutDefaultPort(origin.toLowerCase());
  if (same(own) || allowed.some(same)) return null;
  return `not allowed: an Origin, if there is one, must be that of this server's own page, which is ${own}`;
}

/** Browsers leave the scheme's own port out, programs may not. */
function withoutDefaultPort(origin: string): string {
  return origin.replace(/^(http:.*):80$/, '$1').replace(/^(https:.*):443$/, '$1');
}
