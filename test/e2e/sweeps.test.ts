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
