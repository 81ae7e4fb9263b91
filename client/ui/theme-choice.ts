/** Light, dark, or as the system says: chosen once, kept in this browser, told to CSS as `data-theme`. */
import { type Signal, signal } from '@preact/signals-core';
import type { Readable } from '../data/signals.js';

export type Theme = 'light' | 'dark';

export type ThemePreference = 'system' | Theme;

const KEY = 'pentachoron-theme';
export const THEME_PREFERENCES: readonly ThemePreference[] = ['system', 'light', 'dark'];

export class ThemeChoice {
  readonly #preference = signal<ThemePreference>(stored());
  readonly #theme: Signal<Theme>;
  readonly #systemDark = matchMedia('(prefers-color-scheme: dark)');

  constructor() {
    this.#theme = signal(this.#resolve());
    this.#apply();
    this.#systemDark.addEventListener('change', () => this.#apply());
  }

  get preference(): Readable<ThemePreference> {
    return this.#preference;
  }

  /** What is shown: the preference, with `system` resolved. */
  get theme(): Readable<Theme> {
    return this.#theme;
  }

  next(): void {
    const at = THEME_PREFERENCES.indexOf(this.#preference.value);
    this.choose(THEME_PREFERENCES[(at + 1) % THEME_PREFERENCES.length]!);
  }

  choose(preference: ThemePreference): void {
    try {
      localStorage.setItem(KEY, preference);
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
    this.#preference.value = preference;
    this.#apply();
  }

  #resolve(): Theme {
    const preference = this.#preference.value;
    if (preference !== 'system') return preference;
    return this.#systemDark.matches ? 'dark' : 'light';
  }

  #apply(): void {
    // CSS first: whoever hears of the new theme reads its colours.
    document.documentElement.dataset.theme = this.#resolve();
    this.#theme.value = this.#resolve();
  }
}

function stored(): ThemePreference {
  try {
    const item = localStorage.getItem(KEY);
    return THEME_PREFERENCES.find((each) => each === item) ?? 'system';
  } catch {
    return 'system';
  }
}
