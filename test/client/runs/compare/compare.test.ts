import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../../../shared/measurement.js';
import { LOCAL_COLUMNS, type Run } from '../../../../shared/run.js';
import type { RunConfig } from '../../../../shared/experiments/attention-cv/sweep.js';
import { Differences } from '../../../../client/charts/differences.js';
import { commonEpoch } from '../../../../client/runs/compare/compare-values.js';
import { CompareChoice } from '../../../../client/runs/compare-choice.js';
import { PageAddress } from '../../../../client/data/page-address.js';
import type { RunColumns } from '../../../../client/data/run-columns.js';
import type { RunLine } from '../../../../client/runs/run-lines.js';
import {
  commonEvery,
  compareNotes,
  differenceRows,
  orderedRows,
  parameterRows,
} from '../../../../client/runs/compare/compare-rows.js';
import {
  differencesCsv,
  differencesMarkdown,
  parametersText,
  trajectoriesCsv,
} from '../../../../client/runs/compare/compare-text.js';
import { testConfig } from '../../../support/test-config.js';
import { testRun } from '../../../support/test-run.js';
import { appendRows, columnsForHeads } from '../../../support/frame-rows.js';
import { withNulls } from '../../../support/with-nulls.js';

const runOf = (id: string, config: Partial<RunConfig> = {}, fields: Partial<Run> = {}): Run =>
  testRun(id, 's', { ...fields, config: testConfig(config) });

/** Frames whose every value is `value(epoch, name)`; CVs at every `every`th epoch alone. */
function columnsOf(rows: number, value: (epoch: number, name: string) => number, heads = 1, every = 1): RunColumns {
  const columns = columnsForHeads(heads);
  append(columns, rows, value, every);
  return columns;
}

function append(columns: RunColumns, rows: number, value: (epoch: number, name: string) => number, every = 1): void {
  const from = columns.rows;
  const values = Array.from({ length: rows }, (_, row) =>
    columns.names.map((name, index) => {
      const epoch = from + row;
      return index >= LOCAL_COLUMNS.length && epoch % every !== 0 ? NaN : value(epoch, name);
    }),
  );
  appendRows(columns, ...values);
}

describe('differences over training', () => {
  it('are each run minus the base, in columns that grow with both; accuracy in percentage points', () => {
    const base = columnsOf(3, (epoch) => epoch);
    const own = columnsOf(2, (epoch) => 3 * epoch + 1);
    const differences = new Differences(
      { columns: (id) => ({ base, own })[id], onFrames: () => () => undefined },
      'base',
    );
    const held = differences.columns('own')!;
    expect(held.rows).toBe(2);
    expect([held.at('Δ loss', 1), held.at('Δ accuracy', 1), held.at('Δ emb', 1)]).toEqual([3, 300, 3]);
    expect([held.step(1), held.at('seconds', 1)]).toEqual([1, 4]);
    expect(held.has('loss')).toBe(false);
    append(own, 4, () => 7);
    expect(differences.columns('own')).toBe(held);
    expect(held.rows).toBe(3);
    expect(held.at('Δ emb', 2)).toBe(5);
    expect(differences.columns('unknown')).toBeUndefined();
  });

  it('are of departures from chance where these are asked for, each run’s from its own null', () => {
    const columns = { base: columnsOf(2, () => 0.25), own: columnsOf(2, () => 0.25) };
    const nulls = { base: { cv: 0.2, sd: 0.05 }, own: { cv: 0.2, sd: 0.01 } };
    const source = {
      columns: (id: string) => columns[id as keyof typeof columns],
      onFrames: () => () => undefined,
      nullOf: (id: string) => nulls[id as keyof typeof nulls],
    };
    const held = new Differences(source, 'base', new Set(['emb'])).columns('own')!;
    // 5 standard deviations less 1; loss is no CV.
    expect(held.at('Δ emb', 1)).toBeCloseTo(4, 5);
    expect(held.at('Δ loss', 1)).toBe(0);
  });

  it('have the series that both runs have, and a value where both were measured', () => {
    const base = columnsOf(7, () => 1, 2, 2);
    const own = columnsOf(7, () => 1.5, 1, 3);
    const differences = new Differences({ columns: (id) => ({ base, own })[id], onFrames: () => () => {} }, 'base');
    const held = differences.columns('own')!;
    expect(held.names).toEqual(own.names.map((name) => (name === 'seconds' ? name : `Δ ${name}`)));
    expect([0, 1, 2, 3, 4, 5, 6].filter((epoch) => !Number.isNaN(held.at('Δ emb', epoch)))).toEqual([0, 6]);
    expect([1, 6].map((epoch) => held.at('Δ loss', epoch))).toEqual([0.5, 0.5]);
  });

  it('tell of every run when the base has news, and begin anew with columns that were let go', () => {
    let tell = (_id: string): void => {};
    const held: Record<string, RunColumns> = {
      base: columnsOf(1, () => 0),
      a: columnsOf(1, () => 1),
      b: columnsOf(1, () => 2),
    };
    const differences = new Differences(
      {
        columns: (id) => held[id],
        onFrames: (listener) => {
          tell = listener;
          return () => {};
        },
      },
      'base',
    );
    const heard: string[] = [];
    differences.onFrames((id) => heard.push(id));
    const first = differences.columns('a')!;
    differences.columns('b');
    tell('a');
    tell('base');
    expect(heard).toEqual(['a', 'a', 'b']);
    held.a = columnsOf(1, () => 5);
    expect(differences.columns('a')).not.toBe(first);
    expect(differences.columns('a')!.at('Δ emb', 0)).toBe(5);
  });
});

describe('the epoch at which runs are compared', () => {
  it('is the newest at which all were measured, up to the one asked for', () => {
    const everyTwo = columnsOf(20, () => 1, 1, 2);
    const everyThree = columnsOf(16, () => 1, 1, 3);
    expect(commonEpoch([everyTwo, everyThree], null)).toBe(12);
    expect(commonEpoch([everyTwo, everyThree], 11)).toBe(6);
    expect(commonEpoch([everyTwo], 11)).toBe(10);
    expect(commonEpoch([everyTwo, columnsForHeads(1)], null)).toBeUndefined();
    expect(commonEpoch([], null)).toBeUndefined();
  });
});

describe('values and differences', () => {
  const base = { run: runOf('base', { heads: 2 }), columns: columnsOf(5, () => 0.2, 2), measurements: undefined };
  const full = (se: number): Measurement[] => [
    { epoch: 4, sample: 'fixed', values: { emb: { cv: 0.2, se, valid: 300 } } },
  ];

  it('are departures where these are asked for, with errors in their unit, in the words of the command line’s files', () => {
    const told = withNulls(full(0.06), { cv: 0.2, sd: 0.02 });
    const other = { run: runOf('o'), columns: columnsOf(5, () => 0.3), measurements: told };
    const rows = differenceRows({ ...base, measurements: told }, [other], 4, 'departure');
    const row = rows.find(({ series }) => series === 'emb')!;
    expect(row).toMatchObject({ departs: true, base: expect.closeTo(0) });
    expect(row.cells[0]).toMatchObject({
      value: expect.closeTo(5),
      difference: expect.closeTo(5),
      // Of 0.06 / 0.02 twice.
      standardError: expect.closeTo(Math.hypot(3, 3)),
      significant: false,
    });
    expect(differencesMarkdown(['base', 'o'], [row])).toContain('| emb:departure | +0.00 | +5.00 | +5.00 ± 4.24 |');
    expect(rows.find(({ series }) => series === 'loss')).not.toHaveProperty('departs');
    // Nothing was told of this series.
    expect(rows.find(({ series }) => series === 'Q_full')!.cells[0]!.value).toBeNaN();
  });

  it('come with the error of two independent measurements where both runs were measured in full', () => {
    const other = { run: runOf('o'), columns: columnsOf(5, () => 0.3), measurements: full(0.06) };
    const rows = differenceRows({ ...base, measurements: full(0.08) }, [other], 4);
    const row = (name: string) => rows.find(({ series }) => series === name)!;
    expect(row('emb')).toMatchObject({ group: 'weights', base: expect.closeTo(0.2) });
    expect(row('emb').cells[0]).toMatchObject({
      value: expect.closeTo(0.3),
      difference: expect.closeTo(0.1),
      standardError: expect.closeTo(0.1),
      significant: false,
    });
    expect(row('Q_full').cells[0]).toMatchObject({ standardError: null, significant: null });
    // The second head exists in the base alone.
    expect(row('Q_h1').cells[0]!.difference).toBeNaN();
    expect(rows.slice(0, 2).map(({ series, group }) => [series, group])).toEqual([
      ['loss', 'training'],
      ['accuracy', 'training'],
    ]);
  });

  describe('are ordered', () => {
    const cell = (value: number, difference: number) => ({ value, difference, standardError: null, significant: null });
    const row = (series: string, base: number, ...cells: ReturnType<typeof cell>[]) => ({
      ...{ series, base, cells },
      group: series === 'loss' ? ('training' as const) : ('weights' as const),
    });
    const rows = [
      row('loss', 9, cell(9, 0), cell(9, 0)),
      row('Q_h10', 0.1, cell(3, 0.1), cell(1, -9)),
      row('Q_h2', NaN, cell(NaN, NaN), cell(2, 1)),
      row('emb', 0.3, cell(1, -0.2), cell(NaN, 0)),
    ];
    const order = (sort: string): string[] => orderedRows(rows, sort, ['a', 'b']).map(({ series }) => series);

    it('by any column either way, loss on top, what has no value last', () => {
      expect(order('-base')).toEqual(['loss', 'emb', 'Q_h10', 'Q_h2']);
      expect(order('base')).toEqual(['loss', 'Q_h10', 'emb', 'Q_h2']);
      expect(order('-value.a')).toEqual(['loss', 'Q_h10', 'emb', 'Q_h2']);
      expect(order('value.b')).toEqual(['loss', 'Q_h10', 'Q_h2', 'emb']);
      expect(order('series')).toEqual(['loss', 'emb', 'Q_h2', 'Q_h10']);
      expect(order('-series')).toEqual(['loss', 'Q_h10', 'Q_h2', 'emb']);
    });

    it('by the size of a difference whatever its sign, of one run or of all', () => {
      expect(order('-difference.a')).toEqual(['loss', 'emb', 'Q_h10', 'Q_h2']);
      expect(order('difference.b')).toEqual(['loss', 'emb', 'Q_h2', 'Q_h10']);
      expect(order('-difference')).toEqual(['loss', 'Q_h10', 'Q_h2', 'emb']);
    });

    it('as they are measured where there is no such column', () => {
      for (const sort of ['', '-difference.gone', 'value.', 'nothing'])
        expect(order(sort)).toEqual(['loss', 'Q_h10', 'Q_h2', 'emb']);
    });
  });

  it('are copied as they are seen, with errors and an asterisk at what is significant', () => {
    const cell = (difference: number, standardError: number | null, significant: boolean | null) => ({
      ...{ value: 0.2 + difference, difference, standardError, significant },
    });
    const rows = [
      { series: 'accuracy', group: 'training' as const, base: 0.2, cells: [cell(-0.05, null, null)] },
      { series: 'emb', group: 'weights' as const, base: 0.2, cells: [cell(0.1, 0.04, true)] },
      { series: 'Q_full', group: 'weights' as const, base: 0.2, cells: [cell(-0.1, 0.06, false)] },
      { series: 'Q_h1', group: 'weight-heads' as const, base: 0.2, cells: [cell(NaN, null, null)] },
    ];
    expect(differencesMarkdown(['64 × 2', '64 × 1 · a|b'], rows).split('\n')).toEqual([
      '| series | 64 × 2, base | 64 × 1 · a\\|b | Δ 64 × 1 · a\\|b |',
      '| --- | ---: | ---: | ---: |',
      '| accuracy | 20.0 | 15.0 | −5.0 |',
      '| emb | 0.2000 | 0.3000 | +0.1000 ± 0.0400 * |',
      '| Q_full | 0.2000 | 0.1000 | −0.1000 ± 0.0600 |',
      '| Q_h1 | 0.2000 | – | – |',
      '',
    ]);
  });

  it('are written for programs: at one epoch, and over training', () => {
    const other = runOf('o', { dim: 16, headDim: 16 });
    const cells = [{ value: 0.3, difference: 0.1, standardError: 0.05, significant: false }];
    const rows = [{ series: 'emb', group: 'weights' as const, base: 0.2, cells }];
    expect(differencesCsv(base.run, [other], 4, rows)).toBe(
      'series,epoch,run,dim,heads,seed,lr,base run,base dim,base heads,base seed,base lr,value,base value,difference,se\n' +
        'emb,4,o,16,1,42,0.001,base,8,2,42,0.001,0.3,0.2,0.1,0.05\n',
    );
    const columns = columnsOf(3, (epoch) => epoch + 0.5, 1, 2);
    const differences = new Differences(
      { columns: (id) => (id === 'o' ? columns : base.columns), onFrames: () => () => {} },
      'base',
    ).columns('o');
    const csv = [...trajectoriesCsv(base.run, [{ run: other, differences }], ['Δ loss', 'Δ emb', 'Δ Q_h1'])];
    expect(csv[0]).toBe(
      'run,dim,heads,seed,lr,base run,base dim,base heads,base seed,base lr,epoch,Δ loss,Δ emb,Δ Q_h1\n',
    );
    expect(csv[2]).toBe('o,16,1,42,0.001,base,8,2,42,0.001,1,1.3,,\n');
    expect(csv[3]).toBe('o,16,1,42,0.001,base,8,2,42,0.001,2,2.3,2.3,\n');
  });
});

describe('parameters side by side', () => {
  it('tell what differs from what is the same', () => {
    const rows = parameterRows([runOf('a', {}, { engine: 'wasm' }), runOf('b', { dim: 16, headDim: 16 })]);
    expect(rows.filter(({ differs }) => differs)).toEqual([
      { name: 'dim', values: ['8', '16'], differs: true },
      { name: 'head size', values: ['8', '16'], differs: true },
      { name: 'engine', values: ['wasm', '–'], differs: true },
    ]);
    expect(rows.find(({ name }) => name === 'seed')).toEqual({ name: 'seed', values: ['42', '42'], differs: false });
  });

  it('are copied with what differs first', () => {
    const rows = parameterRows([runOf('a'), runOf('b', { dim: 16, headDim: 16 })]);
    const lines = parametersText('CSV', ['a, base', 'b'], rows).split('\n');
    expect(lines.slice(0, 3)).toEqual(['parameter,"a, base",b', 'dim,8,16', 'head size,8,16']);
    expect(lines).toHaveLength(1 + rows.length + 1);
    expect(parametersText('Markdown', ['a, base', 'b'], rows).split('\n').slice(0, 3)).toEqual([
      ...['| parameter | a, base | b |', '| --- | ---: | ---: |', '| dim | 8 | 16 |'],
    ]);
  });

  it('tell what limits the comparison', () => {
    const known = (run: Run, columns?: RunColumns) => ({ run, columns, measurements: undefined });
    const some = columnsOf(1, () => 1);
    expect(compareNotes([known(runOf('a'), some), known(runOf('b'), some)], ({ id }) => id)).toEqual([]);
    const other = runOf('b', { heads: 2, every: 5, samples: 99 }, { total: 80 });
    expect(compareNotes([known(runOf('a'), some), known(other)], ({ id }) => id)).toEqual([
      'nothing trained yet: b',
      'heads 1, 2: a head is compared where both runs have it',
      'measured every 1, 5 epochs: CVs are compared at the epochs that both have',
      'trained for 10, 80 epochs: differences end with the shorter run',
      'measured on different samples: part of a difference of CVs is the draw',
    ]);
    const every = (a: number, b: number) => commonEvery(runOf('a', { every: a }), runOf('b', { every: b }));
    expect([every(1, 10), every(4, 6), every(5, 5)]).toEqual([10, 12, 5]);
    const external = runOf('c', {}, { source: 'external' });
    expect(commonEvery(external, runOf('b'))).toBeNull();
  });
});

describe('the choice of runs to compare', () => {
  const line = (id: string, replaced = false): RunLine => ({ run: runOf(id), replaced }) as RunLine;
  const lines = [line('a', true), line('b'), line('c'), line('d')];
  const choiceFor = (hash: string) =>
    new CompareChoice(
      new PageAddress({
        location: { hash },
        history: {},
        addEventListener: () => {},
      } as unknown as Window),
    );
  const ids = (some: readonly RunLine[]) => some.map(({ run }) => run.id);

  it('is the first two shown that are not the past, until some are chosen', () => {
    expect(ids(choiceFor('').chosen(lines, lines))).toEqual(['b', 'c']);
    expect(ids(choiceFor('').chosen(lines, [lines[3]!]))).toEqual(['d']);
    expect(choiceFor('').compared(lines, [lines[3]!])).toBeUndefined();
  });

  it('is what the address names, in the order of the table, hidden ones too; what is gone is left out', () => {
    const choice = choiceFor('#compare=d,gone,a&base=d');
    expect(ids(choice.chosen(lines, []))).toEqual(['a', 'd']);
    const { base, others } = choice.compared(lines, [])!;
    expect([base.run.id, ids(others)]).toEqual(['d', ['a']]);
    expect(choiceFor('#compare=d,a&base=c').compared(lines, [])!.base.run.id).toBe('a');
  });
});
