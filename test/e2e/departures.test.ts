/** CVs as departures from chance in a real Chromium: one choice for every view, and what chance gives in charts. */
import { describe, expect, it } from 'vitest';
import { referenceSweep } from '../../shared/experiments/attention-cv/reference.js';
import { NULL_NAMES } from '../../shared/measurement.js';
import { cellsOf, hashOf, summaryTable } from '../support/epoch-view-pages.js';
import { soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages(() => undefined, { sweep: { ...referenceSweep, nulls: NULL_NAMES } });
const { open, complaints } = pages;

describe('departures from chance', () => {
  it('are chosen once for all views, and stay in the address', async () => {
    await pages.server.finish();
    const page = await open('large=emb&numbers=1');
    const numbers = page.getByRole('group', { name: 'emb, the numbers' });
    await numbers.getByText('0.150 ± 0.010').first().waitFor();
    await page.getByText('chance 0.150 ± 0.010', { exact: true }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'departure', exact: true }).click();
    await page.getByRole('dialog').getByText('departure from chance (sd), 256 × dim').first().waitFor();
    // 64 × 1 at the last epoch: (0.1588 − 0.15) / 0.01
    await numbers.getByText('+0.88').first().waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'close' }).click();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await expect.poll(async () => (await cellsOf(summaryTable(page, 'Weights'), '64 × 1'))[2], soon).toBe('+0.9');
    await page.getByRole('link', { name: 'Head size' }).click();
    await page
      .getByText(/^Beyond chance \(± 2 sd\) after training/)
      .first()
      .waitFor();
    await expect.poll(() => hashOf(page), soon).toContain('cv=departure');
    await page.keyboard.press('v');
    await page
      .getByText(/^In the band/)
      .first()
      .waitFor();
    expect(complaints()).toEqual([]);
  });

  it('are none of runs that were measured before nulls were told, and the page says so', async () => {
    await pages.serve({});
    await pages.server.finish();
    const page = await open('cv=departure');
    await page.getByText('12 runs were measured before nulls were told: they have no departures').waitFor();
    await page
      .getByText(/\d+ values without a null/)
      .first()
      .waitFor();
    expect(complaints()).toEqual([]);
  });
});
