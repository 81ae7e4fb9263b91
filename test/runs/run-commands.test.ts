import { describe, expect, test } from 'vitest';
import { effectOf, RUN_ACTIONS, RUN_STATUSES, type Run, type RunStatus } from '../../shared/run.js';
import { changeOf } from '../../server/runs/run-commands.js';
import { testRun } from '../support/test-run.js';

const AT = '2026-02-03T00:00:00.000Z';

function runThatIs(status: RunStatus): Run {
  return testRun('r', 's', { status, step: 4, attempt: 2, endedAt: AT, error: { code: 'internal', message: 'x' } });
}

const cases = RUN_ACTIONS.flatMap((action) => RUN_STATUSES.map((status) => [action, status] as const));

test.each(cases)('%s of a run that is %s does what the transition table says', (action, status) => {
  const effect = effectOf(action, { source: 'local', status });
  const change = changeOf(runThatIs(status), action, 99, AT);
  switch (effect.kind) {
    case 'same':
      return expect(change).toEqual({ ok: true, data: null });
    // Of a run that trains here nobody is requested.
    case 'request':
    case 'refused':
      return expect(change).toMatchObject({ ok: false, error: { code: 'conflict', details: { status } } });
    case 'withdraw':
      return expect(change).toMatchObject({ data: { run: { id: 'r', status: 'running' }, consequence: 'continue' } });
    case 'new-run':
      return expect(change).toMatchObject({
        data: { run: { status: 'queued', attempt: 3, previousRunId: 'r', step: 0 }, consequence: 'enqueue' },
      });
    case 'to':
      return expect(change).toMatchObject({ ok: true, data: { run: { id: 'r', status: effect.status } } });
  }
});

test.each([
  ['pause', 'queued', 'remove', ['paused']],
  ['pause', 'running', 'pause', []],
  ['resume', 'paused', 'requeue', ['resumed']],
  ['stop', 'pausing', 'stop', []],
  ['stop', 'paused', 'remove', ['stopped']],
] as const)('%s of a run that is %s: training hears "%s", the log says %j', (action, status, consequence, events) => {
  const change = changeOf(runThatIs(status), action, undefined, AT);
  expect(change).toMatchObject({ data: { consequence } });
  expect(change.ok && change.data?.log.map((row) => row.event)).toEqual(events);
});

test('a failed run that is resumed loses its error and its end', () => {
  const change = changeOf(runThatIs('failed'), 'resume', undefined, AT);
  expect(change.ok && change.data?.run).not.toHaveProperty('error');
  expect(change.ok && change.data?.run).not.toHaveProperty('endedAt');
});

describe('extend', () => {
  test('raises the total of run and config alike', () => {
    const change = changeOf(runThatIs('completed'), 'extend', 25, AT);
    expect(change).toMatchObject({ data: { run: { total: 25, config: { epochs: 25 }, status: 'queued' } } });
  });

  test('to the total that is reached changes nothing; before it is reached, resume is what helps', () => {
    expect(changeOf(runThatIs('completed'), 'extend', 10, AT)).toEqual({ ok: true, data: null });
    expect(changeOf(runThatIs('stopped'), 'extend', 10, AT)).toMatchObject({ error: { code: 'bad_input' } });
  });

  test.each([undefined, 9, 10.5, NaN, 100_001, -1])('refuses %s where the total is 10', (total) => {
    expect(changeOf(runThatIs('completed'), 'extend', total, AT)).toMatchObject({
      error: { code: 'bad_input', message: expect.stringContaining('total must be a whole number above') as string },
    });
  });
});
