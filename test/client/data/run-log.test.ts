/** A run's log: when it is read again, and how its events are put into words. */
import { describe, expect, it } from 'vitest';
import { logLines } from '../../../client/runs/log-words.js';
import type { LogEntry } from '../../../client/data/commands.js';
import { formatBytes, formatTime } from '../../../client/ui/numbers.js';
import { RunList } from '../../../client/data/run-list.js';
import { RunLog } from '../../../client/data/run-log.js';
import { fail, ok, type Result } from '../../../shared/errors.js';
import type { Run } from '../../../shared/run.js';
import { testRun } from '../../support/test-run.js';

const at = '2026-01-02T03:04:05.000Z';
const said = (...entries: Omit<LogEntry, 'at'>[]) =>
  logLines(entries.map((entry) => ({ at, ...entry }))).map(({ title, details, tone }) => [title, details, tone]);

describe('the words of a log', () => {
  it('name what happened, who wished it, and what it changed', () => {
    expect(
      said(
        { event: 'created', by: 'command-line' },
        { event: 'started', details: { engine: 'wasm' } },
        { event: 'paused', by: 'viewer', details: { epoch: 12 } },
        { event: 'extended', by: 'http', details: { from: 50, to: 80 } },
        { event: 'engine-changed', details: { from: 'wasm', to: 'cpu', epoch: 12 } },
        { event: 'completed', details: { epoch: 80, seconds: 61 } },
        { event: 'something-new', details: { colour: 'red', depth: [1, 2], nothing: null } },
      ),
    ).toEqual([
      ['created by the command line', '', 'plain'],
      ['started', 'engine wasm', 'plain'],
      ['paused by a viewer', 'epoch 12', 'waiting'],
      ['extended by an HTTP call', '50 → 80 epochs', 'plain'],
      ['engine changed', 'wasm → cpu · epoch 12', 'waiting'],
      ['completed', 'epoch 80 · 1 min 1 s of training', 'good'],
      ['something new', 'colour red · depth [1,2]', 'plain'],
    ]);
  });

  it('name who wished it by their token, whatever its name', () => {
    const titles = ['Ann', 'constructor', 'the lab'].map((by) => said({ event: 'paused', by })[0]![0]);
    expect(titles).toEqual(['paused by Ann', 'paused by constructor', 'paused by the lab']);
  });

  it('give the cause once, also where the failure that follows repeats it', () => {
    const cause = 'epoch 7 was trained again and came out different: loss is 1, and 2 is stored';
    const details = { epoch: 7, column: 'loss', stored: 2, trained: 1 };
    expect(said({ event: 'mismatch', cause, details }, { event: 'failed', cause })).toEqual([
      ['came out different', cause, 'bad'],
      ['failed', '', 'bad'],
    ]);
    expect(said({ event: 'failed', cause }, { event: 'resumed' })[0]).toEqual(['failed', cause, 'bad']);
  });

  it('make one line of checkpoints that follow one another, and keep the others apart', () => {
    const checkpoint = (epoch: number) => ({ event: 'checkpoint', details: { epoch, bytes: 1_260_000 } });
    expect(
      said(checkpoint(5), checkpoint(9), checkpoint(14), { event: 'resumed', by: 'server' }, checkpoint(20)),
    ).toEqual([
      ['3 checkpoints', 'the last at epoch 14 · 1.3 MB', 'plain'],
      ['resumed by the server', '', 'plain'],
      ['checkpoint', 'epoch 20 · 1.3 MB', 'plain'],
    ]);
  });

  it('write times with seconds, days only where they differ, and sizes in their unit', () => {
    const now = new Date(2026, 0, 2, 23, 59, 59);
    expect(formatTime(new Date(2026, 0, 2, 3, 4, 5).toISOString(), now)).toBe('03:04:05');
    expect(formatTime(new Date(2025, 11, 31, 13, 4, 5).toISOString(), now)).toBe('2025-12-31 13:04:05');
    expect([999, 12_300, 1_260_000].map(formatBytes)).toEqual(['999 B', '12 kB', '1.3 MB']);
  });
});

describe('a log that is open', () => {
  const run = (change: Partial<Run> = {}) => testRun('a', 's', { status: 'running', ...change });
  const entry = (event: string): LogEntry => ({ at, event });

  function setUp() {
    const list = new RunList();
    list.snapshot({ sweeps: [], runs: [run()], viewers: 1, role: 'viewer' });
    const asked: { runId: string; answer: (result: Result<LogEntry[]>) => Promise<void> }[] = [];
    let now = 0;
    const log = new RunLog(
      list,
      (runId) =>
        new Promise((resolve) => {
          const answer = (result: Result<LogEntry[]>): Promise<void> => {
            resolve(result);
            return Promise.resolve();
          };
          asked.push({ runId, answer });
        }),
      () => now,
    );
    return { list, log, asked, at: (time: number) => (now = time) };
  }

  it('is read once it is opened, and again when the run’s status changes, not for every epoch', async () => {
    const { list, log, asked } = setUp();
    list.changed({ runs: [run({ status: 'pausing' })] });
    expect(asked).toHaveLength(0);
    log.open('a');
    await asked[0]!.answer(ok([entry('created')]));
    expect(log.state.value).toEqual({ runId: 'a', entries: [entry('created')], trouble: '' });
    list.changed({ runs: [run({ status: 'pausing', step: 3 })] });
    list.presence(4);
    expect(asked).toHaveLength(1);
    list.changed({ runs: [run({ status: 'paused', step: 3 })] });
    expect(asked).toHaveLength(2);
    log.close();
    list.changed({ runs: [run()] });
    expect(asked).toHaveLength(2);
  });

  it('looks for what is written without a word every few seconds, while the run moves', () => {
    const { list, log, asked, at } = setUp();
    log.open('a');
    at(2000);
    list.changed({ runs: [run({ step: 1 })] });
    at(4000);
    list.presence(2);
    expect(asked).toHaveLength(1);
    list.changed({ runs: [run({ step: 2 })] });
    expect(asked).toHaveLength(2);
  });

  it('keeps what it holds when a later reading fails, and lets a late answer of another run go', async () => {
    const { log, asked } = setUp();
    log.open('a');
    await asked[0]!.answer(ok([entry('created')]));
    void log.reread();
    await asked[1]!.answer(fail('unavailable', 'no answer'));
    expect(log.state.value).toEqual({ runId: 'a', entries: [entry('created')], trouble: 'no answer' });
    void log.reread();
    log.open('b');
    await asked[2]!.answer(ok([entry('of a')]));
    expect(log.state.value).toEqual({ runId: 'b', entries: undefined, trouble: '' });
  });

  it('says that the run is gone when its sweep is deleted', () => {
    const { list, log } = setUp();
    list.changed({ runs: [], sweeps: [{ id: 's', name: 's', createdAt: '' }] });
    log.open('a');
    list.changed({ runs: [], removed: ['s'] });
    expect(list.state.value.runs.size).toBe(0);
    expect(log.state.value.trouble).toBe('the run was deleted, and its log with it');
  });
});
