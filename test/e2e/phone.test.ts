/** The page's frame on phones in a real Chromium: every view in reach, and little above what is looked at. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages();

function open(hash: string): Promise<Page> {
  return pages.open(hash, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
}

describe('a phone', () => {
  it('shows all five tabs whole, whichever is chosen, at 390 px and at 360', async () => {
    await pages.server.step(40);
    const page = await open('');
    const tabs = page.getByRole('navigation', { name: 'views' }).getByRole('link');
    await expect.poll(() => tabs.count(), soon).toBe(5);
    for (const width of [390, 360]) {
      await page.setViewportSize({ width, height: 844 });
      for (const name of ['Trajectories', 'Head size', 'Compare']) {
        await tabs.filter({ hasText: name }).tap();
        await expect.poll(() => page.locator('nav [aria-current=page]').textContent(), soon).toBe(name);
        const ends = await tabs.evaluateAll((links) =>
          links.map((link) => [link.scrollWidth - link.clientWidth, link.getBoundingClientRect()] as const),
        );
        for (const [cut, { left, right, height }] of ends) {
          expect(cut).toBeLessThanOrEqual(0);
          expect(left).toBeGreaterThanOrEqual(0);
          expect(right).toBeLessThanOrEqual(width);
          expect(height).toBeGreaterThanOrEqual(40);
        }
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    expect(pages.complaints()).toEqual([]);
  });

  it('begins a view within 250 px of its top while runs train, within 200 px where they were done before', async () => {
    await pages.server.step(40);
    const page = await open('view=summary');
    const top = async (): Promise<number> => (await page.locator('summary-view').boundingBox())!.y;
    await page.getByRole('button', { name: 'Pause all' }).waitFor();
    expect(await top()).toBeLessThanOrEqual(250);
    await pages.server.finish();
    await page.getByText('12 of 12 done').waitFor();
    await page.reload();
    await page.getByText('12 of 12 done').waitFor();
    await page.locator('summary-view').waitFor();
    expect(await top()).toBeLessThanOrEqual(200);
  });

  it('leaves a run’s bar where it is when its time left is known at last', async () => {
    await pages.server.step(1);
    const page = await open('');
    await page.getByRole('button', { name: 'runs', exact: true }).tap();
    const row = page.locator('tr.run.running').first();
    await expect.poll(() => row.locator('.word').textContent(), soon).toBe('');
    const top = async (): Promise<number> => (await row.locator('.track').boundingBox())!.y;
    const before = await top();
    await pages.server.step(4);
    await expect.poll(() => row.locator('.word').textContent(), soon).toMatch(/^\d+ s$/);
    expect(await top()).toBe(before);
  });

  it('shows what is wrong with the disk below the tabs, whole', async () => {
    const page = await open('');
    pages.server.store.isBroken = true;
    await pages.server.step(5);
    const banner = page.locator('storage-banner');
    await banner.getByText('The disk is full').waitFor();
    const tabs = (await page.getByRole('navigation', { name: 'views' }).boundingBox())!;
    const box = (await banner.boundingBox())!;
    expect(box.y).toBeGreaterThanOrEqual(tabs.y + tabs.height - 1);
    const below = (await page.locator('sweep-panel').boundingBox())!;
    expect(below.y - (box.y + box.height)).toBeLessThan(2);
  });

  it('has the button that deletes a run beside its name, never in a row of its own', async () => {
    await pages.server.finish();
    const page = await open(`view=run&run=${pages.server.idOf('64 × 4')}`);
    const name = page.locator('run-view').getByRole('heading', { name: '64 × 4' });
    await page.locator('run-view').getByRole('button', { name: 'Extend …' }).waitFor();
    const bin = (await page.getByRole('button', { name: 'delete the run' }).boundingBox())!;
    const heading = (await name.boundingBox())!;
    expect(heading.y).toBeGreaterThanOrEqual(bin.y);
    expect(heading.y + heading.height).toBeLessThanOrEqual(bin.y + bin.height);
    expect(bin.x).toBeGreaterThanOrEqual(heading.x + heading.width);
  });
});
