/** The twelve reference runs as the page holds them after some epochs: lines, columns, full measurements. */
import { lineStyle } from '../../client/experiments/attention-cv/line-style.js';
import { RunColumns } from '../../client/data/run-columns.js';
import type { RunLine } from '../../client/runs/run-lines.js';
import { newSweep } from '../../server/runs/new-runs.js';
import { attentionCv } from '../../shared/experiments/attention-cv/experiment.js';
import { referenceSweep } from '../../shared/experiments/attention-cv/reference.js';
import { attentionConfig } from '../../shared/experiments/attention-cv/sweep.js';
import type { Measurement } from '../../shared/measurement.js';
import { columnsOf as columnsOfRun, type Run } from '../../shared/run.js';
import { Trajectory } from './trajectories.js';

export const DIMS = [64, 128, 256];
export const HEADS = [1, 2, 4, 8];

export interface ReferenceLines {
  lines: RunLine[];
  columnsOf: (runId: string) => RunColumns | undefined;
  measurementsOf: (runId: string) => Measurement[];
}

/** @param rows frames of each run, from 1 on; seq 0 is epoch 0 */
export function referenceLines(rows = 51): ReferenceLines {
  const runs = referenceRuns(rows);
  const held = new Map(runs.map((run) => [run.id, columnsOf(run, rows)]));
  return {
    lines: runs.map((run) => lineOf(run)),
    columnsOf: (runId) => held.get(runId),
    measurementsOf: (runId) => trajectoryOf(runs.find(({ id }) => id === runId)!).measurements(0, rows),
  };
}

export function lineOf(run: Run, more = ''): RunLine {
  const { dim, heads } = attentionConfig(run);
  const style = lineStyle({ dim, heads }, DIMS, HEADS, 'light');
  return {
    run,
    label: { main: `${dim} × ${heads}`, more },
    detail: more,
    shared: '',
    sweep: '',
    name: '',
    style,
    replaced: false,
  };
}

function referenceRuns(rows: number): Run[] {
  const { name, ...spec } = referenceSweep;
  const { runs } = newSweep(attentionCv, spec, name, new Date().toISOString());
  return runs.map((run) => {
    const { dim, heads } = attentionConfig(run);
    const step = rows - 1;
    const status = step === run.total ? 'completed' : 'running';
    return { ...run, id: `${dim}x${heads}`, status, step, seconds: trajectoryOf(run).secondsAt(step), engine: 'wasm' };
  });
}

function trajectoryOf(run: Run): Trajectory {
  const { dim, heads } = attentionConfig(run);
  return Trajectory.of(dim, heads);
}

function columnsOf(run: Run, rows: number): RunColumns {
  const columns = new RunColumns(columnsOfRun(run));
  columns.append(trajectoryOf(run).frames(run.id, run.series, 0, rows, attentionConfig(run)));
  return columns;
}
