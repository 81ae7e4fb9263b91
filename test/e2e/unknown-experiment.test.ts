/** A run of an experiment that the page does not know, trained here in a sweep of it, beside the reference sweep. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { registerExperiment } from '../../server/experiments/registry.js';
import { referenceSweep } from '../../shared/experiments/attention-cv/reference.js';
import { violationsOf } from '../support/accessibility.js';
import { counter } from '../support/counter-experiment.js';
import { soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

registerExperiment(counter);

/** Its run is the first to train. */
const pages = replayedPages(
  async (server) => {
    server.createSweep({ experiment: 'counter', start: 5, rates: [0.5] });
    server.createSweep(referenceSweep);
    await server.step(5);
  },
  { sweep: null },
);
const sweepOf = (label: string): string => pages.server.runOf(label).sweepId!;
const open = (view = ''): Promise<Page> => pages.open(`${view}&sweep=${sweepOf('count by 0.5')}`);
const row = (page: Page) => page.locator('tr.run', { hasText: 'count by 0.5' });

describe('a run of an experiment that the page does not know', () => {
  it('is listed by its name and drawn, also in series that come while it trains', async () => {
    const page = await open();
    await row(page).waitFor();
    await page.getByText('start 5 · rates 0.5').waitFor();
    await expect.poll(() => row(page).locator('.epoch').textContent(), soon).toBe('4');
    expect(await row(page).locator('.hd').textContent()).toBe('');
    await expect.poll(() => page.locator('metric-chart').count(), soon).toBe(3);
    await page.getByRole('img', { name: 'emb by tick' }).waitFor();
    pages.server.trainerOf('count by 0.5').grow('Q_full');
    await pages.server.step(4);
    await expect.poll(() => page.locator('metric-chart').count(), soon).toBe(4);
    await page.getByRole('img', { name: 'Q_full by tick' }).waitFor();
    await expect.poll(() => row(page).locator('.epoch').textContent(), soon).toBe('8');
    expect(await violationsOf(page)).toEqual([]);
    expect(pages.complaints()).toEqual([]);
  });

  it('has a view of its own with its config’s keys and values', async () => {
    const page = await open(`view=run&run=${pages.server.idOf('count by 0.5')}`);
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
      const page = await open(`view=${view}`);
      await page.getByText('None of the runs that are shown is of the attention experiment').waitFor();
      await page.evaluate(
        (hash) => (location.hash = hash),
        `view=${view}&sweep=${sweepOf('count by 0.5')},${sweepOf('64 × 2')}`,
      );
      await page.locator('tr.run', { hasText: '256 × 8' }).waitFor({ state: 'attached' });
      await page.getByText('None of the runs').waitFor({ state: 'detached' });
      await pages.server.step(3);
      await expect.poll(() => row(page).locator('.epoch').textContent(), soon).toBe('7');
      expect(pages.complaints()).toEqual([]);
    },
  );
});
