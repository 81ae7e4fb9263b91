/** Which sweeps a page shows while others begin, end and go: over runs that train only when the test says so. */
import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { referenceSweep } from '../../shared/experiments/attention-cv/reference.js';
import { soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages();

const shownSweep = (page: Page) => page.locator('sweep-panel .title h2').textContent();

describe('the newest sweep', () => {
  it('is the one that was made last, though the clock was set back meanwhile', async () => {
    await pages.server.finish();
    pages.server.clockOffsetMs = -86_400_000;
    pages.server.createSweep({ ...referenceSweep, name: 'after the clock was set back' });
    const page = await pages.open();
    await expect.poll(() => shownSweep(page), soon).toBe('after the clock was set back');
    const listed = await page.locator('tr.sweep .sweep-name span').allTextContents();
    expect(listed).toEqual(['after the clock was set back', 'Reference sweep']);
    // Once both are done, too.
    await pages.server.finish();
    const late = await pages.open();
    await expect.poll(() => shownSweep(late), soon).toBe('after the clock was set back');
  });
});

describe('the time left', () => {
  const left = (page: Page, name: string) =>
    page.locator('tr.sweep', { hasText: name }).locator('.sweep-left').textContent();
  const header = (page: Page) => page.locator('sweep-panel .counts .left').textContent();

  it('is the same in the header and the row, by the server’s word, and shrinks when runs are paused', async () => {
    pages.server.createSweep({ ...referenceSweep, name: 'the one after' });
    const page = await pages.open(`sweep=${pages.server.runs[0]!.sweepId}`);
    await pages.server.step(5);
    // 12 runs of 50 epochs on two slots, 64 to 256 / 1500 s an epoch.
    await expect.poll(() => header(page), soon).toMatch(/ left$/);
    const before = await header(page);
    for (const label of ['64 × 1', '64 × 2', '64 × 4']) pages.server.control(label, 'pause');
    await page.getByText('2 training · 3 paused').waitFor();
    await expect.poll(() => header(page), soon).not.toBe(before);
    const words = await header(page);
    expect(await left(page, 'Reference sweep')).toBe(words);
    expect(parseInt(words!)).toBeLessThan(parseInt(before!));
    expect(await left(page, 'the one after')).toMatch(/ left$/);
  });
});

describe('a sweep that another program begins', () => {
  it('is shown at once to whoever has chosen nothing, and told to whoever has, with one click to go there', async () => {
    await pages.server.finish();
    const follows = await pages.open();
    const stays = await pages.open(`sweep=${pages.server.runs[0]!.sweepId}`);
    for (const page of [follows, stays]) await expect.poll(() => shownSweep(page), soon).toBe('Reference sweep');
    pages.server.createSweep({ ...referenceSweep, name: 'of another program' });
    await pages.server.step(2);
    await expect.poll(() => shownSweep(follows), soon).toBe('of another program');
    expect(await follows.locator('page-notes .fresh').count()).toBe(0);
    const told = stays.locator('page-notes .fresh');
    await expect.poll(() => told.locator('p').textContent(), soon).toBe('A new sweep: of another program');
    expect(await shownSweep(stays)).toBe('Reference sweep');
    await told.getByRole('button', { name: 'Show it' }).click();
    await expect.poll(() => shownSweep(stays), soon).toBe('of another program');
    await expect.poll(() => told.count(), soon).toBe(0);
    expect(pages.complaints()).toEqual([]);
  });
});

describe('a link', () => {
  it('to a sweep that is gone says so and what is shown instead, and stays as it is', async () => {
    const page = await pages.open('sweep=gone');
    const words = page.locator('page-notes .gone p');
    await expect
      .poll(() => words.textContent(), soon)
      .toBe(
        'There is no sweep gone: it was deleted, or the link belongs to another data folder. Shown instead: Reference sweep.',
      );
    expect(page.url()).toContain('#sweep=gone');
    await page.locator('page-notes .gone').getByRole('button', { name: 'dismiss' }).click();
    await expect.poll(() => words.count(), soon).toBe(0);
  });

  it('names runs to compare that are gone, and those in a sweep that is not shown', async () => {
    const [first, second] = pages.server.runs.map(({ id }) => id);
    pages.server.createSweep({ ...referenceSweep, name: 'the other' });
    const other = pages.server.runs.at(-1)!;
    const sweep = pages.server.runs[0]!.sweepId!;
    const page = await pages.open(`view=compare&sweep=${sweep}&compare=${first},${second},gone,${other.id}`);
    const gone = page.locator('compare-view .missing.gone');
    await gone.getByText('There is no run gone: deleted, or the link belongs to another data folder.').waitFor();
    const elsewhere = page.locator('compare-view .missing.elsewhere');
    await elsewhere.getByText(`${other.name} is in a sweep that is not shown.`).waitFor();
    await elsewhere.getByRole('button', { name: 'Show it, too' }).click();
    await expect.poll(() => elsewhere.count(), soon).toBe(0);
    await gone.getByRole('button', { name: 'Compare without' }).click();
    await expect.poll(() => gone.count(), soon).toBe(0);
    await expect.poll(() => page.url(), soon).toContain(`compare=${first},${second},${other.id}`);
  });

  it('with a view or series that there is not says so, and keeps it until another is chosen', async () => {
    const page = await pages.open('view=maps&of=act_Z');
    const words = page.locator('page-notes .unknown p');
    await expect.poll(() => words.textContent(), soon).toMatch(/does not know .* view=maps, of=act_Z/);
    expect(page.url()).toContain('view=maps');
    await page.getByRole('link', { name: 'Heatmap' }).click();
    await expect.poll(() => words.textContent(), soon).not.toMatch('maps');
    await page.goBack();
    await expect.poll(() => words.textContent(), soon).toMatch('view=maps');
  });

  it('to what is deleted while it is watched says so', async () => {
    pages.server.createSweep({ ...referenceSweep, name: 'kept' });
    const sweep = pages.server.runs[0]!.sweepId!;
    const page = await pages.open(`sweep=${sweep}`);
    await expect.poll(() => shownSweep(page), soon).toBe('Reference sweep');
    for (const path of [`${sweep}/stop`, sweep])
      await fetch(`${pages.server.url}api/sweeps/${path}`, { method: path === sweep ? 'DELETE' : 'POST' });
    await page.getByText('The sweep “Reference sweep” was deleted. Shown instead: kept.').waitFor();
    await expect.poll(() => shownSweep(page), soon).toBe('kept');
  });
});
