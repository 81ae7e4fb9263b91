/**
 * The page's state in its address, `#view=summary&epoch=25…`, so that a link, a reload and the Back button show the
 * same. Each field is a value of its own; whoever owns a choice asks for its field.
 */
import { batch, type Signal, signal } from '@preact/signals-core';
import type { Readable } from './signals.js';

/** How a field stands in the address; null = as if it were not there. */
export interface Codec<T> {
  read: (text: string | null) => T;
  write: (value: T) => string | null;
  /** What says the standard in so many words; whatever else reads as the standard is not understood. */
  standard?: string;
}

export const text = (standard = ''): Codec<string> => ({
  read: (written) => written ?? standard,
  write: (value) => (value === standard ? null : value),
  standard,
});

/** One of a closed list; anything else reads as the standard. */
export const oneOf = <T extends string>(allowed: readonly T[], standard: T): Codec<T> => ({
  read: (written) => allowed.find((each) => each === written) ?? standard,
  write: (value) => (value === standard ? null : value),
  standard,
});

/** A finite number within [min, max]; anything else reads as the standard. */
export const number = <S extends number | null>(
  standard: S,
  { min = -Infinity, max = Infinity } = {},
): Codec<number | S> => ({
  read: (written) => {
    const value = written === null || written.trim() === '' ? NaN : Number(written);
    return Number.isFinite(value) && value >= min && value <= max ? value : standard;
  },
  write: (value) => (value === standard || value === null ? null : String(value)),
  ...(standard !== null && { standard: String(standard) }),
});

export const flag = (standard = false): Codec<boolean> => ({
  read: (written) => (written === null ? standard : written === '1'),
  write: (value) => (value === standard ? null : value ? '1' : '0'),
  standard: standard ? '1' : '0',
});

/** Names or ids in their order, each once. */
export const list = (): Codec<readonly string[]> => ({
  read: (written) => [...new Set((written ?? '').split(',').filter((each) => each !== ''))],
  write: (value) => (value.length === 0 ? null : value.join(',')),
});

export interface AddressField<T> extends Readable<T> {
  set(value: T): void;
}

/** The parts of `window` that an address lives in. */
export type AddressBar = Pick<Window, 'location' | 'history' | 'addEventListener'>;

/**
 * Browsers refuse to rewrite the address more than 100 times in 30 s, as a moving slider would. So many are written at
 * once, those beyond one by one.
 */
const BURST = 20;
const WRITE_EVERY_MS = 400;

export class PageAddress {
  readonly #bar: AddressBar;
  readonly #fields = new Map<string, Field<unknown>>();
  readonly #unknown = signal<readonly string[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** How many may be written at once, as counted at `#countedAt`. */
  #spare = BURST;
  #countedAt = performance.now();

  constructor(bar: AddressBar = window) {
    this.#bar = bar;
    // Back, forward and an address edited by hand alike.
    bar.addEventListener('popstate', () => this.#read());
    bar.addEventListener('pagehide', () => this.#write('replaceState'));
  }

  /**
   * The field `key`, to be asked for once.
   * @param push whether a change is a step that the Back button undoes.
   */
  field<T>(key: string, codec: Codec<T>, { push = false } = {}): AddressField<T> {
    const field = new Field(codec, this.#written.get(key), () => {
      this.#findUnknown();
      if (push) this.#push();
      else this.#later();
    });
    this.#fields.set(key, field as Field<unknown>);
    this.#findUnknown();
    return field;
  }

  /** What the address says and nobody understands, as `view=maps`; it stays there until it is chosen anew. */
  get unknown(): Readable<readonly string[]> {
    return this.#unknown;
  }

  /** Lets the address say no longer what is not understood. */
  letGoUnknown(): void {
    for (const field of this.#fields.values()) field.letGoUnknown();
  }

  /** The address with these fields changed, for a link. */
  link(changes: Record<string, string | null>): string {
    const fields = this.#texts();
    for (const [key, text] of Object.entries(changes)) {
      if (text === null) fields.delete(key);
      else fields.set(key, text);
    }
    return written(fields);
  }

  get #written(): URLSearchParams {
    return new URLSearchParams(this.#bar.location.hash.replace(/^#/, ''));
  }

  #texts(): Map<string, string> {
    const texts = new Map<string, string>();
    for (const [key, field] of this.#fields) if (field.text !== null) texts.set(key, field.text);
    return texts;
  }

  #read(): void {
    this.#forget();
    const fields = this.#written;
    // At once: who reads several of them meets none that is of the address before.
    batch(() => {
      for (const [key, field] of this.#fields) field.take(fields.get(key));
    });
    this.#findUnknown();
  }

  #findUnknown(): void {
    const unknown = [...this.#fields].flatMap(([key, field]) =>
      field.unknown === null ? [] : [`${key}=${field.unknown}`],
    );
    if (unknown.join() !== this.#unknown.value.join()) this.#unknown.value = unknown;
  }

  /** As soon as the turn ends, so that a reload shows the choice; of a long stream of changes, every now and then one. */
  #later(): void {
    const now = performance.now();
    this.#spare = Math.min(BURST, this.#spare + (now - this.#countedAt) / WRITE_EVERY_MS);
    this.#countedAt = now;
    const wait = Math.max(0, 1 - this.#spare) * WRITE_EVERY_MS;
    this.#timer ??= setTimeout(() => this.#write('replaceState'), wait);
  }

  /** One step for all fields that are set in the same turn. */
  #push(): void {
    this.#forget();
    queueMicrotask(() => this.#write('pushState'));
  }

  #write(how: 'pushState' | 'replaceState'): void {
    this.#forget();
    const { location, history } = this.#bar;
    const hash = written(this.#texts());
    if (hash === (location.hash || '#')) return;
    this.#spare -= 1;
    history[how](null, '', hash === '#' ? location.pathname + location.search : hash);
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

class Field<T> implements AddressField<T> {
  readonly #codec: Codec<T>;
  readonly #value: Signal<T>;
  readonly #changed: () => void;

  /** What it was given and does not understand. */
  #unknown: string | null;

  constructor(codec: Codec<T>, text: string | null, changed: () => void) {
    this.#codec = codec;
    this.#value = signal(codec.read(text));
    this.#unknown = this.#notUnderstood(text);
    this.#changed = changed;
  }

  get value(): T {
    return this.#value.value;
  }

  get unknown(): string | null {
    return this.#unknown;
  }

  get text(): string | null {
    return this.#unknown ?? this.#codec.write(this.value);
  }

  set(value: T): void {
    const before = this.text;
    this.#unknown = null;
    this.#value.value = value;
    if (this.text !== before) this.#changed();
  }

  letGoUnknown(): void {
    if (this.#unknown !== null) this.set(this.value);
  }

  /** What the address says, from outside; equal text keeps the value, so that nothing is redrawn for it. */
  take(text: string | null): void {
    const value = this.#codec.read(text);
    const isKept = this.#codec.write(value) === this.#codec.write(this.value);
    this.#unknown = this.#notUnderstood(text);
    if (!isKept) this.#value.value = value;
  }

  #notUnderstood(text: string | null): string | null {
    if (text === null || text === '' || text === this.#codec.standard) return null;
    return this.#codec.write(this.#codec.read(text)) === null ? text : null;
  }
}

/** Commas and colons stay readable; what an address cannot hold is escaped. */
function written(fields: ReadonlyMap<string, string>): string {
  const escaped = (text: string): string => encodeURIComponent(text).replaceAll('%2C', ',').replaceAll('%3A', ':');
  const parts = [...fields].map(([key, text]) => `${key}=${escaped(text)}`);
  return `#${parts.join('&')}`;
}
