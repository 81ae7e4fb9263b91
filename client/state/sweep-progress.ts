/** How far runs are and how long they will take, from the runs alone. */
import { configCost } from '../../shared/config-cost.js';
import { hasEnded, type Run, RUN_STATUSES, type RunStatus } from '../../shared/run.js';

const IN_SLOT: readonly RunStatus[] = ['running', 'pausing', 'stopping'];
const TO_TRAIN: readonly RunStatus[] = ['queued', 'running', 'pausing'];

/** How a sweep has ended, by the worst of its runs: what was asked for or not. Undefined while one may go on. */
export function sweepEnd(runs: readonly Pick<Run, 'status'>[]): 'completed' | 'stopped' | 'failed' | undefined {
  if (!runs.every(hasEnded)) return undefined;
  if (runs.some(({ status }) => status === 'failed' || status === 'diverged')) return 'failed';
  return runs.some(({ status }) => status === 'stopped') ? 'stopped' : 'completed';
}

/** Shares of all epochs that were asked for, 0 to 1: what an ended run never reached stays missing. */
export interface SweepProgress {
  /** Of runs that are completed, or may be yet. */
  trained: number;
  /** Of runs that ended before they were through. */
  stopped: number;
  failed: number;
}

export function sweepProgress(runs: readonly Run[]): SweepProgress {
  const total = runs.reduce((sum, run) => sum + run.epochs, 0);
  const share = (statuses: readonly RunStatus[]): number => {
    const some = runs.filter(({ status }) => statuses.includes(status));
    // A sweep of no epochs is through as its runs are.
    if (total === 0) return runs.length === 0 ? 0 : some.filter(hasEnded).length / runs.length;
    return some.reduce((sum, { epoch }) => sum + epoch, 0) / total;
  };
  const failed: RunStatus[] = ['failed', 'diverged'];
  return {
    trained: share(RUN_STATUSES.filter((status) => status !== 'stopped' && !failed.includes(status))),
    stopped: share(['stopped']),
    failed: share(failed),
  };
}

/** `2 of 12 runs completed, 10 stopped; 34 % of all epochs trained`. */
export function progressWords(runs: readonly Run[]): string {
  const { trained, stopped, failed } = sweepProgress(runs);
  return `${countsLine(runs)}; ${Math.floor((trained + stopped + failed) * 100)} % of all epochs trained`;
}

/** How many runs hold a slot. */
export function slotsTaken(runs: Iterable<Run>): number {
  return [...runs].filter(holdsSlot).length;
}

/** One that is trained to its end but not yet stored as completed has handed its slot on. */
function holdsSlot({ status, epoch, epochs }: Run): boolean {
  return IN_SLOT.includes(status) && epoch < epochs;
}

/**
 * Seconds until each of `runs` that trains or waits is done; paused runs wait for nobody. Undefined before anything is
 * known of the pace. The line is played through as the server serves it: `slots` at a time, sweep by sweep, the most
 * expensive config first.
 * @param all everything the server has: other runs may be ahead in the line, and tell the pace.
 */
export function secondsLeft(
  runs: readonly Run[],
  all: readonly Run[] = runs,
  slots = slotsTaken(all),
): number | undefined {
  const wanted = new Set(runs.filter(({ status }) => TO_TRAIN.includes(status)).map(({ id }) => id));
  const paced = all.filter((run) => run.epoch > 0 && run.seconds > 0);
  if (wanted.size === 0 || paced.length === 0) return undefined;
  const training = all.filter(holdsSlot);
  const waiting = all.filter(({ status }) => status === 'queued').sort(compareTurns);
  const free = Array.from({ length: Math.max(1, slots, training.length) }, () => 0);
  let last = 0;
  for (const run of [...training, ...waiting]) {
    const slot = free.indexOf(Math.min(...free));
    free[slot]! += remaining(run, paced);
    if (wanted.has(run.id)) last = Math.max(last, free[slot]!);
  }
  return last;
}

function compareTurns(a: Run, b: Run): number {
  if (a.sweepId !== b.sweepId) return a.createdAt.localeCompare(b.createdAt);
  return configCost(b.config) - configCost(a.config);
}

/** What a run takes beside its epochs: to be set up, to be stored, and for the next one to have its slot. */
const HANDOVER_SECONDS = 0.1;
/** So many of a run's own epochs tell its pace. */
const FEWEST_EPOCHS = 2;

function remaining(run: Run, paced: readonly Run[]): number {
  if (run.status === 'stopping') return 0;
  if (run.status !== 'queued' && run.etaSeconds !== undefined) return run.etaSeconds;
  // The first epochs hold what it took to begin: other runs tell more.
  const others = run.epoch < FEWEST_EPOCHS ? paced.filter(({ id }) => id !== run.id) : [];
  const knowsOwn = others.length === 0 && run.epoch > 0 && run.seconds > 0;
  const pace = knowsOwn ? run.seconds / run.epoch : secondsPerEpoch(run, others);
  return (run.epochs - run.epoch) * pace + (run.status === 'queued' ? HANDOVER_SECONDS : 0);
}

/** So many epochs of its own sweep tell more than all others: the machine may have had less to do when they were trained. */
const OWN_EPOCHS = 10;

/** Of what is known, the like of it counts most: each pace is scaled by cost, and weighed by how near its cost is. */
function secondsPerEpoch({ config, sweepId }: Run, paced: readonly Run[]): number {
  const own = paced.filter((each) => each.sweepId === sweepId);
  const known = own.reduce((sum, { epoch }) => sum + epoch, 0) >= OWN_EPOCHS ? own : paced;
  const cost = configCost(config);
  let weights = 0;
  let sum = 0;
  for (const each of known) {
    const itsCost = configCost(each.config);
    const weight = each.epoch / (0.01 + Math.log(itsCost / cost) ** 2);
    weights += weight;
    sum += (weight * cost * each.seconds) / each.epoch / itsCost;
  }
  return sum / weights;
}

const COUNT_WORDS: [RunStatus[], string][] = [
  [['running', 'pausing', 'stopping'], 'training'],
  [['paused'], 'paused'],
  [['queued'], 'queued'],
  [['stopped'], 'stopped'],
  [['failed'], 'failed'],
  [['diverged'], 'diverged'],
];

/** `8 of 12 done · 2 training · 1 paused`. */
export function countsLine(runs: readonly Run[]): string {
  const count = (statuses: readonly RunStatus[]): number => runs.filter((run) => statuses.includes(run.status)).length;
  const parts = COUNT_WORDS.map(([statuses, word]) => [count(statuses), word] as const).filter(([n]) => n > 0);
  return [`${count(['completed'])} of ${runs.length} done`, ...parts.map(([n, word]) => `${n} ${word}`)].join(' · ');
}
