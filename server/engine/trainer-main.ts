/** Where a trainer process begins: the watch over its parent first, then the loop. */
import './orphan-watch.js';

// Not a static import: of those all are loaded, which takes its time, before the first of them runs.
await import('./trainer-loop.js');
