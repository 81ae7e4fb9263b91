/** What a sweep prints, made in pieces: byte for byte the whole document, from a store that is read in parts. */
import { describe, expect, it } from 'vitest';
import { sweepOutput } from '../../../server/experiments/attention-cv/sweep-output.js';
import { runReport } from '../../../server/experiments/attention-cv/run-report.js';
import { shortened } from '../../../server/formats/shortened.js';
import { StoredColumns } from '../../../server/formats/stored-frames.js';
import type { FrameValues } from '../../../shared/frames.js';
import { columnsOf, type Run } from '../../../shared/run.js';
import { testBlock } from '../../support/test-frames.js';
import { ScriptedService } from '../../support/scripted-service.js';

const service = new ScriptedService();
const { store } = service;
const trainers = { engine: service.engine(), workers: 2 };

function runOf(heads: number, rows: number): Run {
  const { id } = service.addRun(heads);
  if (rows > 0) service.addFrames(id, rows);
  service.addMeasurement(id, {
    epoch: 0,
    sample: 'fixed',
    values: { emb: { cv: 0.25, valid: 300 }, Q_h0: { cv: null, valid: null, reason: 'fewer "than" 5' } },
  });
  return store.run(id)!;
}

function allFrames(run: Run): FrameValues {
  return store.frames(run.id, -1, store.nextSeq(run.id)).values;
}

describe('--json', () => {
  const runs = [runOf(1, 3), runOf(2, 0), runOf(4, 900)];

  it('is what JSON.stringify makes of the whole document, also of no runs', () => {
    const reports = runs.map((run) => {
      const frames = allFrames(run);
      const width = columnsOf(run).length;
      const curve = (column: number) =>
        Array.from({ length: frames.length / width }, (_, row) => shortened(frames[row * width + column]));
      return runReport(run, curve, { measurements: store.measurements(run.id), fingerprint: undefined });
    });
    const whole = { ...trainers, seconds: 1.235, runs: reports };
    expect([...sweepOutput('json', { runs, seconds: 1.23456 }, store, trainers)].join('')).toBe(
      `${JSON.stringify(whole)}\n`,
    );
    const none = [...sweepOutput('json', { runs: [], seconds: 0 }, store, trainers)].join('');
    expect(none).toBe(`${JSON.stringify({ ...trainers, seconds: 0, runs: [] })}\n`);
  });
});

describe('a run that is longer than memory should hold', () => {
  const endless = { ...runOf(64, 0), series: Array.from({ length: 456 }, (_, index) => `s${index}`) };
  const width = 459;
  /** As many frames as a run can have, 184 MB of them, made when they are read. */
  class LongStore {
    reads: number[] = [];
    nextSeq = (): number => 100_000;
    frames = (runId: string, after: number, limit: number) => {
      this.reads.push(limit * width);
      const values = new Float32Array(limit * width);
      return testBlock(runId, after + 1, limit, values);
    };
    measurements = () => [];
    fingerprint = () => undefined;
  }

  it.each(['json', 'csv'] as const)('is read in parts of 1 MB, as --%s is written', (format) => {
    const long = new LongStore();
    const output = sweepOutput(format, { runs: [endless], seconds: 1 }, long, trainers);
    const pieces = output[Symbol.iterator]();
    let begun = 0;
    for (let piece = pieces.next(); begun < 100_000 && piece.done !== true; piece = pieces.next()) {
      begun += piece.value.length;
      expect(piece.value.length).toBeLessThan(10_000);
    }
    expect(Math.max(...long.reads)).toBeLessThanOrEqual(2 ** 18);
    // A list of JSON has a value of every frame: the run is read once, for many columns. CSV takes the first rows.
    expect(long.reads.length).toBe(format === 'json' ? Math.ceil(100_000 / Math.floor(2 ** 18 / width)) : 1);
  });

  it('gives its columns in turn, some at a time', () => {
    const run = runOf(2, 500);
    const columns = new StoredColumns(store, run, 2 * 500);
    const frames = allFrames(run);
    const of = (column: number) => Float64Array.from(frames.filter((_, at) => at % columnsOf(run).length === column));
    for (const column of [1, 2, 3, 4, 5, run.series.length + 2]) expect(columns.column(column)).toEqual(of(column));
  });
});
