/** Summary, head size and heatmap in a real Chromium: what all three must do, and what real runs may bring. */
import type { BrowserContextOptions } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { violationsInThemes } from '../support/accessibility.js';
import { allMarks, cellsOf, labelsOf, shownEpoch, summaryTable } from '../support/epoch-view-pages.js';
import { soon } from '../support/page-browser.js';
import { RealServer } from '../support/real-server.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages();
const { open, complaints } = pages;

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const VIEWS = ['summary', 'head-size', 'heatmap'] as const;

describe('every view of one epoch', () => {
  it.each(VIEWS)('says in %s that nothing is there before training, and which choice hides every run', async (view) => {
    const page = await open(`view=${view}`);
    await page
      .getByText(view === 'summary' ? 'not begun' : 'nothing measured')
      .first()
      .waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'walk through training' }).isDisabled(), soon).toBe(true);
    const ids = pages.server.runs.map(({ id }) => id).join(',');
    const other = await open(`view=${view}&hidden=${ids}`);
    await other.getByText('No run is shown').waitFor();
    expect(complaints()).toEqual([]);
  });

  it.each(VIEWS)('breaks no accessibility rule of WCAG 2.2 A and AA in %s, in either theme', async (view) => {
    await pages.server.step(4 * 51 + 30);
    const page = await open(`view=${view}&detail=1`);
    await page.locator('view-host .card').first().waitFor();
    await expect.poll(() => page.locator('.skeleton').count(), soon).toBe(0);
    expect(await violationsInThemes(page)).toEqual([]);
  });

  it.each(VIEWS)('fits a phone in %s: nothing wider than the screen, targets of 40 px', async (view) => {
    await pages.server.finish();
    const page = await open(`view=${view}`, PHONE);
    await page.locator('view-host .card').first().waitFor();
    await expect.poll(() => page.locator('.skeleton').count(), soon).toBe(0);
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 50 of 50');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const small = await page
      .locator('view-host')
      .locator('button, select, a, input[type=range]')
      .evaluateAll((targets) =>
        targets
          .filter((target) => target.getBoundingClientRect().height > 0 && target.getBoundingClientRect().height < 40)
          .map((target) => `${target.tagName} ${target.textContent.trim()}`),
      );
    expect(small).toEqual([]);
    expect(complaints()).toEqual([]);
  });

  it('shows every column of the head sizes on a phone', async () => {
    await pages.server.finish();
    const page = await open('view=head-size', PHONE);
    await allMarks(page);
    for (const name of ['means by head size', 'Head sizes in the band']) {
      const { table, room } = await page
        .getByRole('table', { name })
        .evaluate((each) => ({ table: each.scrollWidth, room: each.parentElement!.clientWidth }));
      expect(table, name).toBeLessThanOrEqual(room);
    }
  });

  it('opens a log of the palette on a phone where the runs are folded', async () => {
    await pages.server.finish();
    const page = await open('view=heatmap', PHONE);
    await page.locator('view-host .card').first().waitFor();
    await page.getByRole('button', { name: 'all commands' }).tap();
    await page.keyboard.type('log 64 × 1');
    await page.keyboard.press('Enter');
    await page.locator('run-log-dialog').getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('run-table').waitFor();
    expect(complaints()).toEqual([]);
  });

  it('lists many runs above a view on a phone when that is asked for', async () => {
    await pages.server.finish();
    const page = await open('view=trajectories', PHONE);
    const table = page.locator('run-table');
    const runs = page.getByRole('button', { name: 'runs', exact: true });
    for (const name of ['Trajectories', 'Head size']) {
      await page.getByRole('link', { name }).tap();
      await runs.waitFor();
      await table.waitFor({ state: 'hidden' });
      await runs.tap();
      await table.waitFor();
      await runs.tap();
      await table.waitFor({ state: 'hidden' });
    }
    // Beside the view there is room for both.
    const desk = await open('view=head-size');
    await desk.locator('run-table').waitFor();
    expect(await desk.getByRole('button', { name: 'runs', exact: true }).count()).toBe(0);
    expect(complaints()).toEqual([]);
  });
});

describe('over the real server', () => {
  let real: RealServer;
  afterEach(() => real.close());

  async function trained(sweep: object): Promise<void> {
    real = await RealServer.start(['--sweep', 'none', '--workers', '2']);
    const body = { samplesPerClass: 5, classes: 4, samples: 100, ...sweep };
    const response = await fetch(`${real.url}api/sweeps`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(201);
    const { runIds } = (await response.json()) as { runIds: string[] };
    await expect
      .poll(
        async () => {
          const { runs } = (await (await fetch(`${real.url}api/runs`)).json()) as { runs: { status: string }[] };
          return runs.filter(({ status }) => status === 'completed').length;
        },
        { timeout: 150_000 },
      )
      .toBe(runIds.length);
  }

  it('shows seeds as mean ± spread, up to 16 heads, and why a head too small has no value', async () => {
    await trained({ dims: [16, 32], heads: [1, 2, 16], seeds: [1, 2, 3], epochs: 1 });
    const page = await open('view=heatmap&of=emb', {}, real.url);
    const several = page.locator('heatmap-view td button').first();
    await expect.poll(() => several.textContent(), soon).toMatch(/0\.\d{4}\s*± 0\.\d{4} · hd 16/);
    await several.click();
    await expect.poll(() => page.locator('.runs a').count(), soon).toBe(3);
    await page.getByRole('link', { name: 'Head size' }).click();
    await page.getByText('against head size, after training, epoch 1').waitFor();
    await page.locator('head-size-view details summary').click();
    await page.getByRole('columnheader', { name: '± spread' }).waitFor();
    await expect
      .poll(() => page.locator('head-size-view details tbody tr').first().locator('td').last().textContent(), soon)
      .toBe('3 of 3');
    await page.getByRole('link', { name: 'Summary' }).click();
    await expect.poll(() => summaryTable(page, 'Heads').locator('tbody tr').count(), soon).toBe(18);
    await expect.poll(() => labelsOf(summaryTable(page, 'Heads')), soon).toHaveLength(18);
    await summaryTable(page, 'Heads').getByText('fewer than 4 columns').waitFor();
    await page.getByText('seed 3').first().waitFor();
    await page.getByRole('button', { name: 'script draws' }).click();
    // With one epoch the middle is epoch 0.
    await expect.poll(() => page.getByRole('group', { name: 'epoch' }).locator('button').count(), soon).toBe(2);
    expect(complaints()).toEqual([]);
  });

  it('shows one run that is not trained at all: epoch 0', async () => {
    await trained({ dims: [16], heads: [2], epochs: 0 });
    const page = await open('view=summary', {}, real.url);
    await expect.poll(() => cellsOf(summaryTable(page, 'Weights'), '16 × 2').then((cells) => cells[1]), soon).toBe('0');
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 0 of 0');
    await expect
      .poll(async () => (await cellsOf(summaryTable(page, 'Movement of weights'), '16 × 2'))[2], soon)
      .toBe('+0.0000 ±0.0000');
    await page.getByRole('link', { name: 'Head size' }).click();
    await page.getByText('nothing to compare yet').waitFor();
    const names = page.locator('head-size-view .small .name');
    const beyond = await names.evaluateAll((all) => all.map((each) => each.scrollWidth - each.clientWidth));
    expect(beyond).toEqual(beyond.map(() => 0));
    expect(beyond).toHaveLength(15);
    await page.getByRole('link', { name: 'Heatmap' }).click();
    await expect.poll(() => page.locator('heatmap-view td a.cell').count(), soon).toBe(1);
    expect(complaints()).toEqual([]);
  });
});
