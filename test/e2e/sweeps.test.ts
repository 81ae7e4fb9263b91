/** Which sweeps a page shows while others begin, end and go: over runs that train only when the test says so. */
import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages();

const shownSweep = (page: Page) => page.locator('sweep-panel .title h2').textContent();

describe('the newest sweep', () => {
  it('is the one that was made last, though the clock was set back meanwhile', async () => {
    const yesterday = new Date(Date.now() - 86_400_000);
    pages.server.finish();
    pages.server.createSweep('after the clock was set back', yesterday);
    const page = await pages.open();
    await expect.poll(() => shownSweep(page), soon).toBe('after the clock was set back');
    const listed = await page.locator('tr.sweep .sweep-name span').allTextContents();
    expect(listed).toEqual(['after the clock was set back', 'Reference sweep']);
    // Once both are done, too.
    pages.server.finish();
    const late = await pages.open();
    await expect.poll(() => shownSweep(late), soon).toBe('after the clock was set back');
  });
});

describe('the time left', () => {
  const left = (page: Page, name: string) =>
    page.locator('tr.sweep', { hasText: name }).locator('.sweep-left').textContent();
  const header = (page: Page) => page.locator('sweep-panel .counts .left').textContent();

  it('is the same in the header and the row, by the server’s word, and shrinks when runs are paused', async () => {
    pages.server.createSweep('the one after');
    const page = await pages.open(`sweep=${pages.server.runs[0]!.run.sweepId}`);
    pages.server.step(5);
    // 12 runs of 50 epochs on two slots, 64 to 256 / 1500 s an epoch.
    await expect.poll(() => header(page), soon).toMatch(/ left$/);
    const before = await header(page);
    for (const heads of [1, 2, 4]) pages.server.find(256, heads).command('pause');
    pages.server.announce();
    await page.getByText('2 training · 3 paused').waitFor();
    await expect.poll(() => header(page), soon).not.toBe(before);
    const words = await header(page);
    expect(await left(page, 'Reference sweep')).toBe(words);
    expect(parseInt(words!)).toBeLessThan(parseInt(before!));
    expect(await left(page, 'the one after')).toMatch(/ left$/);
  });
});
