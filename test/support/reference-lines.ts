/** The twelve reference runs as the page holds them after some epochs: lines, columns, full measurements. */
import { lineStyle } from '../../client/experiments/attention-cv/line-style.js';
import { decodeFrames } from '../../client/data/trajectories.js';
import { RunColumns } from '../../client/data/run-columns.js';
import type { RunLine } from '../../client/runs/run-lines.js';
import { attentionConfig } from '../../shared/experiments/attention-cv/sweep.js';
import type { Measurement } from '../../shared/measurement.js';
import type { Run } from '../../shared/run.js';
import { ReplayRun } from './replay-runs.js';

export const DIMS = [64, 128, 256];
export const HEADS = [1, 2, 4, 8];

export interface ReferenceLines {
  lines: RunLine[];
  columnsOf: (runId: string) => RunColumns | undefined;
  measurementsOf: (runId: string) => Measurement[];
}

/** @param rows frames of each run, from 1 on; seq 0 is epoch 0 */
export function referenceLines(rows = 51): ReferenceLines {
  const runs = DIMS.flatMap((dim) => HEADS.map((heads) => new ReplayRun(`${dim}x${heads}`, 'sweep', dim, heads)));
  for (let row = 0; row < rows; row++) for (const run of runs) run.advance();
  const held = new Map(runs.map((each) => [each.run.id, columnsOf(each)]));
  return {
    lines: runs.map(({ run }) => lineOf(run)),
    columnsOf: (runId) => held.get(runId),
    measurementsOf: (runId) => runs.find(({ run }) => run.id === runId)!.measurements(),
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

function columnsOf(run: ReplayRun): RunColumns {
  const columns = new RunColumns(run.columns);
  columns.append(decodeFrames(run.frames(0, run.rows), 'f32'));
  return columns;
}
