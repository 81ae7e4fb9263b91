/**
 * Ends a trainer whose parent is gone, also while its own loop is busy with an epoch: a worker thread looks at the
 * parent's process id. `disconnect` alone is only noticed between two epochs. The watch begins when this is imported,
 * so that a trainer which imports it first is also watched while it loads its engine; being older than the trainer's
 * lowered priority, its thread does not share it.
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { PARENT_VARIABLE } from './messages.js';

const POLL_MS = 100;

/** SIGKILL, because nothing softer is acted on before the loop is free. */
function endOrphan(parent: number): void {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}

if (isMainThread) {
  const parent = Number(process.env[PARENT_VARIABLE] ?? process.ppid);
  endOrphan(parent);
  new Worker(new URL(import.meta.url), { name: 'orphan-watch', workerData: parent }).unref();
} else {
  const parent = workerData as number;
  endOrphan(parent);
  setInterval(() => endOrphan(parent), POLL_MS);
}
