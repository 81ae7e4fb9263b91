/** The form of a new sweep in a real Chromium: judged while it is typed, begun once, kept open when it is refused. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violationsInThemes } from '../support/accessibility.js';
import { soon } from '../support/page-browser.js';
import { DISK_FULL } from '../support/replay-server.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages();

async function openForm(options: BrowserContextOptions = {}): Promise<Page> {
  const page = await pages.open('', options);
  await page.getByRole('button', { name: 'New sweep' }).click();
  await page.getByRole('button', { name: 'Start 12 runs' }).waitFor();
  return page;
}

const { complaints } = pages;
const field = (page: Page, label: string) => page.getByRole('dialog').getByLabel(label, { exact: true });
const message = (page: Page, name: string) => page.locator(`sweep-form #${name}-note`);

describe('the form of a new sweep', () => {
  it('shows the runs it would begin, and how long they will take once runs were trained', async () => {
    const page = await openForm();
    await page.getByText('nothing was trained yet that would tell how long it takes').waitFor();
    await page.keyboard.press('Escape');
    await pages.server.step(52);
    await page.getByText('2 of 12 done · 2 training').waitFor();
    await page.getByRole('button', { name: 'New sweep' }).click();
    // By what the larger ones took that were trained, and what a step costs against theirs.
    await field(page, 'dims').fill('64');
    await field(page, 'heads').fill('1, 2');
    await field(page, 'seeds').fill('1 2');
    await page.getByText(/^done in about .*, 2 at a time, the 10 runs before it included$/).waitFor();
    const rows = page.locator('sweep-form tbody tr');
    await expect.poll(() => rows.count(), soon).toBe(4);
    expect(await rows.first().locator('th, td').allTextContents()).toEqual(['64 × 1', '64', '1', '1.0 s']);
    await page.getByRole('button', { name: 'Start 4 runs' }).waitFor();
    expect(complaints()).toEqual([]);
  });

  it('says at each field what is wrong while it is typed, and goes to the first when it is sent all the same', async () => {
    const page = await openForm();
    await field(page, 'epochs').fill('1.5');
    await field(page, 'heads').fill('3');
    await expect
      .poll(() => message(page, 'epochs').textContent(), soon)
      .toBe('epochs must be a whole number from 0 to 100000');
    expect(await message(page, 'heads').textContent()).toBe('heads must divide dim: 64 is not divisible by 3');
    expect(await field(page, 'heads').getAttribute('aria-invalid')).toBe('true');
    expect(await field(page, 'dims').getAttribute('aria-invalid')).toBe('false');
    await field(page, 'learning rates').press('Enter');
    await expect.poll(() => field(page, 'heads').evaluate((input) => input.matches(':focus')), soon).toBe(true);
    await field(page, 'heads').fill('2');
    await field(page, 'epochs').fill('5');
    await page.getByText('more: data').click();
    await field(page, 'samples').fill('2');
    await page.getByText('more: data').click();
    await field(page, 'dims').press('Enter');
    await expect.poll(() => field(page, 'samples').evaluate((input) => input.matches(':focus')), soon).toBe(true);
    expect(pages.server.runs).toHaveLength(12);
    expect(complaints()).toEqual([]);
  });

  it('keeps what was typed, and the server’s words, when the server refuses', async () => {
    const page = await openForm();
    await field(page, 'dims').fill('63');
    await field(page, 'heads').fill('1, 3');
    pages.server.store.isBroken = true;
    await page.getByRole('button', { name: 'Start 2 runs' }).click();
    await page.getByRole('alert').getByText(DISK_FULL).waitFor();
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
    expect(await field(page, 'dims').inputValue()).toBe('63');
  });

  it('can be worked by keyboard alone: Enter begins one sweep however often it is pressed, Esc closes', async () => {
    const page = await openForm();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'New sweep' }).press('Enter');
    await expect.poll(() => field(page, 'name').evaluate((input) => input.matches(':focus')), soon).toBe(true);
    await page.keyboard.type('by keyboard');
    await page.locator('sweep-form form').evaluate((form: HTMLFormElement) => {
      for (let press = 0; press < 3; press++) form.requestSubmit();
    });
    await page.getByRole('heading', { name: 'by keyboard' }).waitFor();
    expect(await page.getByRole('dialog').isVisible()).toBe(false);
    expect(pages.server.runs).toHaveLength(24);
    await page.getByRole('button', { name: 'New sweep' }).click();
    expect(await field(page, 'name').inputValue()).toBe('');
    expect(complaints()).toEqual([]);
  });

  it('breaks no accessibility rule in either theme, right or wrong', async () => {
    const page = await openForm();
    await page.getByText('more: data').click();
    expect(await violationsInThemes(page)).toEqual([]);
    await field(page, 'dims').fill('x');
    await page.getByText('some values do not fit yet').waitFor();
    expect(await violationsInThemes(page)).toEqual([]);
  });

  it('fits a phone: nothing wider than the screen, the button in reach, targets of 40 px', async () => {
    const page = await openForm({ viewport: { width: 390, height: 700 }, hasTouch: true, isMobile: true });
    await page.getByText('more: data').tap();
    const dialog = page.getByRole('dialog');
    expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    for (const label of ['dims', 'vocab']) {
      const box = (await field(page, label).boundingBox())!;
      expect(box.height).toBeGreaterThanOrEqual(40);
      expect(box.x + box.width).toBeLessThanOrEqual(390 - 12);
    }
    const start = (await page.getByRole('button', { name: 'Start 12 runs' }).boundingBox())!;
    expect(start.height).toBeGreaterThanOrEqual(40);
    expect(start.y + start.height).toBeLessThan(700);
  });
});
