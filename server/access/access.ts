/** Who is let in, and as whom: by the address on this machine alone, by a token everywhere else. */
import { parse as parseCookies } from 'cookie';
import { fail, ok, type Result } from '../../shared/errors.js';
import { askedBy, type Asked, type AskingRequest, hostTrouble, originTrouble, signOfProxy } from './addresses.js';
import { ANYONE, LOCAL, type Principal } from './principal.js';
import type { Tokens } from './tokens.js';

export interface AccessOptions {
  tokens: Tokens;
  /** Whether the server listens on an address that other machines can reach, or stands behind a proxy. */
  isPublic: boolean;
  /** Proxies that are trusted in what they say of the client; 0 unless given. */
  proxyHops?: number;
  /** Origins, besides the server's own, whose pages may ask. */
  allowedOrigins?: readonly string[];
  /** Begins all paths: empty, or `/x`. */
  basePath?: string;
  /** Whether pages of other sites may hold this one in a frame: then its cookie must travel there. */
  isFramed?: boolean;
}

/** What a browser keeps of a token: as long as a season. */
const COOKIE_SECONDS = 90 * 24 * 3600;

export class Access {
  readonly tokens: Tokens;
  #programOf: (secret: string) => Result<Principal> | null = () => null;
  readonly #options: Required<Omit<AccessOptions, 'tokens'>>;

  constructor({ tokens, ...options }: AccessOptions) {
    this.tokens = tokens;
    this.#options = { proxyHops: 0, allowedOrigins: [], basePath: '', isFramed: false, ...options };
  }

  /** Whether nobody is let in without a token. */
  get needsToken(): boolean {
    this.tokens.refresh();
    return this.#options.isPublic || this.tokens.areRequired;
  }

  /** @param programOf as whom an ingest token lets in; null: it is none */
  admitPrograms(programOf: (secret: string) => Result<Principal> | null): void {
    this.#programOf = programOf;
  }

  /** Whether all requests come from proxies that are trusted. */
  get isProxied(): boolean {
    return this.#options.proxyHops > 0;
  }

  asked(request: AskingRequest): Asked {
    return askedBy(request, this.#options.proxyHops);
  }

  /**
   * Who asks. `forbidden`: Host or Origin is not this server's own; `unauthorized`: the token is nobody's. Who needs one
   * and gives none is `ANYONE`.
   */
  principalOf(request: AskingRequest): Result<Principal> {
    const { proxyHops, allowedOrigins } = this.#options;
    const needsToken = this.needsToken;
    const hidden = needsToken || proxyHops > 0 ? null : signOfProxy(request);
    if (!needsToken) {
      const trouble = hostTrouble(request);
      if (trouble !== null) return fail('forbidden', trouble);
    }
    const strange = originTrouble(request.headers.origin, this.asked(request), allowedOrigins);
    if (strange !== null) return fail('forbidden', strange);
    if (hidden !== null)
      return fail(
        'unauthorized',
        `this came through a proxy (${hidden} says so), behind which everyone needs a token: start the server with ` +
          '--trust-proxy 1 and open one of the addresses that it prints',
      );
    const bearer = bearerOf(request);
    const program = bearer === undefined ? null : this.#programOf(bearer);
    if (program !== null) return program;
    if (!needsToken) return ok(LOCAL);
    const secret = bearer ?? this.cookieOf(request);
    return secret === undefined ? ok(ANYONE) : this.identify(secret);
  }

  /** Whose secret this is. `unauthorized`: nobody's. */
  identify(secret: string): Result<Principal> {
    if (!this.needsToken) return ok(LOCAL);
    const principal = this.tokens.find(secret);
    return principal === null ? fail('unauthorized', 'this token is not valid, or not any more') : ok(principal);
  }

  /** Whether who was let in would be let in now, by the list as it was read last. */
  isValid(principal: Principal): boolean {
    if (principal.digest === null)
      return principal.role === null || !(this.#options.isPublic || this.tokens.areRequired);
    return this.tokens.isValid(principal);
  }

  /** The secret in the request's cookie. */
  cookieOf(request: AskingRequest): string | undefined {
    return parseCookies(request.headers.cookie ?? '')[this.#cookieName(request)];
  }

  /** A `Set-Cookie` that keeps the secret in the browser that asks; without one, that ends it. */
  cookie(request: AskingRequest, secret: string | null): string {
    const { basePath, isFramed } = this.#options;
    const isSecure = this.asked(request).scheme === 'https:';
    const parts = [
      `${this.#cookieName(request)}=${encodeURIComponent(secret ?? '')}`,
      `Path=${basePath === '' ? '/' : basePath}`,
      `Max-Age=${secret === null ? 0 : COOKIE_SECONDS}`,
      'HttpOnly',
      ...(isFramed && isSecure
        ? ['SameSite=None', 'Secure', 'Partitioned']
        : ['SameSite=Lax', ...(isSecure ? ['Secure'] : [])]),
    ];
    return parts.join('; ');
  }

  /** Cookies do not tell ports apart, and a browser may know several servers by one name. */
  #cookieName(request: AskingRequest): string {
    const { host, scheme } = this.asked(request);
    const port = /:(\d+)$/.exec(host)?.[1] ?? (scheme === 'https:' ? '443' : '80');
    return `pentachoron-${port}${this.#options.basePath.replaceAll(/[^\w]+/g, '-')}`;
  }
}

/** Empty where it is `Bearer` alone; another scheme is meant for somebody else. */
function bearerOf({ headers }: AskingRequest): string | undefined {
  return /^Bearer\b *(.*)$/i.exec(headers.authorization ?? '')?.[1];
}
