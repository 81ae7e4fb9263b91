/** Runs of other programs, of which nobody knows a sweep, an end, or what their config means, among those that train here. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violationsOf } from '../support/accessibility.js';
import { soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

/** One of another program, which has trained 5 frames, a tenth of a step each, and others beside it. */
const pages = replayedPages((server) => {
  server.find(64, 1).makeExternal('resnet', ['loss', 'emb'], { model: 'resnet18', lr: 0.1 });
  server.step(5);
});
const own = (page: Page) => page.locator('tr.run', { hasText: 'resnet' });

describe('a run of another program', () => {
  it('is listed below the sweeps, with its step and neither bar nor end, and drawn at its steps', async () => {
    const page = await pages.open('sweep=own');
    await own(page).waitFor();
    const groups = await page.locator('tr.sweep .sweep-name').allTextContents();
    expect(groups.map((name) => name.trim())).toEqual(['Reference sweep', 'runs of their own']);
    await expect.poll(() => own(page).locator('.epoch').textContent(), soon).toBe('40');
    expect(await own(page).locator('.track').count()).toBe(0);
    await expect.poll(() => page.locator('metric-chart').count(), soon).toBe(2);
    await expect.poll(() => page.locator('metric-chart canvas').count(), soon).toBe(2);
    await page.getByRole('img', { name: 'loss by step' }).waitFor();
    pages.server.step(8);
    await expect.poll(() => own(page).locator('.epoch').textContent(), soon).toBe('120');
    expect(await violationsOf(page)).toEqual([]);
    expect(pages.complaints()).toEqual([]);
  });

  it('has a view of its own in its own words', async () => {
    const page = await pages.open('view=run&run=run-64-1');
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
      const page = await pages.open(`view=${view}&sweep=own`);
      await own(page).waitFor({ state: 'attached' });
      await page.evaluate(
        (hash) => (location.hash = hash),
        `view=${view}&sweep=own,${pages.server.find(64, 2).run.sweepId}`,
      );
      await page.locator('tr.run', { hasText: '256 × 8' }).waitFor({ state: 'attached' });
      pages.server.step(8);
      await expect.poll(() => own(page).locator('.epoch').textContent(), soon).toBe('120');
      expect(pages.complaints()).toEqual([]);
    },
  );
});
