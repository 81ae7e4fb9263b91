/** What is in the band, what its sampling error leaves open, and how the band stands in the address. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { judge, bandCodec } from '../../../client/charts/band.js';
import { bandCounts } from '../../../client/experiments/attention-cv/band-counts.js';
import { gridCells } from '../../../client/experiments/attention-cv/grid-cells.js';
import { quantity } from '../../../client/experiments/attention-cv/quantity.js';
import { meanError, standardErrorAt } from '../../../client/data/standard-error.js';
import { fixedReading } from '../../../client/runs/epoch-reading.js';
import { gridRuns } from '../../../client/experiments/attention-cv/epoch-grid.js';
import { effect, verdicts } from '../../../client/experiments/attention-cv/head-size-effects.js';
import {
  byHeadSizes,
  cellsCsv,
  cellWords,
  judgementOf,
} from '../../../client/experiments/attention-cv/head-size-words.js';
import { verdictSentence, verdictWords } from '../../../client/experiments/attention-cv/verdict-words.js';
import { summaryTables } from '../../../client/experiments/attention-cv/summary-tables.js';
import { BAND, inBand } from '../../../shared/experiments/attention-cv/series.js';
import type { Measurement } from '../../../shared/measurement.js';
import { DIMS, referenceLines } from '../../support/reference-lines.js';

describe('a CV', () => {
  it('is in the band strictly between its edges, as in the script', () => {
    for (const cv of [0.05, 0.13, 0.1300001, 0.2, 0.2999999, 0.3, 0.7])
      expect(judge(cv, null, BAND) === 'in').toBe(inBand(cv));
    expect(judge(0.13, null, BAND)).toBe('out');
    expect(judge(0.3, null, BAND)).toBe('out');
  });

  it('is undecided within one standard error of an edge, on either side of it', () => {
    expect(judge(0.134, { value: 0.005 }, BAND)).toBe('undecided');
    expect(judge(0.126, { value: 0.005 }, BAND)).toBe('undecided');
    expect(judge(0.31, { value: 0.02 }, BAND)).toBe('undecided');
    expect(judge(0.136, { value: 0.005 }, BAND)).toBe('in');
    expect(judge(0.124, { value: 0.005 }, BAND)).toBe('out');
    // At one standard error exactly it is decided.
    expect(judge(0.25, { value: 0.25 }, { low: 0, high: 0.5 })).toBe('in');
  });

  it('is not judged before its error is here', () => {
    expect(judge(0.2, undefined, BAND)).toBeUndefined();
    expect(judge(0.9, undefined, BAND)).toBeUndefined();
  });
});

describe('the standard error of a CV', () => {
  const at = (epoch: number, cv: number | null, se: number | null, sample: Measurement['sample'] = 'fixed') => ({
    ...{ epoch, sample },
    values: { emb: { cv, se, valid: 300 } },
  });
  const measurements = [at(0, 0.1, 0.01), at(0, 0.3, 0.3, 'script'), at(10, 0.4, 0.02), at(20, null, null)];
  const errorAt = (epoch: number, cv = 0.2) => standardErrorAt(measurements, 'emb', epoch, cv);

  it('is the measured one at its epoch, and else that of the nearest, scaled with the CV', () => {
    expect(errorAt(0, 0.1)).toEqual({ value: 0.01, measured: true });
    expect(errorAt(4)).toEqual({ value: 0.02, measured: false });
    expect(errorAt(6)).toEqual({ value: 0.01, measured: false });
    // Of two equally near ones the earlier, and never one without an error.
    expect(errorAt(5)!.value).toBe(0.02);
    expect(errorAt(20)!.value).toBe(0.01);
  });

  it('is not known where nothing is measured, or the CV has no value', () => {
    expect(standardErrorAt([], 'emb', 0, 0.2)).toBeNull();
    expect(standardErrorAt(measurements, 'act_emb', 0, 0.2)).toBeNull();
    expect(errorAt(3, NaN)).toBeNull();
  });

  it('is open while measurements are on their way, and of a mean while that can still have one', () => {
    const known = { value: 0.01, measured: true };
    expect(standardErrorAt(undefined, 'emb', 0, 0.2)).toBeUndefined();
    expect(meanError([known, undefined])).toBeUndefined();
    expect(meanError([undefined, null])).toBeNull();
    expect(meanError([])).toBeNull();
  });
});

describe('one judgement', () => {
  const { lines, columnsOf, measurementsOf } = referenceLines();
  const actQ = quantity('act_Q')!;

  it.each([50, 49])('is given everywhere of act_Q at dim 256 and 4 heads: undecided, at epoch %i', (epoch) => {
    const shown = lines.filter(({ run }) => run.id === '256x4');
    const of = { shown, columnsOf, measurementsOf, epoch, band: BAND, dims: DIMS };
    const [cell] = gridCells(gridRuns(shown, columnsOf, measurementsOf, actQ, epoch));
    expect(cell!.spread!.mean).toBeCloseTo(0.293, 2);
    expect(cell!.error!.measured).toBe(epoch === 50);
    expect(judgementOf(cell!, actQ, BAND)).toBe('undecided');
    expect(cellWords(cell!, actQ, BAND)[1]).toMatch(/ · undecided$/);
    expect(cellsCsv(actQ, [cell!], BAND)).toMatch(/,undecided\n$/);
    expect(verdicts(actQ, of)[0]!.judgement).toBe('undecided');
    expect(effect(actQ, of).counts).toEqual([{ headDim: 64, inside: 0, undecided: 1, unjudged: 0, of: 1 }]);
  });
});

describe('before the full measurements of a run are here', () => {
  const { lines, columnsOf, measurementsOf } = referenceLines();
  const actQ = quantity('act_Q')!;
  const of = { shown: lines, columnsOf, epoch: 50, band: BAND, dims: DIMS };
  const loading = { ...of, measurementsOf: () => undefined };
  const empty = { ...of, measurementsOf: () => [] };

  it('nothing says how it stands to the band', () => {
    for (const cell of gridCells(gridRuns(lines, columnsOf, loading.measurementsOf, actQ, 50))) {
      expect(cell.spread).toBeDefined();
      expect(judgementOf(cell, actQ, BAND)).toBeUndefined();
      expect(cellWords(cell, actQ, BAND)[1]).toMatch(/^[\d.]+$/);
      expect(cellsCsv(actQ, [cell], BAND)).toMatch(/,,\n$/);
    }
    const sizes = verdicts(actQ, loading);
    expect(sizes.map(({ judgement, differs }) => [judgement, differs])).toEqual(sizes.map(() => [undefined, false]));
    expect(verdictSentence(verdictWords(sizes, [8, 16, 32, 64, 128, 256], BAND, 'at epoch 50'))).toMatch(
      /: loading: 8, 16, 32, 64, 128, 256\.$/,
    );
    expect(byHeadSizes([effect(actQ, loading)])).toEqual([]);
    expect(effect(actQ, loading).counts[0]).toMatchObject({ inside: 0, undecided: 0, unjudged: 1, of: 1 });
    const [column] = summaryTables(0, actQ.family, 8, BAND)[1]!.columns.filter(({ key }) => key === 'act_emb');
    const line = lines[0]!;
    const reading = fixedReading({ run: line.run, columns: columnsOf(line.run.id), measurements: undefined }, 50);
    expect(column!.cell({ line, reading }).mark).toBeUndefined();
  });

  it('what is here already is judged, and a run that has none yet by its value alone', () => {
    const some = (runId: string) => (runId === '256x4' ? undefined : measurementsOf(runId));
    const judged = gridCells(gridRuns(lines, columnsOf, some, actQ, 50)).map((cell) => judgementOf(cell, actQ, BAND));
    expect(judged.filter((each) => each === undefined)).toHaveLength(1);
    const [alone] = gridCells(
      gridRuns(
        lines.filter(({ run }) => run.id === '256x4'),
        columnsOf,
        empty.measurementsOf,
        actQ,
        50,
      ),
    );
    expect(judgementOf(alone!, actQ, BAND)).toBe('in');
  });
});

describe('the head sizes in the band', () => {
  it('are counted smallest first', () => {
    const values = [
      { headDim: 64, value: 0.2 },
      { headDim: 8, value: 0.4 },
      { headDim: 64, value: 0.31 },
      { headDim: 16, value: 0.15 },
    ].map((each) => ({ ...each, error: null }));
    expect(bandCounts(values, BAND)).toEqual([
      { headDim: 8, inside: 0, undecided: 0, unjudged: 0, of: 1 },
      { headDim: 16, inside: 1, undecided: 0, unjudged: 0, of: 1 },
      { headDim: 64, inside: 1, undecided: 0, unjudged: 0, of: 2 },
    ]);
    expect(bandCounts(values, { low: 0.3, high: 0.5 }).map(({ inside }) => inside)).toEqual([1, 0, 1]);
    const [, , open] = bandCounts(
      [...values, { headDim: 64, value: 0.29, error: { value: 0.02, measured: true } }],
      BAND,
    );
    expect(open).toEqual({ headDim: 64, inside: 1, undecided: 1, unjudged: 0, of: 3 });
  });
});

describe('the band in the address', () => {
  const codec = bandCodec(BAND);

  it('is read as it was written, and left out where it is the usual', () => {
    for (const band of [
      { low: 0, high: 1 },
      { low: 0.1, high: 0.25 },
    ])
      expect(codec.read(codec.write(band))).toEqual(band);
    expect(codec.write({ low: 0.1, high: 0.25 })).toBe('0.1-0.25');
    expect(codec.write({ ...BAND })).toBeNull();
  });

  it('is the usual where what stands there is no band', () => {
    for (const text of [null, '', '0.3', '0.3-0.1', '0.2-0.2', 'a-b', '-1-2', '0.1-0.2-0.3'])
      expect(codec.read(text)).toEqual(BAND);
  });
});
