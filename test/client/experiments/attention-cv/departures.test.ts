/** The views of one epoch where CVs are read as departures from chance. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { BEYOND_CHANCE, judge } from '../../../../client/charts/band.js';
import { gridRuns, quantityRange } from '../../../../client/experiments/attention-cv/epoch-grid.js';
import { effect, verdicts } from '../../../../client/experiments/attention-cv/head-size-effects.js';
import { cellsCsv, cellWords } from '../../../../client/experiments/attention-cv/head-size-words.js';
import { colorOf, scaleSteps } from '../../../../client/experiments/attention-cv/heatmap-layout.js';
import {
  formatDeviation,
  formatQuantity,
  quantity,
  quantityAt,
  quantityError,
  readQuantity,
} from '../../../../client/experiments/attention-cv/quantity.js';
import { scriptReading } from '../../../../client/experiments/attention-cv/script-reading.js';
import { summaryTables, toCsv, toMarkdown } from '../../../../client/experiments/attention-cv/summary-tables.js';
import { verdictSentence, verdictWords } from '../../../../client/experiments/attention-cv/verdict-words.js';
import { fixedReading } from '../../../../client/runs/epoch-reading.js';
import { BAND } from '../../../../shared/experiments/attention-cv/series.js';
import { DIMS, referenceLines } from '../../../support/reference-lines.js';
import { withNulls } from '../../../support/with-nulls.js';

const CHANCE = { cv: 0.2, sd: 0.02 };
const { lines, columnsOf, measurementsOf } = referenceLines();
const told = (runId: string) => withNulls(measurementsOf(runId), CHANCE);
const actQ = readQuantity(quantity('act_Q')!, 'departure');
const of = { shown: lines, columnsOf, epoch: null, band: BEYOND_CHANCE, dims: DIMS };

describe('a departure', () => {
  it('is asked for beyond ± 2, and undecided within one standard error of that', () => {
    const judged = (departure: number) => judge(departure, { value: 0.5 }, BEYOND_CHANCE);
    expect([-3, -2.2, -1.8, 0, 1.4, 1.6, 2.4, 2.6].map(judged)).toEqual([
      ...['in', 'undecided', 'undecided', 'out', 'out', 'undecided', 'undecided', 'in'],
    ]);
  });

  it('of a family is the mean of its heads’, with their errors in the same unit', () => {
    const columns = columnsOf('64x4')!;
    const plain = quantityAt(quantity('act_Q')!, columns, 4, 50);
    expect(quantityAt(actQ, columns, 4, 50, told('64x4'))).toBeCloseTo((plain - CHANCE.cv) / CHANCE.sd, 6);
    const error = quantityError(quantity('act_Q')!, columns, 4, 50, told('64x4'))!.value;
    expect(quantityError(actQ, columns, 4, 50, told('64x4'))!.value).toBeCloseTo(error / CHANCE.sd, 9);
  });

  it('is none of a run that was measured before nulls were told', () => {
    expect(quantityAt(actQ, columnsOf('64x4')!, 4, 50, measurementsOf('64x4'))).toBeNaN();
    expect(gridRuns(lines, columnsOf, measurementsOf, actQ, null).every(({ value }) => Number.isNaN(value))).toBe(true);
  });

  it('is none of loss, which stays as it is', () => {
    expect(readQuantity(quantity('loss')!, 'departure').departs).toBeUndefined();
  });

  it('is written with its sign, how far it varies without', () => {
    expect(formatQuantity(actQ, 14.06)).toBe('+14.1');
    expect(formatQuantity(actQ, -0.02)).toBe('+0.0');
    expect(formatDeviation(actQ, 1.26)).toBe('1.3');
  });
});

describe('the head sizes’ departures', () => {
  it('have the range of a scale as soon as nulls are there', () => {
    expect(quantityRange(lines, columnsOf, actQ, () => undefined)).toBeUndefined();
    const [low, high] = quantityRange(lines, columnsOf, actQ, told)!;
    const [plainLow, plainHigh] = quantityRange(lines, columnsOf, quantity('act_Q')!)!;
    expect(low).toBeCloseTo((plainLow - CHANCE.cv) / CHANCE.sd, 6);
    expect(high).toBeCloseTo((plainHigh - CHANCE.cv) / CHANCE.sd, 6);
  });

  it('are asked which are beyond chance, in a sentence that says so', () => {
    const sizes = verdicts(actQ, { ...of, measurementsOf: told });
    const headDims = sizes.map(({ headDim }) => headDim);
    const words = verdictWords(sizes, headDims, BEYOND_CHANCE, 'after training, epoch 50');
    expect(verdictSentence(words)).toMatch(/^Beyond chance \(± 2 sd\) after training, epoch 50: head sizes? 8/);
    expect(words.basis).toContain('within one standard error of ± 2');
    expect(verdictSentence(words)).not.toMatch(/band|outside/);
  });

  it('are explained as they are, not by logarithms: half of them may be below 0', () => {
    const { explained, figure } = effect(readQuantity(quantity('emb')!, 'departure'), { ...of, measurementsOf: told });
    expect(explained.n).toBe(12);
    expect(explained.decides).toBe('dim');
    expect(figure.band).toBe(BEYOND_CHANCE);
  });

  it('are told and saved as what they are', () => {
    const { figure } = effect(actQ, { ...of, measurementsOf: told });
    const cell = figure.cells.find(({ dim, heads }) => dim === 64 && heads === 8)!;
    expect(cellWords(cell, actQ, BEYOND_CHANCE)[1]).toMatch(/^\+\d+\.\d · beyond chance$/);
    const [header, first] = cellsCsv(actQ, figure.cells, BEYOND_CHANCE).split('\n');
    expect(header).toBe('series,dim,heads,headDim,lr,runs,mean,spread,se,beyond');
    expect(first).toMatch(/^act_Q:departure,64,1,64,0.001,1,/);
  });
});

describe('the heatmap of departures', () => {
  it('has one colour at 0, wherever its scale ends, and other hues to either side', () => {
    const at = (value: number, range: readonly [number, number]) => colorOf(value, range, actQ, 'light').background;
    expect(at(0, [-4, 20])).toBe(at(0, [1, 2]));
    expect(at(-4, [-4, 4])).not.toBe(at(4, [-4, 4]));
    // As far from 0 as the farthest is the end of the scale, to that side alone.
    expect(at(-4, [-4, 20])).not.toBe(at(-4, [-4, 4]));
    expect(scaleSteps([-4, 20], actQ, 'dark', 25)[4]!.background).toBe(at(0, [-4, 20]));
  });
});

describe('the summary of departures', () => {
  const family = quantity('act_Q')!.family;
  const tables = summaryTables(0, family, 8, BAND, 'departure');
  const [run64] = lines;
  const row = (measurements: ReturnType<typeof told> | undefined) => ({
    line: run64!,
    reading: fixedReading({ run: run64!.run, columns: columnsOf('64x1'), measurements }, null),
  });
  const cell = (series: string, measurements: ReturnType<typeof told> | undefined) =>
    tables
      .flatMap(({ columns }) => columns)
      .find(({ key }) => key === series)!
      .cell(row(measurements));

  it('marks those beyond two, and tells errors and movements in the same unit', () => {
    // (0.1588 − 0.2) / 0.02 with an error of 0.0064 / 0.02
    expect(cell('departure.emb', told('64x1'))).toMatchObject({
      text: '−2.1',
      mark: 'undecided',
      standardError: '0.3',
    });
    expect(cell('departure.Q_full', told('64x1'))).toMatchObject({ text: '−3.0', mark: 'in' });
    expect(cell('moved.act_Q_h0', told('64x1'))).toMatchObject({ text: '+3.01', standardError: '0.42', mark: 'moved' });
  });

  it('says why there is none', () => {
    expect(cell('departure.emb', measurementsOf('64x1')).reason).toBe('measured before nulls were told');
    expect(cell('moved.emb', measurementsOf('64x1')).reason).toBe('measured before nulls were told');
    expect(cell('departure.emb', undefined).reason).toBe('loading');
    const numbers = { run: run64!.run, columns: columnsOf('64x1'), measurements: told('64x1') };
    const script = { line: run64!, reading: scriptReading(numbers, 'last') };
    const column = tables[0]!.columns.find(({ key }) => key === 'departure.emb')!;
    expect(column.cell(script).reason).toBe('departures are told of the fixed sample');
  });

  it('is saved under the names of the command line’s CSV; in a table of CVs it stands beside its error', () => {
    expect(toCsv(tables[0]!, [row(told('64x1'))], false).split('\n')[0]).toContain(',emb:departure,Q_full:departure,');
    const [plain] = summaryTables(0, family, 8, BAND);
    const [header, first] = toCsv(plain!, [row(told('64x1'))], true).split('\n');
    expect(header!.split(',').slice(6, 10)).toEqual(['emb', 'emb se', 'emb valid', 'emb departure']);
    expect(first!.split(',').slice(6, 10)).toEqual(['0.1588', '0.0064', '300', '-2.1']);
    expect(toMarkdown(plain!, [row(told('64x1'))], true)).toContain('| 0.1588 ± 0.0064 (300) [−2.1 sd] ● |');
  });
});
