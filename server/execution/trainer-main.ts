/**
 * Where a trainer process begins: the watch over its parent first, then the loop, at a lower priority. It ends by its
 * parent's SIGKILL or with it.
 */
import { setPriority } from 'node:os';
import './orphan-watch.js';

/** Below the server's, so that it and the page stay quick while trainers load and fill the cores. */
const NICENESS = 10;

// Ctrl-C, a closed terminal and a service manager's stop reach the parent's whole group. The parent decides what
// becomes of its runs: a trainer that ended by itself would take with it what it trained since its last checkpoint.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

// Only after the watch's thread has begun: it must not wait for a core.
setPriority(NICENESS);

// Not a static import: of those all are loaded, which takes its time, before the first of them runs.
await import('./trainer-loop.js');
