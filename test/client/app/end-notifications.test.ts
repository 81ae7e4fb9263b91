/** Who is told of what through the system, and when nobody is. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type EndNews, EndNotifications } from '../../../client/app/end-notifications.js';
import { RunList } from '../../../client/data/run-list.js';
import type { Run, Sweep } from '../../../shared/run.js';
import { testConfig } from '../../support/test-config.js';
import { testRun } from '../../support/test-run.js';

const spec = { dims: [64], heads: [1, 2], seeds: [42], lrs: [0.001] };
const sweep = {
  id: 's',
  experiment: 'attention-cv',
  name: 'Night',
  spec,
  createdAt: '2026-01-01',
  runIds: ['a', 'b'],
} as unknown as Sweep;
const run = (id: 'a' | 'b', fields: Partial<Run>): Run =>
  testRun(id, 's', { config: testConfig({ dim: 64, heads: id === 'a' ? 1 : 2 }), status: 'running', ...fields });

function page({ allowed = true } = {}) {
  const list = new RunList();
  const told: EndNews[] = [];
  const asked: string[] = [];
  const tab = { hidden: true };
  const ask = () => Promise.resolve(asked.push('asked') > 0 && allowed);
  const notifier = { isPossible: true, ask, show: (news: EndNews) => void told.push(news) };
  const notifications = new EndNotifications(list.state, notifier, () => tab.hidden);
  const runs = [run('a', {}), run('b', {})];
  list.snapshot({ sweeps: [sweep], runs, viewers: 1, role: 'controller' });
  return { list, told, asked, tab, notifications };
}

beforeEach(() => localStorage.clear());

describe('a notification', () => {
  it('is neither shown nor asked about before somebody wants it', async () => {
    const { list, told, asked, notifications } = page();
    list.changed({ runs: [run('a', { status: 'completed' })] });
    expect([told, asked]).toEqual([[], []]);
    expect(await notifications.toggle()).toBe(true);
    expect(asked).toEqual(['asked']);
    expect(await notifications.toggle()).toBe(true);
    expect(notifications.wanted.value).toBe(false);
  });

  it('stays off where the browser refuses', async () => {
    const { notifications } = page({ allowed: false });
    expect(await notifications.toggle()).toBe(false);
    expect(notifications.wanted.value).toBe(false);
  });

  it('tells of a run that ends, and of the sweep with its last one, while the tab is hidden', async () => {
    const { list, told, tab, notifications } = page();
    await notifications.toggle();
    list.changed({ runs: [run('a', { status: 'completed' })] });
    expect(told).toEqual([{ tag: 's', title: '64 × 1 completed', body: 'Night: 1 of 2 done · 1 training' }]);
    tab.hidden = false;
    list.changed({ runs: [run('b', { status: 'paused' })] });
    list.changed({ runs: [run('b', { status: 'running' })] });
    tab.hidden = true;
    list.changed({
      runs: [run('b', { step: 3, status: 'failed', error: { code: 'trainer_failed', message: 'killed' } })],
    });
    expect(told.slice(1)).toEqual([
      { tag: 'b', title: '64 × 2 failed', body: 'killed; epochs up to 3 are kept, resume goes on' },
      { tag: 's', title: 'Night has ended', body: '1 of 2 done · 1 failed' },
    ]);
  });

  it('is not shown to somebody who looks at the page, nor twice for the same end', async () => {
    const { list, told, tab, notifications } = page();
    await notifications.toggle();
    tab.hidden = false;
    list.changed({ runs: [run('a', { status: 'diverged' })] });
    tab.hidden = true;
    list.changed({ runs: [run('a', { status: 'diverged', notes: 'hm' })] });
    list.snapshot({
      sweeps: [sweep],
      runs: [run('a', { status: 'diverged' }), run('b', {})],
      viewers: 2,
      role: 'viewer',
    });
    expect(told).toEqual([]);
  });

  it('tells of what ended while the connection was lost', async () => {
    const { list, told, notifications } = page();
    await notifications.toggle();
    const runs = [run('a', { status: 'completed' }), run('b', { status: 'completed' })];
    list.snapshot({ sweeps: [sweep], runs, viewers: 1, role: 'controller' });
    expect(told.map(({ title }) => title)).toEqual(['Night has ended']);
  });
});
