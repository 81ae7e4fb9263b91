/**
 * Ends a trainer whose parent is gone, also while its own loop is busy with an epoch: a worker thread looks at the
 * parent's process id. `disconnect` alone is only noticed between two epochs. The watch begins when this is imported,
 * so that a trainer which imports it first is also watched while it loads its engine.
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const POLL_MS = 200;

if (isMainThread) {
  // Read here: by the time the worker runs, the parent may be gone and its successor be taken for it.
  new Worker(new URL(import.meta.url), { name: 'orphan-watch', workerData: process.ppid }).unref();
} else {
  const parent = workerData as number;
  const look = (): void => {
    // SIGKILL, because nothing softer is acted on before the loop is free.
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  };
  look();
  setInterval(look, POLL_MS);
}
