/** The summary's numbers, marks and order, against what the command line prints of the same measurements. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../../../client/experiments/attention-cv/quantity.js';
import { scriptReading } from '../../../../client/experiments/attention-cv/script-reading.js';
import { fixedReading } from '../../../../client/runs/epoch-reading.js';
import {
  type SummaryRow,
  type SummaryTable,
  ordered,
  reasonsIn,
  summaryTables,
  toCsv,
  toMarkdown,
} from '../../../../client/experiments/attention-cv/summary-tables.js';
import { renderOwnTables, renderScriptReport } from '../../../../server/experiments/attention-cv/report.js';
import { runReport } from '../../../../server/experiments/attention-cv/run-report.js';
import { shortened } from '../../../../server/formats/shortened.js';
import { BAND } from '../../../../shared/experiments/attention-cv/series.js';
import { lineOf, referenceLines } from '../../../support/reference-lines.js';

const reference = referenceLines();
const family = FAMILIES.find(({ id }) => id === 'act_Q')!;
const tables = summaryTables(0, family, 8, BAND);
const table = (id: SummaryTable['id']): SummaryTable => tables.find((each) => each.id === id)!;

function rows(kind: 'script' | 'fixed', epoch: number | null = null): SummaryRow[] {
  return reference.lines.map((line) => {
    const { run } = line;
    const numbers = { run, columns: reference.columnsOf(run.id), measurements: reference.measurementsOf(run.id) };
    return { line, reading: kind === 'script' ? scriptReading(numbers, 'last') : fixedReading(numbers, epoch) };
  });
}

/** The lines of one of the command line's tables, as their numbers: dim, heads, head dim, then the cells. */
function printed(text: string, heading: string): string[][] {
  const [, after = ''] = text.split(heading);
  return after
    .split('\n')
    .filter((line) => /^ +\d+ +\d+ +\d+ \|/.test(line))
    .slice(0, 12)
    .map((line) => line.replace(/\|/g, ' ').trim().split(/ +/));
}

const reports = reference.lines.map(({ run }) => {
  const columns = reference.columnsOf(run.id)!;
  const curve = (column: number) =>
    Array.from({ length: columns.rows }, (_, row) => shortened(columns.at(columns.names[column]!, row)));
  return runReport(run, curve, { measurements: reference.measurementsOf(run.id), fingerprint: undefined });
});

describe('the script’s tables', () => {
  const text = renderScriptReport(reports);
  const shown = (id: SummaryTable['id'], leave: readonly string[] = []): string[][] =>
    rows('script').map((row) => {
      const cells = table(id)
        .columns.filter(({ key, kind }) => kind !== 'size' && !leave.includes(key))
        .map((column) => ({ column, cell: column.cell(row) }));
      const { dim, heads, headDim } = row.line.run.config;
      return [
        ...[dim, heads, headDim].map(String),
        ...cells.map(({ column, cell }) => {
          const words = cell.text.replace('−', '-');
          if (column.kind === 'percent') return `${Number(words).toFixed(2)}%`;
          return cell.mark === 'in' ? `*${words}*` : words;
        }),
      ];
    });

  it.each([
    ['weights', 'SUMMARY: Post-training WEIGHT CV', ['cls_head']],
    ['activations', 'SUMMARY: Post-training ACTIVATION CV', []],
    ['activations-moved', 'SUMMARY: ACTIVATION CV movement', []],
  ] as const)('of %s are what the command line prints, in-band marks included', (id, heading, leave) => {
    const expected = printed(text, heading);
    expect(expected).toHaveLength(12);
    expect(shown(id, leave)).toEqual(expected);
  });
});

describe('the fixed sample’s tables', () => {
  it('mark the movements that the command line marks, with the same errors', () => {
    const expected = printed(renderOwnTables(reports), 'movement');
    expect(expected).toHaveLength(12);
    const ours = rows('fixed').map((row) =>
      table('activations-moved')
        .columns.filter(({ kind }) => kind === 'movement')
        .map((column) => {
          const { text, standardError, mark } = column.cell(row);
          const star = mark === 'moved' ? '*' : '';
          return `${star}${text.replace('−', '-')} ±${standardError}${star}`;
        })
        .join(' '),
    );
    expect(ours).toEqual(expected.map((cells) => cells.slice(3).join(' ')));
  });

  it('mark what is in the band, and what is within one standard error of an edge', () => {
    const cell = (id: string, series: string) => {
      const row = rows('fixed').find(({ line }) => line.run.id === id)!;
      const { text, mark, standardError, valid } = tables
        .flatMap(({ columns }) => columns)
        .find(({ key }) => key === series)!
        .cell(row);
      return [text, mark, standardError, valid];
    };
    expect(cell('64x1', 'emb')).toEqual(['0.1588', 'in', '0.0064', 300]);
    expect(cell('64x1', 'V_full')).toEqual(['0.1321', 'undecided', '0.0046', 300]);
    expect(cell('64x4', 'Q_full')[1]).toBeUndefined();
    expect(cell('64x1', 'act_post_full')[1]).toBe('undecided');
  });

  it('are undecided between full measurements by the nearest one’s error, which they do not show', () => {
    const cell = (epoch: number) => {
      const row = rows('fixed', epoch).find(({ line }) => line.run.id === '64x1')!;
      return table('weights')
        .columns.find(({ key }) => key === 'V_full')!
        .cell(row);
    };
    expect([49, 50].map((epoch) => cell(epoch).mark)).toEqual(['undecided', 'undecided']);
    expect([49, 50].map((epoch) => cell(epoch).standardError)).toEqual([undefined, '0.0046']);
  });

  it('say why cells are empty, each reason once', () => {
    const cells = rows('fixed').map((row) => table('heads').columns.map((column) => column.cell(row)));
    expect(reasonsIn(cells)).toEqual(['fewer heads']);
    expect(cells.flat().filter(({ reason }) => reason !== undefined)).toHaveLength(3 * (7 + 6 + 4));
  });
});

describe('the order of rows', () => {
  const order = (sort: string): string[] => ordered(rows('fixed'), sort, tables).map(({ line }) => line.run.id);

  it('follows any column, from small to large or the other way, equal ones in the grid’s order', () => {
    expect(order('emb').slice(0, 3)).toEqual(['256x8', '256x4', '256x2']);
    expect(order('-emb')).toEqual(order('emb').toReversed());
    expect(order('hd').slice(0, 3)).toEqual(['64x8', '64x4', '128x8']);
    expect(order('moved.act_K_h0').at(-1)).toBe('256x8');
    expect(order('')).toEqual(reference.lines.map(({ run }) => run.id));
    expect(order('no such column')).toEqual(order(''));
  });

  it('puts what has no value last either way', () => {
    for (const sort of ['act_Q_h7', '-act_Q_h7'])
      expect(order(sort).slice(0, 3).toSorted()).toEqual(['128x8', '256x8', '64x8']);
  });
});

describe('a table as text', () => {
  const two = rows('fixed').slice(0, 2);
  const firstLines = (text: string, count: number): string[] => text.split('\n').slice(0, count);

  it('is Markdown with the marks that are seen', () => {
    expect(firstLines(toMarkdown(table('weights'), two, false), 5)).toEqual([
      '| dim × heads | hd | epoch | emb | Q_full | K_full | V_full | out_proj | cls_head | acc, % |',
      '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
      '| 64 × 1 | 64 | 50 | 0.1588 ● | 0.1402 ● | 0.1364 ● | 0.1321 ○ | 0.1472 ● | 0.0854 | 98.8 |',
      '| 64 × 2 | 32 | 50 | 0.1594 ● | 0.1275 ○ | 0.1361 ● | 0.1336 ○ | 0.1417 ● | 0.0841 | 99.2 |',
      '',
    ]);
    expect(firstLines(toMarkdown(table('weights'), two, true), 3)[2]).toContain('| 0.1588 ± 0.0064 (300) ● |');
    expect(firstLines(toMarkdown(table('activations-moved'), two, false), 3)[2]).toContain(
      '| 64 × 1 | 64 | 50 | +0.0007 ± 0.0017 | +0.0603 ± 0.0083 * |',
    );
  });

  it('is CSV that programs read: a run’s parameters, plain signs, errors in columns of their own', () => {
    const [header, first] = firstLines(toCsv(table('activations-moved'), two.toReversed(), false), 2);
    expect(header!.split(',').slice(0, 10)).toEqual([
      ...['dim', 'heads', 'seed', 'lr', 'hd', 'epoch'],
      ...['act_emb', 'act_emb se', 'act_Q_h0', 'act_Q_h0 se'],
    ]);
    expect(first!.split(',').slice(0, 10)).toEqual([
      ...['64', '2', '42', '0.001', '32', '50'],
      ...['-0.0002', '0.0015', '+0.0590', '0.0105'],
    ]);
    const detailed = firstLines(toCsv(table('weights'), two, true), 2);
    expect(detailed[0]!.split(',').slice(6, 9)).toEqual(['emb', 'emb se', 'emb valid']);
    expect(detailed[1]!.split(',').slice(6, 9)).toEqual(['0.1588', '0.0064', '300']);
    for (const line of [header, first]) expect(line!.split(',')).toHaveLength(6 + 2 * 6);
  });

  it('leaves a cell without a value empty in CSV, and names what else tells a run apart in Markdown', () => {
    const [row] = two;
    const seeded = { ...row!, line: lineOf(row!.line.run, 'seed 7') };
    expect(toCsv(table('heads'), [seeded], false).split('\n')[1]).toMatch(/^64,1,42,0.001,64,50,0\.3418,{7}$/);
    expect(toMarkdown(table('heads'), [seeded], false)).toContain('| 64 × 1 · seed 7 | 64 | 50 | 0.3418 | – |');
  });
});
