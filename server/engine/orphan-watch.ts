/**
 * Ends a trainer whose parent is gone, also while its own loop is busy with an epoch: a worker thread looks at the
 * parent's process id. `disconnect` alone is only noticed between two epochs.
 */
import { isMainThread, Worker } from 'node:worker_threads';

const POLL_MS = 200;

/** Begins to watch; it does not keep the process alive. */
export function endWithParent(): void {
  new Worker(new URL(import.meta.url), { name: 'orphan-watch' }).unref();
}

if (!isMainThread) {
  const parent = process.ppid;
  setInterval(() => {
    // SIGKILL, because nothing softer is acted on before the loop is free.
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, POLL_MS);
}
