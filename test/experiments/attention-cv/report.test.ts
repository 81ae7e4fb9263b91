/** The text output against the original script's own, and the movement table against the golden trajectories. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fullMeasurementEpochs } from '../../../shared/experiments/attention-cv/measuring.js';
import { isSignificant } from '../../../shared/measurement.js';
import type { Measurement } from '../../../shared/measurement.js';
import { columnsOf } from '../../../shared/run.js';
import { REFERENCE } from '../../../shared/experiments/attention-cv/sweep.js';
import { renderOwnTables, renderReport, renderScriptReport } from '../../../server/experiments/attention-cv/report.js';
import { type RunReport, runReport } from '../../../server/experiments/attention-cv/run-report.js';
import { shortened } from '../../../server/formats/shortened.js';
import { testRun } from '../../support/test-run.js';
import { golden } from '../../support/golden.js';

type Cvs = Record<string, number | null>;

interface GoldenConfig {
  config: { dim: number; n_heads: number; head_dim: number; epochs: number; lr: number; seed: number };
  metric_order: string[];
  cv_script: { pre: Cvs; mid: Cvs; post: Cvs };
  losses: number[];
  mid_acc: number;
  acc: number;
}

interface GoldenTrajectory {
  measurements: Record<string, Measurement['values']>;
}

const sample = readFileSync(new URL('../../fixtures/sample_output.txt', import.meta.url), 'utf8');

/**
 * The activation CVs that the sample output shows for a config. They are not those of the golden files: rounding in
 * degenerate samples makes the script print other digits there in every environment. A printed change since pre tells
 * in which direction the two printed values were rounded.
 */
function printedActivations(dim: number, heads: number): { pre: Cvs; mid: Cvs; post: Cvs } {
  const start = sample.indexOf(`\nD=${dim} heads=${heads} `);
  const [, pre = '', mid = '', post = ''] = sample.slice(start).split(/^ {2}\[.*\n/m, 4);
  const cvs = (block: string): Record<string, number> =>
    Object.fromEntries([...block.matchAll(/^ {4}(act_\w+) *: .(\d\.\d{4})/gm)].map((m) => [m[1]!, Number(m[2])]));
  const values = { pre: cvs(pre), mid: cvs(mid), post: cvs(post.split('\n\n')[0]!) };
  for (const [, name, change] of post.matchAll(/^ {4}(act_\w+) .*Δ=(.*)$/gm)) {
    const lost = Number(change) - (values.post[name!]! - values.pre[name!]!);
    values.pre[name!]! -= lost * 0.4;
    values.post[name!]! += lost * 0.4;
  }
  return values;
}

/** A run as the script printed it: its own CVs in place of ours, the fixed sample from the golden trajectory. */
function goldenReport(dim: number, heads: number): RunReport {
  const printed = printedActivations(dim, heads);
  const { config, metric_order, cv_script, losses, mid_acc, acc } = golden<GoldenConfig>(`d${dim}_h${heads}`);
  const { measurements } = golden<GoldenTrajectory>(`trajectory_d${dim}_h${heads}`);
  const accuracy = Array.from<number | null>({ length: config.epochs + 1 }).fill(null);
  accuracy[config.epochs / 2] = mid_acc;
  accuracy[config.epochs] = acc;
  const [pre, mid, post] = fullMeasurementEpochs(config.epochs);
  const script = (epoch: number | undefined, cvs: Cvs): Measurement => ({
    epoch: epoch ?? -1,
    sample: 'script',
    values: Object.fromEntries(metric_order.map((name) => [name, { cv: cvs[name] ?? null, valid: 300 }])),
  });
  return {
    ...REFERENCE,
    dim,
    heads,
    headDim: config.head_dim,
    seed: config.seed,
    lr: config.lr,
    epochs: config.epochs,
    status: 'completed',
    seconds: 1,
    loss: [null, ...losses],
    accuracy,
    series: {},
    measurements: [
      script(pre, { ...cv_script.pre, ...printed.pre }),
      script(mid, { ...cv_script.mid, ...printed.mid }),
      script(post, { ...cv_script.post, ...printed.post }),
      ...Object.entries(measurements).map(([epoch, values]): Measurement => ({
        epoch: Number(epoch),
        sample: 'fixed',
        values,
      })),
    ],
    fingerprint: null,
  };
}

const reference = REFERENCE.dims.flatMap((dim) => REFERENCE.heads.map((heads) => goldenReport(dim, heads)));
const wholeReport = (runs: RunReport[]): string => [...renderReport(runs, runs)].join('');
const oneRun = (): RunReport => goldenReport(64, 4);
const lineWith = (text: string, part: string): string => text.split('\n').find((line) => line.includes(part)) ?? '';

describe('the script part', () => {
  it("is the script's output to the byte when it is fed the script's values", () => {
    expect(renderScriptReport(reference)).toBe(sample);
  });

  it('stands unchanged above our own tables', () => {
    expect(wholeReport(reference)).toBe(`${sample}${renderOwnTables(reference)}`);
  });

  it('prints N/A where there is no value, and no change since pre', () => {
    const run = oneRun();
    for (const { values } of run.measurements) {
      if (values['cls_head']) values['cls_head'] = { cv: null, valid: null, reason: 'fewer than 5 rows' };
      if (values['emb']) values['emb'] = { cv: null, valid: 3, reason: 'fewer than 10 valid samples' };
    }
    const lines = renderScriptReport([run]).split('\n');
    expect(lines.filter((line) => line.startsWith('    cls_head'))).toEqual(
      Array.from({ length: 3 }).fill('    cls_head        :   N/A   '),
    );
    expect(lines.find((line) => line.startsWith('   64     4    16'))).toBe(
      '   64     4    16 |   N/A    *0.1315*  0.1298  *0.1379* *0.1462* | 99.20%',
    );
  });

  it('asks for each run once, when it is its turn, and holds none of them', () => {
    let asked = 0;
    const reports = function* () {
      for (const run of reference) {
        asked += 1;
        yield run;
      }
    };
    const askedAt: number[] = [];
    let text = '';
    for (const piece of renderReport(reference, reports())) {
      text += piece;
      askedAt.push(asked);
    }
    // The title, a block a run, five tables.
    expect(askedAt).toEqual([0, ...reference.map((_, run) => run + 1), 12, 12, 12, 12, 12]);
    expect(text).toBe(`${sample}${renderOwnTables(reference)}`);
  });

  it('has no middle measurement below two epochs', () => {
    const run = { ...oneRun(), epochs: 1, loss: [null, 2.5], accuracy: [0.1, 0.2] };
    run.measurements = run.measurements.map((one) => (one.epoch === 50 ? { ...one, epoch: 1 } : one));
    const text = renderScriptReport([run]);
    expect(text).toContain('[post-train] loss=2.5000 acc=20.00%');
    expect(text).not.toContain('[epoch');
  });

  it('prints one measurement for a run without training', () => {
    const run = { ...oneRun(), epochs: 0, loss: [null], accuracy: [0.1] };
    const text = wholeReport([run]);
    expect(text.match(/act_post_full {3}:/g)).toHaveLength(1);
    expect(text).not.toContain('[post-train]');
  });

  it('tells seeds and learning rates apart when the grid has several', () => {
    const text = wholeReport([oneRun(), { ...oneRun(), seed: -123456, lr: 0.01 }]);
    expect(text).toContain('\nD=64 heads=4 head_dim=16 seed=42 lr=0.001\n');
    expect(text).toContain('\nD=64 heads=4 head_dim=16 seed=-123456 lr=0.01\n');
    expect(text).toContain('\n    D heads  hdim    seed    lr |  act_emb');
    expect(text).toContain('\n   64     4    16      42 0.001 | *0.1567*');
    expect(text).toContain('\n   64     4    16 -123456  0.01 | *0.1567*');
  });

  it('says how far a run came that was stopped, and leaves its row empty', () => {
    const run: RunReport = { ...oneRun(), status: 'stopped', accuracy: [0.1, 0.2, 0.3], loss: [null, 2, 1] };
    run.measurements = run.measurements.filter(({ epoch }) => epoch === 0);
    const text = wholeReport([run]);
    expect(text).toContain('\n  [stopped after epoch 2 of 50]\n');
    expect(lineWith(text, ' 64     4    16 | ')).toBe(
      '   64     4    16 |   N/A      N/A      N/A      N/A      N/A    | N/A',
    );
  });
});

describe('the movement table', () => {
  const text = renderOwnTables(reference);

  it('shows that what the script prints as +0.0392 is no movement at all', () => {
    expect(lineWith(text, '   64     4    16 |')).toMatch(/\|\s+\+0\.0007 ±0\.0016 {2}\*\+0\.0958 ±0\.0202\*/);
  });

  it('marks a movement beyond two standard errors, either way, and no other', () => {
    expect(isSignificant(0.0021, 0.001)).toBe(true);
    expect(isSignificant(-0.0021, 0.001)).toBe(true);
    expect(isSignificant(0.002, 0.001)).toBe(false);
    expect(isSignificant(0, 0)).toBe(false);
  });

  it('has a row for every config and columns that line up', () => {
    const lines = text.split('\n').filter((line) => line.includes(' | ') || line.includes(' |  '));
    // Two tables.
    expect(lines).toHaveLength(26);
    const bars = new Set(lines.map((line) => line.indexOf('|')));
    expect([...bars]).toEqual([18]);
  });

  it('prints N/A for a movement or an error that there is not', () => {
    const run = oneRun();
    const last = run.measurements.find((one) => one.sample === 'fixed' && one.epoch === 50);
    if (!last) throw new Error('the golden trajectory has no last measurement');
    last.values['act_emb'] = { cv: null, valid: 2, se: null, movement: null, movementSe: null, reason: '…' };
    last.values['act_Q_h0'] = { cv: 0.4, valid: 11, se: 0.1, movement: 0.2, movementSe: null };
    expect(lineWith(renderOwnTables([run]), '   64     4    16 |')).toMatch(/\|\s+N\/A\s+\+0\.2000 ± {3}N\/A /);
  });
});

describe('the departure table', () => {
  const row = (run: RunReport): string =>
    renderOwnTables([run])
      .split('\n')
      .filter((line) => line.startsWith('   64     4    16 |'))[1]!;

  it('marks what is farther from chance than two of its standard deviations, and says N/A of what has no null', () => {
    const run = oneRun();
    const { values } = run.measurements.find((one) => one.sample === 'fixed' && one.epoch === 50)!;
    const tell = (series: string, departure: number | null): void => {
      values[series] = { ...values[series]!, nulls: { gaussian: { cv: 0.18, sd: 0.01, departure } } };
    };
    tell('emb', -2.04);
    tell('Q_full', 2);
    tell('act_post_full', 49.25);
    tell('K_full', null);
    expect(row(run).split('|')[1]).toMatch(/^ {4}-2\.0\* {4}\+2\.0 {6}N\/A .* \+49\.2\*$/);
    expect(renderOwnTables([run])).toContain('standard deviations of Gaussian rows of the same shape');
  });

  it('is empty for runs that were measured before nulls were told', () => {
    expect(row(oneRun()).match(/N\/A/g)).toHaveLength(11);
  });
});

describe('a run report', () => {
  const config = { ...REFERENCE, dim: 2, heads: 1, headDim: 2, seed: 42, lr: 0.001, epochs: 1 };
  const ended = { status: 'completed', step: 1, total: 1, engine: 'wasm', seconds: 1.23456 } as const;
  const run = testRun('r1', 's1', { config, ...ended });
  const width = columnsOf(run).length;
  const frames = new Float32Array(2 * width).fill(Number.NaN);
  frames.set([0, Number.NaN, 0.1, 0.15], 0);
  frames.set([0.5, 2.3, 0.2, 0.16], width);
  const curve = (column: number) => [shortened(frames[column]), shortened(frames[width + column])];
  const report = runReport(run, curve, { measurements: [], fingerprint: undefined });

  it('has one value an epoch, null for what was not measured, and no loss at epoch 0', () => {
    expect(report.loss).toEqual([null, 2.29999995]);
    expect(report.accuracy).toEqual([0.100000001, 0.200000003]);
    expect(report.series['emb']).toEqual([0.150000006, 0.159999996]);
    expect(report.series['act_post_full']).toEqual([null, null]);
    expect(Object.keys(report.series)).toEqual(run.series);
  });

  it('holds every float32 exactly in nine digits', () => {
    expect(report.loss.map((value) => Math.fround(value ?? 0))).toEqual([0, Math.fround(2.3)]);
  });
});
