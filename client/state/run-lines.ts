/** The chosen sweep's runs with their looks: what the table and every chart draw the same run with. */
import type { Run } from '../../shared/run.js';
import { lineStyle, type LineStyle, type Theme } from '../charts/line-style.js';
import { replacedRuns } from './attempts.js';
import { type RunListState, runsOfSweep } from './run-list.js';
import { runLabel } from './wording.js';

export interface RunLine {
  run: Run;
  label: { main: string; more: string };
  style: LineStyle;
  /** A newer run of the same config stands for it. */
  replaced: boolean;
}

export function runLines(state: RunListState, sweepId: string | undefined, theme: Theme): RunLine[] {
  if (sweepId === undefined) return [];
  const sweep = state.sweeps.get(sweepId);
  const runs = runsOfSweep(state, sweepId);
  const distinct = (values: number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
  const dims = distinct(runs.map((run) => run.config.dim));
  const heads = distinct(runs.map((run) => run.config.heads));
  const replaced = replacedRuns(runs);
  return runs.map((run) => ({
    run,
    replaced: replaced.has(run.id),
    label: runLabel(run, sweep),
    style: lineStyle(run.config, dims, heads, theme, replaced.has(run.id)),
  }));
}
