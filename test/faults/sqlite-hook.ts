/** A module hook: whoever asks for SQLite gets `faulty-sqlite`, which alone gets the real one. */
import type { ResolveHook } from 'node:module';

const faulty = new URL('faulty-sqlite.js', import.meta.url).href;

export const resolve: ResolveHook = (specifier, context, nextResolve) =>
  specifier === '@photostructure/sqlite' && context.parentURL !== faulty
    ? { url: faulty, shortCircuit: true }
    : nextResolve(specifier, context);
