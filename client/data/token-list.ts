/** The tokens by which others may come, as the server lists them: read when it is asked for, and after each change. */
import { signal } from '@preact/signals-core';
import type { Role, TokenInfo } from '../../shared/access.js';
import type { Result } from '../../shared/errors.js';
import type { Readable } from './signals.js';

/** A token as it is answered to who makes it: its secret is told this once. */
export interface NewToken {
  name: string;
  role: Role;
  secret: string;
}

export interface TokenCalls {
  list: () => Promise<Result<TokenInfo[]>>;
  create: (name: string, role: Role) => Promise<Result<NewToken>>;
  revoke: (name: string) => Promise<Result<null>>;
}

export interface TokenListState {
  /** Undefined until they are known. */
  tokens: readonly TokenInfo[] | undefined;
  /** Why they could not be read, or one of them not be revoked; '' if all went well. */
  trouble: string;
}

export class TokenList {
  readonly #state = signal<TokenListState>({ tokens: undefined, trouble: '' });
  readonly #calls: TokenCalls;
  /** The newest reading: answers to those before it are void. */
  #reading: object | undefined;

  constructor(calls: TokenCalls) {
    this.#calls = calls;
  }

  get state(): Readable<TokenListState> {
    return this.#state;
  }

  async read(): Promise<void> {
    const reading = {};
    this.#reading = reading;
    const answer = await this.#calls.list();
    if (this.#reading !== reading) return;
    this.#state.value = answer.ok
      ? { tokens: answer.data, trouble: '' }
      : { ...this.#state.value, trouble: answer.error.message };
  }

  /** Makes one; a refusal is the caller's to show. */
  async create(name: string, role: Role): Promise<Result<NewToken>> {
    const answer = await this.#calls.create(name, role);
    if (answer.ok) void this.read();
    return answer;
  }

  async revoke(name: string): Promise<void> {
    const answer = await this.#calls.revoke(name);
    await this.read();
    // One that is gone already is what was wished for.
    if (!answer.ok && answer.error.code !== 'not_found')
      this.#state.value = { ...this.#state.value, trouble: answer.error.message };
  }

  /** Nothing of it is kept while nobody looks. */
  forget(): void {
    this.#reading = undefined;
    this.#state.value = { tokens: undefined, trouble: '' };
  }
}
