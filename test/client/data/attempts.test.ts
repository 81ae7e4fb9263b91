/** Runs trained again: where they stand, and which of them count. */
import { describe, expect, it } from 'vitest';
import { currentRuns, replacedRuns } from '../../../client/data/attempts.js';
import { RunList, runsOfSweep } from '../../../client/data/run-list.js';
import type { Run } from '../../../shared/run.js';
import { testRun, testSweep } from '../../support/test-run.js';

function run(id: string, createdAt: string, previousRunId?: string): Run {
  return testRun(id, 's', { createdAt, ...(previousRunId !== undefined && { previousRunId }) });
}

const first = run('a', '2026-01-01');
const other = run('b', '2026-01-01');
const second = run('a2', '2026-01-03', 'a');
// The clock was set back.
const third = run('a3', '2026-01-02', 'a2');

describe('runs trained again', () => {
  it('are replaced by their successors, and only the last of them counts', () => {
    const runs = [first, other, third, second];
    expect([...replacedRuns(runs)].sort()).toEqual(['a', 'a2']);
    expect(currentRuns(runs)).toEqual([other, third]);
  });

  it('count again when the successor is deleted, and stand for themselves without their predecessor', () => {
    expect(currentRuns([first, other])).toEqual([first, other]);
    expect(currentRuns([third])).toEqual([third]);
  });

  it.each([[['a', 'b']], [['a', 'b', 'a2', 'a3']]])(
    'stand below the run they repeat in the order in which they were made, whether or not the sweep names them (%j)',
    (runIds) => {
      const list = new RunList();
      const sweep = { ...testSweep('s'), runIds, counts: {} };
      list.snapshot({ sweeps: [sweep], runs: [first, other, second, third], viewers: 1, role: 'viewer' });
      expect(runsOfSweep(list.state.value, 's').map(({ id }) => id)).toEqual(['a', 'a2', 'a3', 'b']);
    },
  );
});
