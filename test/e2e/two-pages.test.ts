/** Two pages of one browser over one server: what one does, the other shows; a reload and the Back button keep a view. */
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { runRow as row, soon, tableNumbers } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages();
let page: Page;

beforeEach(async () => {
  page = await pages.open();
  await page.locator('tr.run').first().waitFor();
});

/** A second tab of the same browser: storage is shared, state is not. */
async function secondTab(): Promise<Page> {
  const tab = await page.context().newPage();
  tab.setDefaultTimeout(60_000);
  await tab.goto(page.url());
  await tab.locator('tr.run').first().waitFor();
  return tab;
}

/** As whoever works with two tabs does: the one behind is drawn once a second at most. */
async function turnTo(tab: Page): Promise<Page> {
  await tab.bringToFront();
  return tab;
}

describe('two pages in one browser', () => {
  it('control one run: each shows what the other did, and agrees on who watches', async () => {
    const other = await secondTab();
    await pages.server.step(5);
    for (const each of [page, other]) await (await turnTo(each)).getByText('2 watching').waitFor();
    await turnTo(page);
    await row(page, '256 × 8').hover();
    await row(page, '256 × 8').getByRole('button', { name: 'pause' }).click();
    await turnTo(other);
    await row(other, '256 × 8').and(other.locator('.pausing')).waitFor();
    await pages.server.step(1);
    await row(other, '256 × 8').and(other.locator('.paused')).waitFor();
    await row(other, '256 × 8').hover();
    await row(other, '256 × 8').getByRole('button', { name: 'resume' }).click();
    await turnTo(page);
    await row(page, '256 × 8').and(page.locator('.queued')).waitFor();
    await row(page, '256 × 8').getByRole('button', { name: 'stop' }).click();
    await turnTo(other);
    await row(other, '256 × 8').and(other.locator('.stopped')).waitFor();
    await pages.server.step(3);
    await expect.poll(async () => (await tableNumbers(other))['256 × 2']?.[0], soon).toBe('2');
    await turnTo(page);
    await expect.poll(async () => (await tableNumbers(page))['256 × 2']?.[0], soon).toBe('2');
    const numbers = async (of: Page): Promise<string> => JSON.stringify(await tableNumbers(of));
    await expect.poll(async () => (await numbers(other)) === (await numbers(page)), soon).toBe(true);
    await other.close();
    await page.getByText('1 watching').waitFor();
    expect(pages.complaints()).toEqual([]);
  });

  it('takes a command that the other gave first as done, without a word', async () => {
    const other = await secondTab();
    await pages.server.step(3);
    pages.server.stall(true);
    for (const each of [page, other]) {
      await turnTo(each);
      await row(each, '128 × 8').hover();
      await row(each, '128 × 8').getByRole('button', { name: 'pause' }).click();
    }
    await expect.poll(() => pages.server.controls.length, soon).toBe(2);
    pages.server.stall(false);
    for (const each of [page, other]) {
      await turnTo(each);
      await row(each, '128 × 8').and(each.locator('.paused')).waitFor();
      expect(await each.locator('toast-list .notice').count()).toBe(0);
    }
  });

  it('share the theme that is chosen later, and no choice of what is shown', async () => {
    const other = await secondTab();
    await turnTo(page);
    await row(page, '64 × 2').locator('td.loss').click();
    await expect.poll(() => page.locator('tr.run.hidden').count(), soon).toBe(1);
    await page.getByRole('button', { name: 'theme: system' }).click();
    await page.getByRole('button', { name: 'theme: light' }).click();
    await page.getByRole('button', { name: 'theme: dark' }).waitFor();
    expect(await other.locator('tr.run.hidden').count()).toBe(0);
    await turnTo(other);
    await other.reload();
    await other.locator('tr.run').first().waitFor();
    await expect.poll(() => other.locator('html').getAttribute('data-theme'), soon).toBe('dark');
    expect(await other.locator('tr.run.hidden').count()).toBe(0);
  });
});

describe('a view', () => {
  it('outlasts a reload with all that was chosen in it', async () => {
    await pages.server.step(8);
    await page.getByRole('link', { name: 'Summary' }).click();
    await page.getByLabel('status of runs').selectOption('running');
    await expect.poll(() => page.locator('tr.run').count(), soon).toBe(2);
    await row(page, '256 × 4').locator('td.loss').click();
    await expect.poll(() => page.url(), soon).toContain('hidden=');
    const before = page.url();
    await page.reload();
    await expect.poll(() => page.locator('tr.run.hidden').count(), soon).toBe(1);
    await expect.poll(() => page.locator('tr.run').count(), soon).toBe(2);
    await page.locator('nav [aria-current=page]', { hasText: 'Summary' }).waitFor();
    await expect.poll(() => page.url(), soon).toBe(before);
  });

  it('is left and found again by the Back and Forward buttons', async () => {
    const current = () => page.locator('nav [aria-current=page]').textContent();
    await page.getByRole('link', { name: 'Summary' }).click();
    await page.getByRole('link', { name: 'Heatmap' }).click();
    await expect.poll(current, soon).toBe('Heatmap');
    await page.goBack();
    await expect.poll(current, soon).toBe('Summary');
    await page.goBack();
    await expect.poll(current, soon).toBe('Trajectories');
    await page.goForward();
    await expect.poll(current, soon).toBe('Summary');
    await page.locator('summary-view').waitFor();
  });
});
