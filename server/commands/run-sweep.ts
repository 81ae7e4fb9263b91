/** One sweep from its creation to the end of its last run, with progress, and stopped cleanly where it is interrupted. */
import { filter, firstValueFrom, merge, ReplaySubject, tap } from 'rxjs';
import { ok, type Result } from '../../shared/errors.js';
import { widthOf } from '../../shared/frames.js';
import { hasEnded, LOCAL_COLUMNS, type Run } from '../../shared/run.js';
import type { SweepRequest } from '../../shared/experiment.js';
import type { Committed } from '../runs/run-stream.js';
import type { SweepService } from '../service/sweep-service.js';
import { createSweepProgress } from './sweep-progress.js';

export interface SweepOutcome {
  /** In the order of the grid, each in the status in which it ended. */
  runs: Run[];
  seconds: number;
}

const LOSS = LOCAL_COLUMNS.indexOf('loss');

/** Trains the sweep to its end; `stop` stops its runs after the epoch in hand. Fails if the service refuses the request. */
export async function runSweep(
  service: SweepService,
  request: SweepRequest,
  workers: number,
  stop: AbortSignal,
): Promise<Result<SweepOutcome>> {
  const startedMs = performance.now();
  const created = service.createSweep(request);
  if (!created.ok) return created;
  const sweepId = created.data.id;
  const runs = new Map(service.runs.runs({ sweep: sweepId }).map((run) => [run.id, run]));
  const progress = createSweepProgress([...runs.values()], workers);

  const follow = (event: Committed): void => {
    if (event.type === 'changed') {
      for (const { id } of event.runs) {
        const run = runs.has(id) ? service.runs.run(id) : undefined;
        if (run === undefined) continue;
        runs.set(run.id, run);
        progress.changed(run);
      }
      const sweep = event.sweeps?.some(({ id }) => id === sweepId) ? service.runs.sweep(sweepId) : undefined;
      if (sweep !== undefined) progress.estimated(sweep);
    } else if (event.type === 'frames') {
      for (const block of event.blocks) {
        const { runId, rows, steps, values } = block;
        const loss = values[(rows - 1) * widthOf(block) + LOSS]!;
        if (runs.has(runId)) progress.reached(runId, steps[rows - 1]!, loss);
      }
    }
  };

  const givenUp$ = new ReplaySubject<null>(1);
  let isTold = false;
  const storage = service.storage$.subscribe((notice) => {
    const unstored = service.unstored();
    // Nothing is there to wait for.
    if (unstored?.isLasting) {
      progress.say(`Ending: ${unstored.reason}.`);
      givenUp$.next(null);
    } else if (notice !== null) progress.say(`Waiting: ${notice.message}.`);
    else if (isTold) progress.say('Going on: the runs can be stored again.');
    isTold = notice !== null;
  });

  const stopRuns = (): void => {
    progress.say('Stopping after the epoch in hand; once more ends at once.');
    const stopped = service.controlSweep(sweepId, 'stop', 'command-line');
    // What is refused now would be waited for until the storage is well.
    if (!stopped.ok) givenUp$.next(null);
  };
  const close = (): void => progress.close();
  // Also where a second signal ends the process: the terminal is left as it was.
  process.once('exit', close);

  try {
    const isOver = (): boolean => [...runs.values()].every(hasEnded);
    // No await lies between the creation and this subscription, so nothing that was committed is missed.
    if (!isOver()) {
      const over = firstValueFrom(merge(service.committed$.pipe(tap(follow), filter(isOver)), givenUp$), {
        defaultValue: null,
      });
      if (stop.aborted) stopRuns();
      else stop.addEventListener('abort', stopRuns, { once: true });
      await over;
    }
  } finally {
    stop.removeEventListener('abort', stopRuns);
    process.off('exit', close);
    storage.unsubscribe();
    progress.close();
  }
  return ok({ runs: service.runs.runs({ sweep: sweepId }), seconds: (performance.now() - startedMs) / 1000 });
}
