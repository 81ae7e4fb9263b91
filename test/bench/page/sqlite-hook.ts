/** A module hook: whoever asks for SQLite gets `clocked-sqlite`, which alone gets the real one. */
import type { ResolveHook } from 'node:module';

const clocked = new URL('clocked-sqlite.js', import.meta.url).href;

export const resolve: ResolveHook = (specifier, context, nextResolve) =>
  specifier === '@photostructure/sqlite' && context.parentURL !== clocked
    ? { url: clocked, shortCircuit: true }
    : nextResolve(specifier, context);
