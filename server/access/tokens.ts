/** The tokens that are valid now: those of the data folder and those that the server was started with. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Role, ROLES, type TokenInfo } from '../../shared/access.js';
import { badInput } from '../../shared/bad-input.js';
import { fail, ok, type Result } from '../../shared/errors.js';
import { messageOf } from '../message-of.js';
import type { Principal } from './principal.js';
import { type StoredToken, TokenFile } from './token-file.js';

/** A token that the server was started with. */
export interface GivenToken {
  name: string;
  role: Role;
  secret: string;
}

/** Its secret is shown this once. */
export interface NewToken extends GivenToken {
  createdAt: string;
}

/** Those that the server makes for its own links. */
const START: readonly { name: string; role: Role }[] = [
  { name: 'control', role: 'controller' },
  { name: 'view', role: 'viewer' },
];

/** What the runs' logs call others than people. */
const RESERVED = ['viewer', 'http', 'command-line', 'server'];
const nameMessage =
  'name must be a text of 1 to 40 letters, digits, spaces and . _ @ -, that begins with a letter or digit';
export const tokenNameSchema = z
  .string({ error: nameMessage })
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,39}$/u, nameMessage)
  .refine((name) => !RESERVED.includes(name), `name must not be one of ${RESERVED.join(', ')}`);
export const roleSchema = z.enum(ROLES, { error: `role must be one of ${ROLES.join(', ')}` });

/** In the place of a stamp: no file has it. */
const UNREAD = 'unread';

/** Enough for a house; whoever mints without end is told so before the list is slow to read. */
const MOST_TOKENS = 1000;

/** As long as nobody can guess it; long enough a secret of one's own is at 12 characters. */
const SECRET_BYTES = 24;
export const MIN_SECRET = 12;

export class Tokens {
  readonly #file: TokenFile;
  readonly #given: readonly (StoredToken & { origin: 'flag' })[];
  #stored: readonly StoredToken[] = [];
  #required = false;
  #stamp: string | null = null;
  readonly #trouble: (message: string) => void;
  /** What was told last of a list that cannot be read; null while it can be. */
  #reported: string | null = null;

  /**
   * Throws where the folder's list cannot be read.
   * @param given of names that differ
   * @param trouble hears, later on, why the list cannot be read any more
   */
  constructor(folder: string, given: readonly GivenToken[] = [], trouble: (message: string) => void = () => undefined) {
    this.#trouble = trouble;
    this.#file = new TokenFile(folder);
    const createdAt = new Date().toISOString();
    this.#given = given.map(({ name, role, secret }) => ({
      name,
      role,
      createdAt,
      digest: digestOf(secret),
      origin: 'flag',
    }));
    this.refresh();
  }

  /** Whether anyone was ever given one by hand: then everyone needs one. */
  get areRequired(): boolean {
    return this.#required || this.#given.length > 0;
  }

  /** Reads the list anew if it was changed, by whomever; answers whether it was. Never throws once it was read. */
  refresh(): boolean {
    const { stamp } = this.#file;
    if (stamp === this.#stamp) return false;
    const isFirst = this.#stamp === null;
    this.#stamp = stamp;
    // With a folder that is gone, or a list that is half written, goes nobody's right to come, and nobody gets one.
    if (stamp === '' && !isFirst) return false;
    try {
      const { tokens, required } = this.#file.read();
      this.#stored = tokens;
      this.#required ||= required;
      this.#reported = null;
      return true;
    } catch (error) {
      if (isFirst) throw error;
      this.#required = true;
      // Tried again each time, for it may pass without a change of the file; told once.
      this.#stamp = UNREAD;
      const trouble = messageOf(error);
      if (trouble !== this.#reported) this.#trouble(trouble);
      this.#reported = trouble;
      return false;
    }
  }

  /** Whose secret this is; null: nobody's. Takes as long whether it is nearly one or not at all. */
  find(secret: string): Principal | null {
    const digest = Buffer.from(digestOf(secret), 'hex');
    // All are compared, also after one is found.
    const [found] = this.#all().filter((token) => timingSafeEqual(digest, Buffer.from(token.digest, 'hex')));
    return found === undefined ? null : { role: found.role, name: found.name, digest: found.digest };
  }

  /** Whether someone who was let in with a token would be let in with it now, as the same. */
  isValid({ name, role, digest }: Principal): boolean {
    return this.#all().some((token) => token.name === name && token.role === role && token.digest === digest);
  }

  list(): Omit<TokenInfo, 'connections'>[] {
    return this.#all().map(({ name, role, createdAt, secret, ...rest }) => ({
      ...{ name, role, createdAt },
      origin: 'origin' in rest ? 'flag' : secret === undefined ? 'added' : 'start',
    }));
  }

  /** Where there is none, makes the two of the server's own links; answers those that it may print. */
  ensureStart(): GivenToken[] {
    if (!this.areRequired && this.#stored.length === 0)
      this.#file.change((now) => ({
        ...now,
        tokens: now.tokens.length > 0 ? now.tokens : START.map((token) => stored({ ...token, ...made() }, true)),
      }));
    this.refresh();
    return this.#stored.flatMap(({ name, role, secret }) => (secret === undefined ? [] : [{ name, role, secret }]));
  }

  /** `bad_input`; `unavailable`; `conflict`: there is one of that name. From now on everyone needs a token. */
  add(name: string, role: Role): Result<NewToken> {
    const parsed = z.object({ name: tokenNameSchema, role: roleSchema }).safeParse({ name, role });
    if (!parsed.success) return badInput(parsed.error);
    const token = { name, role, ...made() };
    let isTaken = this.#given.some((given) => given.name === name);
    let isFull = false as boolean;
    const changed = this.#change((now) => {
      isTaken ||= now.tokens.some((one) => one.name === name);
      isFull = now.tokens.length >= MOST_TOKENS;
      return isTaken || isFull ? now : { ...now, required: true, tokens: [...now.tokens, stored(token, false)] };
    });
    if (!changed.ok) return changed;
    if (isFull && !isTaken)
      return fail('conflict', `there are ${MOST_TOKENS} tokens, which is the most; revoke those that nobody needs`);
    return isTaken
      ? fail('conflict', `there is a token of the name ${name} already; revoke it or choose another name`)
      : ok(token);
  }

  /** `not_found`; `unavailable`; `conflict`: it was given by a flag. Whoever needed a token before still does. */
  revoke(name: string): Result<null> {
    let isFound = false as boolean;
    const changed = this.#change((now) => {
      isFound = now.tokens.some((token) => token.name === name);
      return isFound ? { ...now, required: true, tokens: now.tokens.filter((token) => token.name !== name) } : now;
    });
    if (!changed.ok) return changed;
    if (isFound) return ok(null);
    if (this.#given.some((given) => given.name === name))
      return fail('conflict', `the token ${name} was given when the server was started; start it without`);
    return fail('not_found', `there is no token of the name ${name}`);
  }

  /** `unavailable`: the list cannot be written, and is as it was. */
  #change(next: Parameters<TokenFile['change']>[0]): Result<null> {
    try {
      this.#file.change(next);
    } catch (error) {
      return fail('unavailable', `the tokens cannot be changed: ${messageOf(error)}`);
    }
    this.refresh();
    return ok(null);
  }

  #all(): readonly StoredToken[] {
    return [...this.#given, ...this.#stored];
  }
}

function made(): { secret: string; createdAt: string } {
  return { secret: randomBytes(SECRET_BYTES).toString('base64url'), createdAt: new Date().toISOString() };
}

function stored({ secret, ...token }: NewToken, isPrinted: boolean): StoredToken {
  return { ...token, digest: digestOf(secret), ...(isPrinted && { secret }) };
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
