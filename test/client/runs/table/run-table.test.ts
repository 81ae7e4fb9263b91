/** What the table lists, in which order, and what its choosers and groups mean; the moving parts are in e2e. */
import { describe, expect, it } from 'vitest';
import { isChosen, facetValues, toggled } from '../../../../client/runs/table/run-facets.js';
import { CHUNK_ROWS, runGroups } from '../../../../client/runs/table/run-groups.js';
import type { RunLine } from '../../../../client/runs/run-lines.js';
import { GRID_ORDER, inOrder, nextOrder, orderCodec } from '../../../../client/runs/table/run-order.js';
import { refusals } from '../../../../client/runs/run-commands.js';
import type { Run, Sweep } from '../../../../shared/run.js';
import { testConfig } from '../../../support/test-config.js';
import { testRun } from '../../../support/test-run.js';

function grid(): Run[] {
  return [64, 256].flatMap((dim) =>
    [1, 2, 4].map((heads) =>
      testRun(`${dim}-${heads}`, 's', {
        config: testConfig({ dim, heads, headDim: dim / heads }),
        status: heads === 4 ? 'failed' : 'completed',
      }),
    ),
  );
}

describe('the order', () => {
  const values = [3, NaN, 1, 2, 1];
  const sorted = (descending: boolean) =>
    inOrder([...values.keys()], { column: 'loss', descending }, (index) => values[index]!);

  it('keeps equals in the grid’s order and puts what has no value last, both ways', () => {
    expect(sorted(false)).toEqual([2, 4, 3, 0, 1]);
    expect(sorted(true)).toEqual([0, 3, 2, 4, 1]);
  });

  it('is ascending, then descending, then the grid’s again', () => {
    const first = nextOrder(GRID_ORDER, 'loss');
    expect(first).toEqual({ column: 'loss', descending: false });
    expect(nextOrder(first, 'loss')).toEqual({ column: 'loss', descending: true });
    expect(nextOrder(nextOrder(first, 'loss'), 'loss')).toBe(GRID_ORDER);
    expect(nextOrder(first, 'hd')).toEqual({ column: 'hd', descending: false });
  });

  it('stands in the address as a name, with a minus when it descends', () => {
    for (const written of ['loss', '-act_emb', '-config'])
      expect(orderCodec.write(orderCodec.read(written))).toBe(written);
    expect(orderCodec.read('color')).toBe(GRID_ORDER);
    expect(orderCodec.write(GRID_ORDER)).toBeNull();
  });
});

describe('choosing by what runs have in common', () => {
  it('offers the kinds in which they differ, numbers ascending, with how many there are', () => {
    expect(facetValues(grid())).toEqual([
      {
        facet: 'dim',
        values: [
          { value: '64', count: 3 },
          { value: '256', count: 3 },
        ],
      },
      { facet: 'head size', values: [16, 32, 64, 128, 256].map((n) => ({ value: `${n}`, count: n === 64 ? 2 : 1 })) },
      { facet: 'heads', values: [1, 2, 4].map((n) => ({ value: `${n}`, count: 2 })) },
      {
        facet: 'status',
        values: [
          { value: 'completed', count: 4 },
          { value: 'failed', count: 2 },
        ],
      },
    ]);
  });

  it('adds up values of one kind and narrows by another; a second press takes a value back', () => {
    const ids = (choice: Parameters<typeof isChosen>[1]) =>
      grid()
        .filter((run) => isChosen(run, choice))
        .map(({ id }) => id);
    const both = toggled(toggled({}, 'heads', '1'), 'heads', '4');
    expect(ids(both)).toEqual(['64-1', '64-4', '256-1', '256-4']);
    const failed = toggled(both, 'status', 'failed');
    expect(ids(failed)).toEqual(['64-4', '256-4']);
    expect(ids(toggled(toggled(failed, 'heads', '4'), 'heads', '1'))).toEqual(['64-4', '256-4']);
    expect(ids(toggled(failed, 'heads', '4'))).toEqual([]);
  });
});

describe('groups', () => {
  it('hold each shown sweep’s rows in parts, count rows through, and leave out what is folded or not shown', () => {
    const sweeps = ['a', 'b', 'c'].map((id) => ({ id }) as Sweep);
    const lines = ['a', 'b'].flatMap((id) =>
      Array.from({ length: CHUNK_ROWS + 5 }, (_, index) => ({ run: { id: `${id}${index}`, sweepId: id } }) as RunLine),
    );
    const sizes = (folded: string[]) =>
      runGroups(sweeps, lines, ['a', 'b'], folded).map(({ chunks }) =>
        chunks.map((one) => [one.start, one.lines.length]),
      );
    const full = CHUNK_ROWS;
    expect(sizes([])).toEqual([
      [
        [0, full],
        [full, 5],
      ],
      [
        [full + 5, full],
        [2 * full + 5, 5],
      ],
      [],
    ]);
    expect(sizes(['a'])).toEqual([
      [],
      [
        [0, full],
        [full, 5],
      ],
      [],
    ]);
  });
});

describe('refusals of several runs', () => {
  it('are told once a reason, with the names of the runs, many of them counted', () => {
    const refused = ['a', 'b', 'c'].map((name) => ({ name, reason: name === 'c' ? 'gone' : 'completed' }));
    expect(refusals(refused)).toBe('a, b: completed; c: gone');
    const many = Array.from({ length: 9 }, (_, index) => ({ name: `r${index}`, reason: 'full' }));
    expect(refusals(many)).toBe('r0, r1, r2, r3 and 5 more: full');
  });
});
