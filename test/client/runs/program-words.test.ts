/** How runs of other programs stand, in words, and which of their series and documents the table and the filter read. */
import { describe, expect, it } from 'vitest';
import { entriesOf, written } from '../../../client/experiments/documents.js';
import { newestAccuracy, newestLoss } from '../../../client/experiments/headline.js';
import { plainExperiment } from '../../../client/experiments/plain.js';
import { loggedGroups } from '../../../client/charts/metric.js';
import { offeredActions } from '../../../client/runs/run-commands.js';
import { errorLine, programTitle, silentWords, stateWord } from '../../../client/runs/program-words.js';
import { runFilter } from '../../../client/runs/table/run-filter.js';
import { statusLine } from '../../../client/runs/run-words.js';
import { formatNumber } from '../../../client/ui/numbers.js';
import type { Run } from '../../../shared/run.js';
import { testRun } from '../../support/test-run.js';

const program = (fields: Partial<Run> = {}): Run => ({
  ...testRun('a', null),
  ...{ source: 'external', experiment: 'external', name: 'resnet', stepName: 'step', config: {}, series: [] },
  ...{ status: 'running', step: 12, total: null, accepts: ['pause', 'resume', 'stop'], seconds: 3 },
  ...fields,
});
/** As this browser's clock shows it. */
const noon = new Date(2026, 0, 2, 12, 3, 9);

describe('a run of another program', () => {
  it('says what was asked of it, and that it is not confirmed', () => {
    const line = (fields: Partial<Run>): string => statusLine(program(fields), 12);
    expect(line({})).toBe('step 12');
    expect(line({ total: 40, etaSeconds: 60 })).toBe('step 12 of 40, 1 min left');
    expect(line({ status: 'pausing' })).toBe('step 12, pauses when its program says so');
    expect(line({ status: 'paused' })).toBe('step 12; resume goes on from there');
    expect(line({ status: 'paused', accepts: [] })).toBe('step 12; its program goes on by itself');
    expect(line({ status: 'paused', requested: 'resume' })).toBe('step 12, goes on when its program hears of it');
    expect([stateWord({ status: 'paused', requested: 'resume' }), stateWord({ status: 'paused' })]).toEqual([
      'asked to resume',
      'paused',
    ]);
  });

  it('is silent since a time of the clock here, with its date on another day, and no more once it has ended', () => {
    const silentSince = noon.toISOString();
    expect(silentWords(program({ silentSince }), noon)).toBe('silent since 12:03');
    expect(silentWords(program({ silentSince }), new Date(2026, 5, 1))).toBe('silent since 2026-01-02 12:03');
    expect(silentWords(program({ silentSince, status: 'stopped' }))).toBe('');
    expect(statusLine(program({ silentSince }), 12)).toBe('step 12; what it sends when it is heard again is kept');
  });

  it('is offered what it accepts, and a stop that says what it does while it is silent', () => {
    const titles = (fields: Partial<Run>) => offeredActions(program(fields), false).map(({ title }) => title);
    expect(titles({})).toEqual([
      'pause: its program waits where it is',
      'stop: its program ends; what was trained stays',
    ]);
    expect(titles({ accepts: [] })).toEqual([]);
    expect(titles({ accepts: [], silentSince: noon.toISOString() })).toEqual([
      expect.stringMatching(/^stop: silent since .*12:03, counts as stopped at once …$/),
    ]);
    expect(programTitle('resume', program())).toBe('resume: its program goes on from where it is');
  });

  it('has a traceback’s last line where there is room for one alone', () => {
    expect(errorLine('Traceback:\n  File "a.py"\nValueError: lr < 0\n\n')).toBe('ValueError: lr < 0');
    expect(errorLine(`x\u202e${'y'.repeat(300)}`)).toHaveLength(201);
    expect(errorLine('')).toBe('');
  });
});

describe('what a program keeps with its run', () => {
  const config = { lr: 0.1, optimizer: { name: 'adam', betas: [0.9, 0.99] }, layers: [{ width: 8 }], empty: {} };

  it('is one list of names and values, however deep', () => {
    expect(entriesOf(config).map(({ name, value }) => `${name} ${written(value)}`)).toEqual([
      'lr 0.1',
      'optimizer.name adam',
      'optimizer.betas [0.9,0.99]',
      'layers.0.width 8',
      'empty {}',
    ]);
    let deep: object = { end: 1 };
    for (let level = 0; level < 3000; level++) deep = { a: deep };
    expect(entriesOf(deep)).toHaveLength(1);
    expect(written('two\nlines \u202eturned')).toBe('two lines turned');
  });

  it('can be asked in the filter, and so can its summary, project and group', () => {
    const run = program({ config, summary: { best: 0.5 }, project: 'vision', group: 'ablation' });
    const matches = (filter: string): boolean =>
      runFilter([filter], [run]).matches({ run, label: 'resnet', last: () => NaN });
    for (const filter of ['optimizer.name=adam', 'lr<0.2', 'best>0.4', 'group=abl', 'project=vision', 'step=12'])
      expect([filter, matches(filter)]).toEqual([filter, true]);
    expect([matches('optimizer.name=sgd'), matches('best>0.6')]).toEqual([false, false]);
    expect(plainExperiment.label(run, undefined, true)).toEqual({ main: 'resnet', more: ['ablation'] });
  });
});

describe('what a program logs', () => {
  it('is its loss and accuracy by what they are called, the latter a share or percent', () => {
    const newest = (name: string): number => ({ 'train/loss': 0.3, val_acc: 92, loss: 1 })[name] ?? NaN;
    const run = program({ series: ['lr', 'train/loss', 'val/loss', 'val_acc'] });
    expect([newestLoss(run, newest), newestAccuracy(run, newest)]).toEqual([0.3, 0.92]);
    expect(newestLoss(program({ series: ['val/loss', 'loss'] }), newest)).toBe(1);
    expect(newestAccuracy(program(), newest)).toBeNaN();
  });

  it('stands together by what its names begin with, in as many digits as it needs', () => {
    const groups = loggedGroups(['loss', 'train/loss', 'val/loss', 'train/lr', '/odd']);
    expect(groups.map(({ id, title, metrics }) => [id, title, metrics.map(({ name }) => name)])).toEqual([
      ['logged', 'Series', ['loss', '/odd']],
      ['logged-train', 'train', ['train/loss', 'train/lr']],
      ['logged-val', 'val', ['val/loss']],
    ]);
    expect([0.00001, 0.123456, 1234.5678, 1e12, 250000, 3, NaN].map(formatNumber)).toEqual([
      ...['1.000e-5', '0.12346', '1234.6', '1.000e12', '250000', '3', '–'],
    ]);
  });
});
