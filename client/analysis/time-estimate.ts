/** How long configs will take to train, from the pace of runs that were trained already. */
import { configCost } from '../../shared/config-cost.js';
import type { Run } from '../../shared/run.js';
import type { RunConfig } from '../../shared/sweep.js';

/** What is read of a run. */
export type PastRun = Pick<Run, 'config' | 'engine' | 'epoch' | 'seconds' | 'status' | 'startedAt' | 'endedAt'>;

export interface TimeEstimate {
  /** From the first run's start to the last one's end. */
  seconds: number;
  /** Of each config alone, in their order. */
  each: readonly number[];
  /** How many runs the paces are from. */
  from: number;
  /** How many configs train at a time, as far as the past shows. */
  atATime: number;
}

/** So many of the past runs that are most like a config tell its pace. */
const NEIGHBOURS = 3;

/**
 * Each config takes its epochs times the pace of the past runs most like it, scaled by what an epoch of it costs in
 * comparison. Runs of another engine than the newest tell nothing. Undefined if no run was trained.
 */
export function estimateTime(configs: readonly RunConfig[], past: readonly PastRun[]): TimeEstimate | undefined {
  const trained = past.filter(({ epoch, seconds }) => epoch > 0 && seconds > 0);
  const newest = trained.reduce<PastRun | undefined>(
    (latest, run) => ((run.startedAt ?? '') >= (latest?.startedAt ?? '') ? run : latest),
    undefined,
  );
  if (newest === undefined) return undefined;
  const usable = trained.filter(({ engine }) => engine === newest.engine);
  const each = configs.map((config) => config.epochs * paceOf(config, usable));
  const atATime = Math.min(slotsSeen(past), Math.max(1, configs.length));
  const sum = each.reduce((total, seconds) => total + seconds, 0);
  return { seconds: Math.max(sum / atATime, ...each), each, from: usable.length, atATime };
}

/** Seconds an epoch: the geometric mean of what the nearest runs suggest. */
function paceOf(config: RunConfig, usable: readonly PastRun[]): number {
  const nearest = usable
    .map((run) => ({ run, distance: distanceOf(config, run.config) }))
    .sort((a, b) => a.distance - b.distance)
    // A run of the same config needs no neighbours.
    .filter(({ distance }, index, all) => index < NEIGHBOURS && (distance === 0 || all[0]!.distance > 0));
  const logs = nearest.map(({ run }) =>
    Math.log((run.seconds / run.epoch) * (configCost(config) / configCost(run.config))),
  );
  return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
}

/** What an epoch costs by, each counted as the logarithm of its ratio. */
function distanceOf(a: RunConfig, b: RunConfig): number {
  const sizes = ['dim', 'heads', 'vocab', 'seqLen', 'classes', 'samplesPerClass', 'every', 'samples'] as const;
  return sizes.reduce((sum, size) => sum + Math.abs(Math.log(a[size] / b[size])), 0);
}

/** A run whose wall time is much more than its training has waited or been paused between: it says nothing. */
const MOST_IDLE_SECONDS = 5;
const MOST_IDLE_SHARE = 0.5;
/** A slot is handed on while the run before still winds up: so much of a run's ends counts for no overlap. */
const EDGE_SHARE = 0.1;

/** The most runs that were in training at the same moment; at least 1. */
export function slotsSeen(past: readonly PastRun[]): number {
  const training = past.filter(({ status }) => ['running', 'pausing', 'stopping'].includes(status)).length;
  const spans = past.flatMap(({ startedAt, endedAt, seconds }) => {
    if (startedAt === undefined || endedAt === undefined) return [];
    const [from, to] = [Date.parse(startedAt), Date.parse(endedAt)];
    const idle = (to - from) / 1000 - seconds;
    if (idle > MOST_IDLE_SECONDS + MOST_IDLE_SHARE * seconds) return [];
    const edge = (to - from) * EDGE_SHARE;
    return [{ from: from + edge, to: to - edge }];
  });
  const steps = spans.flatMap(({ from, to }) => [
    { at: from, change: 1 },
    { at: to, change: -1 },
  ]);
  // Ends before starts: a slot that is handed on at one moment is one slot.
  steps.sort((a, b) => a.at - b.at || a.change - b.change);
  let [now, most] = [0, 0];
  for (const { change } of steps) most = Math.max(most, (now += change));
  return Math.max(1, training, most);
}
