/** State that tells whoever reads it of a change: signals of @preact/signals-core, and what the page asks of them. */
import { effect, untracked } from '@preact/signals-core';

/** A value that is followed by whoever reads it in a computation, an effect or the rendering of a `SignalElement`. */
export interface Readable<T> {
  readonly value: T;
}

/**
 * Calls `react` after every change of what `read` reads, not for what it reads now. What `react` itself reads is not
 * followed.
 * @returns the way to stop
 */
export function whenChanged<T>(read: () => T, react: (now: T) => void): () => void {
  let isFirst = true;
  return effect(() => {
    const now = read();
    if (!isFirst) untracked(() => react(now));
    isFirst = false;
  });
}
