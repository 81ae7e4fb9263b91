/** A program that trains elsewhere, as small as one can be: what it tells the server, call by call. */
import type { OpenedRun, Received } from '../../shared/ingest.js';

export class ExternalProgram {
  readonly id: string;
  readonly #url: string;
  readonly #token: string;
  #frames = 0;
  #lines = 0;
  #states = 0;

  private constructor(url: string, { id, ingestToken, nextSeq }: OpenedRun) {
    this.#url = url;
    this.id = id;
    this.#token = ingestToken;
    this.#frames = nextSeq;
  }

  /** @param token where the server asks everyone for one */
  static async open(url: string, run: object, token?: string): Promise<ExternalProgram> {
    return new ExternalProgram(url, await send<OpenedRun>(`${url}api/runs`, 'POST', run, token));
  }

  /** @param at of the first; the others follow a second apart */
  log(frames: readonly (readonly [step: number, values: object])[], at = Date.now()): Promise<Received> {
    const sent = frames.map(([step, values], index) => ({
      ...{ seq: this.#frames + index, step, at: at + 1000 * index, values },
    }));
    this.#frames += frames.length;
    return this.#say('POST', '/frames', sent);
  }

  print(...lines: (string | { text: string; stream: 'stderr' })[]): Promise<Received> {
    const seq = this.#lines;
    this.#lines += lines.length;
    return this.#say('POST', '/output', { seq, lines });
  }

  report(status: string, message?: string): Promise<Received> {
    return this.#say('POST', '/state', { seq: this.#states++, status, at: Date.now(), ...(message && { message }) });
  }

  describe(patch: object): Promise<unknown> {
    return this.#say('PATCH', '', patch);
  }

  /** What is asked of it now. */
  asked(): Promise<Received> {
    return this.#say('GET', '/control');
  }

  #say<T>(method: string, call: string, body?: object): Promise<T> {
    return send<T>(`${this.#url}api/runs/${this.id}${call}`, method, body, this.#token);
  }
}

async function send<T>(url: string, method: string, body?: object, token?: string): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as T;
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}
