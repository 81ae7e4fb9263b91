/**
 * The numbers of the README's two findings, from what the original script measured and what its rounding and its draws
 * add to that: the twelve reference runs in test/fixtures/golden, and one on few tokens.
 */
import type { Command } from 'commander';
import type { MeasuredValue } from '../../shared/measurement.js';
import { REFERENCE } from '../../shared/experiments/attention-cv/sweep.js';
import { golden } from '../support/golden.js';
import { median } from './timed-process.js';

type Point = 'pre' | 'mid' | 'post';
type BySeries<T> = Record<Point, Record<string, T>>;

interface ScriptRun {
  /** As the script prints it, and of the same draws without degenerate samples. */
  cv_script: BySeries<number | null>;
  cv_robust: BySeries<number | null>;
  /** By series: valid samples in the script, valid ones of those that count here, degenerate ones. */
  counts_script_robust_degenerate: BySeries<[number, number, number]>;
}

interface FixedRun {
  cv: Record<string, (number | null)[]>;
  /** By epoch. */
  measurements: Record<string, Record<string, MeasuredValue>>;
}

const POINTS: readonly Point[] = ['pre', 'mid', 'post'];
/** The smallest of the odd runs: of a vocabulary of 40 tokens. */
const FEW_TOKENS = 'odd_d36_h6_s2p40';
/** Two independent draws of standard error 1 differ by this on average. */
const DRAW = 2 / Math.sqrt(Math.PI);
const MOVEMENTS = [
  { name: 'd64_h4', series: 'act_emb' },
  { name: 'd64_h4', series: 'act_Q_h0' },
  { name: 'd256_h8', series: 'act_emb' },
  { name: 'd256_h8', series: 'act_K_h0' },
];

export function registerFindingsBench(program: Command): void {
  program
    .command('findings')
    .description('what rounding and fresh draws add to the numbers of the original script')
    .action(() => {
      const names = REFERENCE.dims.flatMap((dim) => REFERENCE.heads.map((heads) => `d${dim}_h${heads}`));
      duplicates(names);
      draws(names);
      movements();
    });
}

function duplicates(names: readonly string[]): void {
  const runs = names.map((name) => golden<ScriptRun>(name));
  const beforeAttention = (series: string): boolean => /^act_(emb|Q|K|V)/.test(series);
  const few = degenerateShares(golden<ScriptRun>(FEW_TOKENS), beforeAttention);
  const shares = runs.flatMap((run) => degenerateShares(run, beforeAttention));
  console.log(`samples with a point twice: ${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}`);
  console.log(`  … of ${FEW_TOKENS}: at most ${percent(Math.max(...few))}`);
  for (const [title, of] of [
    ['act_emb', /^act_emb$/],
    ['act_Q, act_K, act_V', /^act_[QKV]_/],
    ['weights', /^(?!act_)/],
  ] as const) {
    const differences = runs.flatMap((run) => differencesOf(run, (series) => of.test(series)));
    const worst = Math.max(...differences.map(Math.abs));
    console.log(
      `${title}: the script's CV is ${short(mean(differences))} too high on average, ${short(worst)} at worst`,
    );
  }
}

function draws(names: readonly string[]): void {
  const shares: number[] = [];
  /** Of the activations, each through its run: what a fresh draw changes, what an epoch changes on the fixed sample. */
  const changes: { draw: number; step: number }[] = [];
  for (const { cv, measurements } of names.map((name) => golden<FixedRun>(`trajectory_${name}`)))
    for (const [series, column] of Object.entries(cv)) {
      const errors: number[] = [];
      for (const { [series]: value } of Object.values(measurements)) {
        if (value?.cv == null || value.se == null) continue;
        errors.push(value.se);
        shares.push(value.se / value.cv);
      }
      const values = column.filter((value) => value !== null);
      if (!series.startsWith('act_') || values.length < column.length) continue;
      const steps = values.slice(1).map((value, index) => Math.abs(value - values[index]!));
      changes.push({ draw: DRAW * mean(errors), step: mean(steps) });
    }
  const factors = changes.map(({ draw, step }) => draw / step);
  const range = (values: number[]): string => `${short(Math.min(...values))} to ${short(Math.max(...values))}`;
  console.log(
    `standard error of a CV: ${range(shares.map((share) => 100 * share))} % of it, median ${percent(median(shares))}`,
  );
  console.log(
    `activations, from an epoch to the next: ${short(mean(changes.map(({ draw }) => draw)))} by a fresh draw, ` +
      `${short(mean(changes.map(({ step }) => step)))} on the fixed sample; ` +
      `by series ${range(factors)} times, median ${short(median(factors))}`,
  );
}

function movements(): void {
  for (const { name, series } of MOVEMENTS) {
    const { cv_script } = golden<ScriptRun>(name);
    const { movement, movementSe } = Object.values(golden<FixedRun>(`trajectory_${name}`).measurements).at(-1)![
      series
    ]!;
    const script = cv_script.post[series]! - cv_script.pre[series]!;
    console.log(
      `${name} ${series}: ${signed(script)} in the script, ${signed(movement!)} ± ${movementSe!.toFixed(4)} on the fixed sample`,
    );
  }
}

function degenerateShares(
  { counts_script_robust_degenerate: counts }: ScriptRun,
  of: (series: string) => boolean,
): number[] {
  return POINTS.flatMap((point) =>
    Object.entries(counts[point])
      .filter(([series]) => of(series))
      .map(([, [, , degenerate]]) => degenerate / REFERENCE.samples),
  );
}

function differencesOf({ cv_script, cv_robust }: ScriptRun, of: (series: string) => boolean): number[] {
  return POINTS.flatMap((point) =>
    Object.entries(cv_script[point]).flatMap(([series, script]) => {
      const robust = cv_robust[point][series] ?? null;
      return !of(series) || script === null || robust === null ? [] : [script - robust];
    }),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return `${short(100 * share)} %`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}

/** Two digits, and no power of ten for a large number. */
function short(value: number): string {
  return value < 100 ? value.toPrecision(2) : String(Number(value.toPrecision(2)));
}
