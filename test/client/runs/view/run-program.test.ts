/** What is asked of a program, what it printed and what its log says, as they are told. */
import { expect, it } from 'vitest';
import { logLines } from '../../../../client/runs/log-words.js';
import { controlWords, readControl } from '../../../../client/runs/view/run-controls.js';
import { shownText } from '../../../../client/runs/view/run-output-part.js';
import { formatTime } from '../../../../client/ui/numbers.js';

const AT = '2026-01-02T03:04:05.000Z';

it('reads a control as what it is', () => {
  expect([readControl(' 1e-3 ', 0.1), readControl('0,5', 1), readControl('', 1), readControl('x', 1)]).toEqual([
    ...[0.001, 0.5, undefined, undefined],
  ]);
  expect(readControl('007', 'text')).toBe('007');
  expect([true, false, 0.1, ''].map(controlWords)).toEqual(['on', 'off', '0.1', 'nothing']);
});

it('shows printed lines as a terminal would in the end, and nothing that turns them', () => {
  expect(shownText('\u001b[32mok\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007')).toBe('ok link');
  expect(shownText(' 12%|#\r 13%|##\r')).toBe(' 13%|##');
  expect(shownText('\tindented \u202eturned')).toBe('\tindented turned');
});

it('tells in the log what was asked of a program, what it did, and when nothing was heard', () => {
  const lines = logLines(
    [
      { at: AT, event: 'created', by: 'http' },
      { at: AT, event: 'pause-requested', by: 'viewer', details: { step: 7 } },
      { at: AT, event: 'paused', by: 'program', details: { step: 8 } },
      { at: AT, event: 'resume-requested', by: 'Ann', details: { step: 8 } },
      { at: AT, event: 'resumed', by: 'program', details: { step: 8 } },
      { at: AT, event: 'set-requested', by: 'viewer', details: { name: 'lr', value: 0.01, before: 0.1 } },
      { at: AT, event: 'checkpoint-requested', by: 'viewer', details: { step: 9 } },
      { at: AT, event: 'silent', by: 'server', details: { silentSince: AT } },
      { at: AT, event: 'heard-again', by: 'server', details: { silentSince: AT } },
      { at: AT, event: 'resumed', by: 'cluster' },
      { at: AT, event: 'failed', by: 'program', cause: 'Traceback:\n  a\nValueError: no', details: { step: 9 } },
    ],
    'external',
  );
  expect(lines.map(({ title, details, tone }) => `${title} | ${details} | ${tone}`)).toEqual([
    'begun by an HTTP call |  | plain',
    'asked to pause by a viewer | step 7 | waiting',
    'paused by its program | step 8 | waiting',
    'asked to resume by Ann | step 8 | plain',
    'resumed by its program | step 8 | plain',
    'asked to set by a viewer | lr 0.1 → 0.01 | plain',
    'asked for a checkpoint by a viewer | step 9 | plain',
    `not heard any more | since ${formatTime(AT)} | waiting`,
    `heard again | silent since ${formatTime(AT)} | good`,
    'resumed as a new writer by cluster |  | waiting',
    'failed by its program | step 9 · ValueError: no | bad',
  ]);
  expect(logLines([{ at: AT, event: 'resumed', by: 'http' }])[0]!.title).toBe('resumed by an HTTP call');
});
