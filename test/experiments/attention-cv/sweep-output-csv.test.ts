/** Runs as CSV, read back field by field. */
import { attentionConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import { describe, expect, it } from 'vitest';
import type { CvNull, MeasuredValue, Measurement } from '../../../shared/measurement.js';
import type { Run } from '../../../shared/run.js';
import { REFERENCE } from '../../../shared/experiments/attention-cv/sweep.js';
import { runsToCsv } from '../../../server/experiments/attention-cv/sweep-output.js';
import { columnsFor, testBlock } from '../../support/test-frames.js';
import { testRun } from '../../support/test-run.js';

interface RunWithFrames {
  run: Run;
  frames: Float32Array;
}

/** A run whose value in row r and column c is r + c / 64, so that a field in the wrong place shows. */
function runOf(heads: number, rows: number): RunWithFrames {
  const config = { ...REFERENCE, dim: 8, heads, headDim: 8 / heads, seed: -7, lr: 0.001, epochs: 5 };
  const run = testRun(`run-${heads}`, 'sweep', { config, status: 'stopped', step: rows - 1, total: 5 });
  const width = columnsFor(heads).length;
  const frames = Float32Array.from({ length: rows * width }, (_, at) => Math.floor(at / width) + (at % width) / 64);
  return { run, frames };
}

/** As they are written from a store that holds these frames, and of their starts these nulls. */
function csvOf(runs: readonly RunWithFrames[], nulls: Record<string, CvNull> = {}): string {
  const values = Object.entries(nulls).map(([series, chance]): [string, MeasuredValue] => {
    return [series, { cv: 0, valid: 300, nulls: { gaussian: { ...chance, departure: 0 } } }];
  });
  const start: Measurement = { epoch: 0, sample: 'fixed', values: Object.fromEntries(values) };
  const one = (runId: string): RunWithFrames => runs.find(({ run }) => run.id === runId)!;
  const width = (runId: string): number => columnsFor(attentionConfig(one(runId).run).heads).length;
  const store = {
    nextSeq: (runId: string) => one(runId).frames.length / width(runId),
    frames: (runId: string, after: number, limit: number) => {
      const values = one(runId).frames.slice((after + 1) * width(runId), (after + 1 + limit) * width(runId));
      return testBlock(runId, after + 1, values.length / width(runId), values);
    },
    measurements: () => [{ epoch: 0, sample: 'script' as const, values: {} }, start],
  };
  const runList = runs.map(({ run }) => run);
  return [...runsToCsv(store, runList)].join('');
}

const parse = (text: string): Record<string, string>[] => {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    expect(fields).toHaveLength(names.length);
    return Object.fromEntries(names.map((name, index) => [name, fields[index]!]));
  });
};

describe('runs as CSV', () => {
  it('have one row per run and epoch, with the run and its numbers in every row', () => {
    const rows = parse(csvOf([runOf(1, 2), runOf(2, 3)]));
    expect(rows).toHaveLength(5);
    expect(rows.map(({ heads, epoch, seconds }) => [heads, epoch, seconds])).toEqual([
      ['1', '0', '0'],
      ['1', '1', '1'],
      ['2', '0', '0'],
      ['2', '1', '1'],
      ['2', '2', '2'],
    ]);
    expect(rows[1]).toMatchObject({ dim: '8', headDim: '8', seed: '-7', lr: '0.001', status: 'stopped' });
  });

  it('keep every series under its own name and leave those of other head counts empty', () => {
    const runs = [runOf(1, 1), runOf(2, 1)];
    const rows = parse(csvOf(runs));
    runs.forEach(({ run, frames }, at) => {
      columnsFor(attentionConfig(run).heads).forEach((name, column) =>
        expect(rows[at]![name]).toBe(String(frames[column])),
      );
    });
    expect(rows[0]).toMatchObject({ Q_h1: '', act_post_h1: '' });
  });

  it('leave a field empty where there is no value', () => {
    const one = runOf(1, 1);
    one.frames[1] = Number.NaN;
    expect(parse(csvOf([one]))[0]).toMatchObject({ loss: '', accuracy: '0.03125' });
  });

  it('tell how far each value is from chance, where the run was told what chance gives', () => {
    const one = runOf(1, 2);
    const emb = columnsFor(1).indexOf('emb');
    one.frames[emb] = 0.5;
    one.frames[columnsFor(1).length + emb] = Number.NaN;
    const rows = parse(csvOf([one], { emb: { cv: 0.375, sd: 0.0625 }, out_proj: { cv: 1, sd: 0 } }));
    expect(rows.map((row) => row['emb:departure'])).toEqual(['2', '']);
    expect(rows[0]).toMatchObject({ 'out_proj:departure': '', 'cls_head:departure': '' });
  });

  it('are a header alone when there is no run', () => {
    expect(csvOf([]).split('\n')).toHaveLength(2);
  });
});
