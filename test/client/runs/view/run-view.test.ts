import { describe, expect, it, vi } from 'vitest';
import { fail, ok, type Result } from '../../../../shared/errors.js';
import { BAND } from '../../../../shared/experiments/attention-cv/series.js';
import type { Measurement } from '../../../../shared/measurement.js';
import type { Run } from '../../../../shared/run.js';
import { attemptsOf } from '../../../../client/data/attempts.js';
import { RunCheckpoints, RunLog } from '../../../../client/data/run-log.js';
import type { Checkpoint } from '../../../../client/data/commands.js';
import { changesOf, parseTags, refusalsOf, textOf } from '../../../../client/runs/view/run-about.js';
import { RunList } from '../../../../client/data/run-list.js';
import { runFacts, statusLine } from '../../../../client/runs/run-words.js';
import {
  measuredEpochs,
  measurementRows,
  metricRows,
  measurementsCsv,
  reasonsOf,
  toldNulls,
} from '../../../../client/runs/view/measurement-rows.js';
import { testRun } from '../../../support/test-run.js';
import { withNulls } from '../../../support/with-nulls.js';

describe('what a run is said to be', () => {
  const line = (fields: Partial<Run>, epoch = 12) => statusLine(testRun('r', 's', { total: 50, ...fields }), epoch);

  it('tells where it stands and what comes next, in every status', () => {
    expect(line({ status: 'queued' }, 0)).toBe('waits for a free slot; its curves begin with the first epoch');
    expect(line({ status: 'queued' })).toBe('epoch 12 of 50, waits for a free slot');
    const waiting = testRun('r', 's', { total: 50, place: 3, etaSeconds: 130 });
    expect(statusLine(waiting, 12)).toBe(
      'epoch 12 of 50, waits for a free slot, number 3 in line, done in about 2 min 10 s',
    );
    expect(statusLine(waiting, 12, false)).toBe('epoch 12 of 50, waits for a free slot');
    expect(line({ status: 'running', etaSeconds: 64 })).toBe('epoch 12 of 50, 1 min 4 s left');
    expect(line({ status: 'running' })).toBe('epoch 12 of 50');
    const running = testRun('r', 's', { total: 50, status: 'running', etaSeconds: 64 });
    expect(statusLine(running, 12, false)).toBe('epoch 12 of 50');
    expect(line({ status: 'pausing' })).toBe('epoch 12 of 50, pauses when the epoch in hand is done');
    expect(line({ status: 'paused' })).toBe('epoch 12 of 50; resume goes on from there');
    expect(line({ status: 'completed', seconds: 2.1 }, 50)).toBe('50 epochs in 2.1 s');
    expect(line({ status: 'failed', step: 12 })).toBe('epoch 12 of 50; epochs up to 12 are kept, resume goes on');
    expect(line({ status: 'diverged', step: 12 })).toBe('epoch 12 of 50; epochs up to 12 are kept');
  });

  it('tells the step alone where nobody knows how many there will be, in the run’s own word', () => {
    const external = { source: 'external', total: null, stepName: 'step', step: 120 } as const;
    expect(line({ ...external, status: 'running' }, 120)).toBe('step 120');
    expect(line({ ...external, status: 'completed', seconds: 2.1 }, 120)).toBe('120 steps in 2.1 s');
    expect(line({ ...external, status: 'failed' }, 120)).toBe('step 120; what it has sent is kept');
  });

  it('lists every parameter once, an extended total, and only those times that there are', () => {
    const run = testRun('r1', 's', { total: 80, engine: 'wasm', startedAt: '2026-01-02T03:05:05.000Z' });
    const facts = Object.fromEntries(runFacts(run).map(({ name, value }) => [name, value]));
    expect(facts).toMatchObject({ dim: '8', 'head size': '8', epochs: '80', 'learning rate': '0.001', engine: 'wasm' });
    expect(Object.keys(facts)).toEqual(expect.arrayContaining(['started', 'created', 'id', 'sample seed']));
    expect(facts).not.toHaveProperty('ended');
    expect(facts).not.toHaveProperty('trained for');
  });

  it('has all attempts of its config, first one first, wherever in the chain one looks from', () => {
    const runs = [
      testRun('c', 's', { attempt: 3, previousRunId: 'b' }),
      testRun('a', 's'),
      testRun('other', 's'),
      testRun('b', 's', { attempt: 2, previousRunId: 'a' }),
    ];
    const held = new Map(runs.map((run) => [run.id, run]));
    for (const run of [runs[0]!, runs[1]!, runs[3]!])
      expect(attemptsOf(run, held).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    held.delete('a');
    expect(attemptsOf(runs[0]!, held).map(({ id }) => id)).toEqual(['b', 'c']);
  });
});

describe('changing what is noted of a run', () => {
  const run = { name: '64 × 4', tags: ['a', 'b c'], notes: 'so far' };

  it('takes tags between commas, each once', () => {
    expect(parseTags(' a, b c ,,a,')).toEqual(['a', 'b c']);
    expect(parseTags(' ')).toEqual([]);
  });

  it('sends what differs and nothing else', () => {
    expect(changesOf(run, textOf(run))).toEqual({});
    expect(changesOf(run, { name: ' Best ', tags: 'b c,  a', notes: 'so far\n' })).toEqual({
      name: 'Best',
      tags: ['b c', 'a'],
    });
    expect(changesOf(run, { ...textOf(run), tags: '', notes: '' })).toEqual({ tags: [], notes: '' });
  });

  it('puts the server’s words at the field they are about, and the rest where all is meant', () => {
    const issues = [
      { path: 'name', message: 'name must be a text of 1 to 200 characters' },
      { path: 'tags.3', message: 'each of tags must be a text of 1 to 50 characters' },
      { path: 'tags.5', message: 'another' },
    ];
    expect(refusalsOf({ code: 'bad_input', message: 'all', details: { issues } })).toEqual({
      fields: {
        name: 'name must be a text of 1 to 200 characters',
        tags: 'each of tags must be a text of 1 to 50 characters',
      },
      general: '',
    });
    expect(refusalsOf({ code: 'not_found', message: 'no run has the id x' })).toEqual({
      fields: {},
      general: 'no run has the id x',
    });
  });
});

describe('the full measurements of a run', () => {
  const measurements: Measurement[] = [
    { epoch: 0, sample: 'fixed', values: { emb: { cv: 0.2, se: 0.01, valid: 300, movement: 0, movementSe: 0 } } },
    { epoch: 0, sample: 'script', values: { emb: { cv: 0.21, valid: 298 } } },
    {
      epoch: 4,
      sample: 'fixed',
      values: {
        emb: { cv: 0.135, se: 0.01, valid: 299, movement: -0.065, movementSe: 0.02 },
        Q_h0: { cv: null, valid: null, reason: 'fewer than 5 rows, "too few"' },
      },
    },
  ];

  it('are a row a series, with what both samples say at each epoch', () => {
    expect(measuredEpochs(measurements)).toEqual([0, 4]);
    const [emb, head] = measurementRows(['emb', 'Q_h0'], measurements, BAND);
    expect(emb!.epochs[0]).toMatchObject({
      cv: { value: 0.2, standardError: 0.01, valid: 300, mark: 'in' },
      movement: undefined,
      script: { value: 0.21, standardError: null, valid: 298 },
    });
    // Closer than one standard error to 0.13, and moved by more than two.
    expect(emb!.epochs[1]).toMatchObject({
      cv: { mark: 'undecided' },
      movement: { value: -0.065, mark: 'moved' },
      script: { value: undefined, reason: 'not measured' },
    });
    expect(reasonsOf([head!])).toEqual(['not measured', 'fewer than 5 rows, "too few"']);
  });

  it('have what chance gives and how far they depart from it, marked beyond two; no column where none was told', () => {
    const told = withNulls(measurements, { cv: 0.16, sd: 0.01 });
    const rows = measurementRows(['emb', 'Q_h0'], told, BAND);
    expect(toldNulls(rows)).toEqual(['gaussian']);
    // 4 and −2.5 standard deviations, with an error of one of them.
    expect(rows[0]!.epochs.map(({ nulls }) => [nulls.gaussian!.departure!.toFixed(1), nulls.gaussian!.mark])).toEqual([
      ['4.0', 'in'],
      ['-2.5', 'undecided'],
    ]);
    expect(rows[1]!.epochs[1]!.nulls).toEqual({});
    expect(toldNulls(measurementRows(['emb'], measurements, BAND))).toEqual([]);
    const [header, first, script] = measurementsCsv(told).split('\n');
    expect(header!.split(',').slice(9)).toEqual(['gaussian cv', 'gaussian sd', 'gaussian departure']);
    expect(first!.split(',').slice(9, 11)).toEqual(['0.16', '0.01']);
    expect(script!.split(',').slice(9)).toEqual(['', '', '']);
  });

  it('leave series of other metrics out of the table, and tell them with error, null and reason in the file', () => {
    const metrics = { twonn: { value: 12.5, se: 0.5 }, stable_rank: { value: 3, null: 4 } };
    const without = { stable_rank: { value: null, reason: 'all zero' } };
    const both: Measurement[] = [
      { epoch: 0, sample: 'fixed', values: { emb: { cv: 0.2, valid: 300, metrics } } },
      { epoch: 4, sample: 'fixed', values: { emb: { cv: 0.2, valid: 300, metrics: without } } },
    ];
    const rows = measurementRows(['emb', 'emb:twonn', 'emb:stable_rank'], both, BAND);
    expect(rows.map(({ series }) => series)).toEqual(['emb']);
    // They have a table of their own, a metric at a time.
    expect(metricRows(both, 'stable_rank')).toEqual({
      epochs: [0, 4],
      rows: [
        {
          matrix: 'emb',
          values: [
            { value: 3, null: 4 },
            { value: null, reason: 'all zero' },
          ],
          chance: 4,
        },
      ],
    });
    expect(metricRows(both, 'twonn').rows).toEqual([
      { matrix: 'emb', values: [{ value: 12.5, se: 0.5 }, undefined], chance: undefined },
    ]);
    expect(metricRows(both, 'nc1').rows).toEqual([]);
    const lines = measurementsCsv(both).split('\n');
    expect(lines.map((line) => line.split(',').slice(9).join())).toEqual([
      'twonn,twonn se,twonn null,twonn reason,stable_rank,stable_rank se,stable_rank null,stable_rank reason',
      '12.5,0.5,,,3,,4,',
      ',,,,,,,all zero',
      '',
    ]);
  });

  it('are written for programs with a reason where there is no value', () => {
    expect(measurementsCsv(measurements).split('\n')).toEqual([
      'series,epoch,sample,cv,se,valid,movement,movementSe,reason',
      'emb,0,fixed,0.2,0.01,300,0,0,',
      'emb,0,script,0.21,,298,,,',
      'emb,4,fixed,0.135,0.01,299,-0.065,0.02,',
      'Q_h0,4,fixed,,,,,,"fewer than 5 rows, ""too few"""',
      '',
    ]);
  });
});

describe('the checkpoints of the run that is viewed', () => {
  it('are asked for when its log has grown, and an answer for another run is let go', async () => {
    const list = new RunList();
    list.snapshot({ sweeps: [], runs: [testRun('a', 's'), testRun('b', 's')], viewers: 1, role: 'viewer' });
    const entries = [{ at: '2026-01-02T03:04:05.000Z', event: 'created' }];
    const log = new RunLog(list, () => Promise.resolve(ok([...entries])));
    const asked: { runId: string; answer: (result: Result<Checkpoint[]>) => void }[] = [];
    const checkpoints = new RunCheckpoints(
      log,
      (runId) => new Promise((resolve) => asked.push({ runId, answer: resolve })),
    );
    log.open('a');
    await vi.waitFor(() => expect(asked.map(({ runId }) => runId)).toEqual(['a']));
    await log.reread();
    expect(asked).toHaveLength(1);
    entries.push({ at: '2026-01-02T03:04:06.000Z', event: 'checkpoint' });
    await log.reread();
    expect(asked).toHaveLength(2);
    const kept = [{ seq: 4, epoch: 4, at: '2026-01-02T03:04:06.000Z', bytes: 9, engine: 'wasm' }];
    asked[1]!.answer(ok(kept));
    await vi.waitFor(() => expect(checkpoints.state.value).toEqual({ stored: kept, trouble: '' }));
    log.open('b');
    await vi.waitFor(() => expect(asked.map(({ runId }) => runId)).toEqual(['a', 'a', 'b']));
    asked[0]!.answer(ok(kept));
    asked[2]!.answer(fail('unavailable', 'no answer'));
    await vi.waitFor(() => expect(checkpoints.state.value).toEqual({ stored: undefined, trouble: 'no answer' }));
  });
});
