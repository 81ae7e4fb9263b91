/** Where a trainer process begins: the watch over its parent first, then the loop, at a lower priority. */
import { setPriority } from 'node:os';
import './orphan-watch.js';

/** Below the server's, so that it and the page stay quick while trainers load and fill the cores. */
const NICENESS = 10;

// Only after the watch's thread has begun: it must not wait for a core.
setPriority(NICENESS);

// Not a static import: of those all are loaded, which takes its time, before the first of them runs.
await import('./trainer-loop.js');
