/** How a sweep's progress looks on a terminal and in a log. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createSweepProgress } from '../../server/commands/sweep-progress.js';
import type { Run, RunStatus } from '../../shared/run.js';
import { REFERENCE } from '../../shared/experiments/attention-cv/sweep.js';
import { testRun } from '../support/test-run.js';

function runOf(heads: number, seed = 42): Run {
  const config = { ...REFERENCE, dim: 64, heads, headDim: 64 / heads, seed, lr: 0.001 };
  return testRun(`${heads}-${seed}`, 'sweep', { config, total: 50 });
}

/** A stream that keeps what is written to it, as a terminal or not. */
function screen(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  const through = new PassThrough().setEncoding('utf8');
  let text = '';
  through.on('data', (chunk: string) => (text += chunk));
  const stream = Object.assign(through, isTTY ? { isTTY, columns: 100 } : {}) as unknown as NodeJS.WriteStream;
  return { stream, text: () => text };
}

/** A pattern may not hold the escape character as such. */
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[a-zA-Z]`, 'g');
const plain = (text: string): string => text.replaceAll(ESCAPES, '');

const as = (run: Run, status: RunStatus, step = 0): Run => ({ ...run, status, step, seconds: 1.25 });

describe('on a terminal', () => {
  it('every running config has a bar with epoch, loss and the service’s ETA, and one bar counts the configs', () => {
    const [first, second] = [runOf(1), runOf(4)];
    const { stream, text } = screen(true);
    const progress = createSweepProgress([first, second], 2, stream);
    progress.changed(as(first, 'running'));
    progress.changed(as(second, 'running'));
    progress.changed({ ...as(first, 'running', 9), etaSeconds: 41 });
    progress.reached(first.id, 10, 2.25);
    progress.changed(as(second, 'completed', 50));
    progress.estimated({ etaSeconds: 187 });
    progress.close();
    expect(plain(text())).toMatch(/64\/1 +━+─+ +10\/50 loss 2\.2500 {2}ETA 41s/);
    expect(plain(text())).toMatch(/configs +━+─+ +1\/2 ETA 3m07s/);
  });

  it('a bar goes to the next config when its own has ended', () => {
    const [first, second] = [runOf(1), runOf(4)];
    const { stream, text } = screen(true);
    const progress = createSweepProgress([first, second], 1, stream);
    progress.changed(as(first, 'running'));
    progress.changed(as(first, 'completed', 50));
    progress.changed(as(second, 'running'));
    progress.reached(second.id, 25, 1);
    progress.close();
    expect(plain(text())).toMatch(/64\/4 +━{12}─{12} +25\/50/);
  });

  it('the cursor that was hidden is shown again, below what was said', () => {
    const run = runOf(1);
    const { stream, text } = screen(true);
    const progress = createSweepProgress([run], 1, stream);
    progress.say('Stopping');
    progress.close();
    expect(text()).toContain('\u001b[?25l');
    expect(text().lastIndexOf('\u001b[?25h')).toBeGreaterThan(text().lastIndexOf('\u001b[?25l'));
    expect(plain(text())).toContain('Stopping\n');
  });
});

describe('in a log', () => {
  it('each config has one line, when it ends, with what tells it from the others', () => {
    const [first, second] = [runOf(2, 42), runOf(2, 7)];
    const { stream, text } = screen(false);
    const progress = createSweepProgress([first, second], 2, stream);
    progress.changed(as(first, 'running'));
    progress.reached(first.id, 1, 2);
    progress.changed(as(second, 'stopped', 3));
    progress.changed(as(second, 'stopped', 3));
    progress.changed(as(first, 'completed', 50));
    progress.close();
    expect(text()).toBe(
      '[1/2] 64/2 seed 7: stopped after epoch 3 of 50, 1.3 s\n[2/2] 64/2 seed 42: completed after epoch 50 of 50, 1.3 s\n',
    );
  });
});
