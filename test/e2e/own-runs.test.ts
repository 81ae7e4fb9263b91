/** Runs of other programs, of which nobody knows a sweep, an end, or what their config means, among those that train here. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { referenceSweep } from '../../shared/experiments/attention-cv/reference.js';
import { violationsOf } from '../support/accessibility.js';
import { soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';
import { startApp } from '../support/running-app.js';
import type { ScriptedService } from '../support/scripted-service.js';
import { testRun } from '../support/test-run.js';

const pages = replayedPages(undefined, { sweep: null });

/** A page on a server with a run of another program, which has logged 5 frames, every tenth step, beside the reference sweep. */
async function openOwn(hash: string): Promise<{ page: Page; service: ScriptedService; sweepId: string }> {
  const { service, url } = await startApp({ clientFolder: join(process.cwd(), 'dist/client') });
  const created = service.createSweep(referenceSweep);
  if (!created.ok) throw new Error(created.error.message);
  const { id: sweepId, runIds } = created.data;
  const external = { source: 'external', experiment: '', total: null, stepName: 'step' } as const;
  const config = { model: 'resnet18', lr: 0.1 };
  const run = testRun('own', null, { ...external, name: 'resnet', series: ['loss', 'emb'], status: 'running' });
  service.change({ ...run, config });
  service.addFrames('own', 5, 10);
  for (const runId of runIds.slice(1, 3)) {
    service.setStatus(runId, 'running');
    service.addFrames(runId, 5);
  }
  return { page: await pages.open(hash, {}, `${url}/`), service, sweepId };
}
const own = (page: Page) => page.locator('tr.run', { hasText: 'resnet' });

describe('a run of another program', () => {
  it('is listed below the sweeps, with its step and neither bar nor end, and drawn at its steps', async () => {
    const { page, service } = await openOwn('sweep=own');
    await own(page).waitFor();
    const groups = await page.locator('tr.sweep .sweep-name').allTextContents();
    expect(groups.map((name) => name.trim())).toEqual(['Reference sweep', 'runs of their own']);
    await expect.poll(() => own(page).locator('.epoch').textContent(), soon).toBe('40');
    expect(await own(page).locator('.track').count()).toBe(0);
    await expect.poll(() => page.locator('metric-chart').count(), soon).toBe(2);
    await expect.poll(() => page.locator('metric-chart canvas').count(), soon).toBe(2);
    await page.getByRole('img', { name: 'loss by step' }).waitFor();
    service.addFrames('own', 8, 10);
    await expect.poll(() => own(page).locator('.epoch').textContent(), soon).toBe('120');
    expect(await violationsOf(page)).toEqual([]);
    expect(pages.complaints()).toEqual([]);
  });

  it('has a view of its own in its own words', async () => {
    const { page } = await openOwn('view=run&run=own');
    const view = page.locator('run-view');
    await view.getByRole('heading', { name: 'resnet' }).waitFor();
    await view.getByText('step 40', { exact: true }).waitFor();
    expect(await view.locator('.kind').textContent()).toBe('runs of their own');
    expect(await view.locator('dt', { hasText: 'model' }).locator('+ dd').textContent()).toBe('resnet18');
    await expect.poll(() => view.locator('metric-chart').count(), soon).toBe(2);
    await view.getByRole('button', { name: 'Series, the numbers' }).click();
    await expect
      .poll(() => view.locator('chart-numbers-table').last().locator('tbody th').allTextContents(), soon)
      .toEqual(['0', '10', '20', '30', '40']);
    expect(pages.complaints()).toEqual([]);
  });

  it.each(['trajectories', 'summary', 'head-size', 'heatmap', 'compare'])(
    'disturbs nothing in the view %s, alone or beside a sweep',
    async (view) => {
      const { page, service, sweepId } = await openOwn(`view=${view}&sweep=own`);
      await own(page).waitFor({ state: 'attached' });
      await page.evaluate((hash) => (location.hash = hash), `view=${view}&sweep=own,${sweepId}`);
      await page.locator('tr.run', { hasText: '256 × 8' }).waitFor({ state: 'attached' });
      service.addFrames('own', 8, 10);
      await expect.poll(() => own(page).locator('.epoch').textContent(), soon).toBe('120');
      expect(pages.complaints()).toEqual([]);
    },
  );
});
