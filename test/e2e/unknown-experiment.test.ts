/** A run of an experiment that the page does not know, trained here in a sweep of it, beside the reference sweep. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violationsOf } from '../support/accessibility.js';
import { soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages((server) => {
  server.addUnknown('counter', ['emb']);
  server.step(5);
});
const row = (page: Page) => page.locator('tr.run', { hasText: 'count by 0.5' });

describe('a run of an experiment that the page does not know', () => {
  it('is listed by its name and drawn, also in series that come while it trains', async () => {
    const page = await pages.open('sweep=counter-sweep');
    await row(page).waitFor();
    await page.getByText('start 5 · rates 0.5').waitFor();
    await expect.poll(() => row(page).locator('.epoch').textContent(), soon).toBe('4');
    expect(await row(page).locator('.hd').textContent()).toBe('');
    await expect.poll(() => page.locator('metric-chart').count(), soon).toBe(3);
    await page.getByRole('img', { name: 'emb by tick' }).waitFor();
    pages.server.runs[0]!.grow('Q_full');
    pages.server.announce();
    pages.server.step(4);
    await expect.poll(() => page.locator('metric-chart').count(), soon).toBe(4);
    await page.getByRole('img', { name: 'Q_full by tick' }).waitFor();
    await expect.poll(() => row(page).locator('.epoch').textContent(), soon).toBe('8');
    expect(await violationsOf(page)).toEqual([]);
    expect(pages.complaints()).toEqual([]);
  });

  it('has a view of its own with its config’s keys and values', async () => {
    const page = await pages.open('view=run&run=counter&sweep=counter-sweep');
    const view = page.locator('run-view');
    await view.getByRole('heading', { name: 'count by 0.5' }).waitFor();
    for (const [name, value] of [
      ['start', '5'],
      ['rate', '0.5'],
    ] as const)
      expect(await view.locator('dt', { hasText: name }).first().locator('+ dd').textContent(), name).toBe(value);
    await expect.poll(() => view.locator('metric-chart').count(), soon).toBe(3);
    expect(pages.complaints()).toEqual([]);
  });

  it.each(['summary', 'head-size', 'heatmap'])(
    'is not claimed by the view %s, and does not disturb it',
    async (view) => {
      const page = await pages.open(`view=${view}&sweep=counter-sweep`);
      await page.getByText('No run is shown: choose some in the table of runs.').waitFor();
      const { sweepId } = pages.server.find(64, 2).run;
      await page.evaluate((hash) => (location.hash = hash), `view=${view}&sweep=counter-sweep,${sweepId}`);
      await page.locator('tr.run', { hasText: '256 × 8' }).waitFor({ state: 'attached' });
      await page.getByText('No run is shown').waitFor({ state: 'detached' });
      pages.server.step(3);
      await expect.poll(() => row(page).locator('.epoch').textContent(), soon).toBe('7');
      expect(pages.complaints()).toEqual([]);
    },
  );
});
