/** What can be done to runs on the page in a real Chromium: paused, stopped, trained on, deleted; and their log. */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { DISK_ERRORS } from '../support/failing-store.js';
import { runRow as row, soon, tableNumbers } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages();

const open = (): Promise<Page> => pages.open();
const { complaints } = pages;
const epochOf = async (page: Page, label: string): Promise<string | undefined> =>
  (await tableNumbers(page))[label]?.[0];

describe('runs on the page', () => {
  it('pauses a run at the end of its epoch and resumes it where it was', async () => {
    const page = await open();
    await pages.server.step(5);
    await expect.poll(() => epochOf(page, '256 × 8'), soon).toBe('4');
    await row(page, '256 × 8').hover();
    await row(page, '256 × 8').getByRole('button', { name: 'pause' }).click();
    await row(page, '256 × 8').and(page.locator('.pausing')).waitFor();
    await pages.server.step(10);
    await row(page, '256 × 8').and(page.locator('.paused')).waitFor();
    await expect.poll(() => epochOf(page, '256 × 4'), soon).toBe('14');
    await expect.poll(() => epochOf(page, '256 × 8'), soon).toBe('5');
    await row(page, '256 × 8').getByRole('button', { name: 'resume' }).click();
    await row(page, '256 × 8').and(page.locator('.queued')).waitFor();
    pages.server.control('256 × 4', 'pause');
    await pages.server.step(3);
    await expect.poll(() => epochOf(page, '256 × 8').then(Number), soon).toBeGreaterThanOrEqual(7);
    expect(complaints()).toEqual([]);
  });

  it('pauses and resumes all, and stops one', async () => {
    const page = await open();
    await pages.server.step(3);
    await page.getByRole('button', { name: 'Pause all' }).click();
    await expect.poll(() => page.locator('tr.run.pausing').count(), soon).toBe(2);
    await pages.server.step(1);
    await expect.poll(() => page.locator('tr.run.paused').count(), soon).toBe(12);
    await page.getByRole('button', { name: 'Resume all' }).click();
    await expect.poll(() => page.locator('tr.run.queued').count(), soon).toBe(12);
    await row(page, '64 × 1').hover();
    await row(page, '64 × 1').getByRole('button', { name: 'stop' }).click();
    await row(page, '64 × 1').and(page.locator('.stopped')).waitFor();
    expect(complaints()).toEqual([]);
  });

  it('leaves the table where it is when the last run ends: the commands stay, disabled, until the page is opened again', async () => {
    const page = await open();
    await pages.server.step(3);
    await page.locator('tr.run.running').first().waitFor();
    const top = async (): Promise<number> => (await page.locator('run-table').boundingBox())!.y;
    const before = await top();
    await pages.server.finish();
    await page.getByText('12 of 12 done').waitFor();
    for (const name of ['Pause all', 'Resume all', 'Stop all'])
      expect(await page.getByRole('button', { name }).isDisabled()).toBe(true);
    expect(await top()).toBe(before);
    await page.reload();
    await page.getByText('12 of 12 done').waitFor();
    expect(await page.getByRole('button', { name: 'Pause all' }).count()).toBe(0);
    expect(complaints()).toEqual([]);
  });

  it('restarts a failed run as a new one below it; the old curve stays and counts no more', async () => {
    const page = await open();
    await pages.server.step(8);
    pages.server.trainerOf('256 × 8').end('failed', 'the trainer process ended by signal SIGKILL');
    const both = row(page, '256 × 8');
    await both.and(page.locator('.failed')).waitFor();
    await both.hover();
    await both.getByRole('button', { name: 'restart' }).click();
    await page.getByRole('alertdialog', { name: 'Restart 256 × 8?' }).press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' });
    expect(pages.server.controls).toEqual([]);
    await both.getByRole('button', { name: 'restart' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Restart' }).press('Enter');
    await expect.poll(() => both.count(), soon).toBe(2);
    await page.getByText('attempt 2').waitFor();
    await expect
      .poll(async () => (await page.locator('tr.run .main').allTextContents()).slice(-3), soon)
      .toEqual(['256 × 4', '256 × 8', '256 × 8']);
    await expect.poll(() => page.getByText(/of 12 done/).textContent(), soon).not.toContain('failed');
    await expect.poll(() => both.first().getAttribute('class'), soon).toContain('replaced');
    await expect.poll(() => both.first().getByRole('button', { name: 'restart' }).count(), soon).toBe(0);
    const opacityOf = (each: Locator) => each.locator('.swatch line').getAttribute('stroke-opacity');
    await expect.poll(() => opacityOf(both.first()), soon).toBe('0.35');
    await expect.poll(() => opacityOf(both.last()), soon).toBe('1');
    expect(complaints()).toEqual([]);
  });

  it('trains a completed run on to the total asked for, and shows in place why a total is refused', async () => {
    const page = await open();
    await pages.server.step(51);
    const done = row(page, '256 × 8');
    await done.and(page.locator('.completed')).waitFor();
    await done.hover();
    await done.getByRole('button', { name: 'extend' }).click();
    const dialog = page.getByRole('dialog');
    const total = dialog.getByLabel('epochs in all');
    await expect.poll(() => total.inputValue(), soon).toBe('100');
    await total.fill('40');
    await total.press('Enter');
    await dialog.getByText('total must be a whole number above the present one, 50, and at most 100000').waitFor();
    await total.fill('60');
    await total.press('Enter');
    await done.and(page.locator('.queued')).waitFor();
    // It closes upon the answer, which need not come before the event.
    await dialog.waitFor({ state: 'hidden' });
    // It is the next in the queue: the two that had their turns before it are trained first.
    await pages.server.step(51 + 10);
    await expect.poll(() => epochOf(page, '256 × 8'), soon).toBe('60');
    expect(complaints()).toEqual([]);
  });

  it('tells what happened to a run, newest last, and goes on telling while the log is open', async () => {
    const page = await open();
    await pages.server.step(3);
    await row(page, '256 × 8').hover();
    await row(page, '256 × 8').getByRole('button', { name: 'actions' }).click();
    await page.locator('run-menu').getByRole('button', { name: 'log' }).click();
    const dialog = page.getByRole('dialog', { name: 'Log of 256 × 8' });
    const told = () => dialog.locator('li b').allTextContents();
    const begun = ['created by an HTTP call', 'started'];
    await expect.poll(told, soon).toEqual(begun);
    await expect.poll(() => dialog.locator('time').first().textContent(), soon).toMatch(/^\d\d:\d\d:\d\d$/);
    const cause = 'the trainer process ended by signal SIGKILL';
    pages.server.trainerOf('256 × 8').end('crashed', cause);
    await pages.server.step(4);
    pages.server.trainerOf('256 × 8').end('failed', cause);
    await expect.poll(told, soon).toEqual([...begun, 'trainer crashed', 'recovered by the server', 'failed']);
    await expect.poll(() => dialog.getByText(cause).count(), soon).toBe(2);
    await dialog.getByRole('button', { name: 'close' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(complaints()).toEqual([]);
  });

  it('says of a log that it is empty, or why it cannot be read, and reads it upon request', async () => {
    const page = await open();
    const log = vi.spyOn(pages.server.store, 'log').mockImplementation(() => {
      throw DISK_ERRORS.EIO();
    });
    await row(page, '256 × 4').hover();
    await row(page, '256 × 4').getByRole('button', { name: 'actions' }).click();
    await page.locator('run-menu').getByRole('button', { name: 'log' }).click();
    const dialog = page.getByRole('dialog', { name: 'Log of 256 × 4' });
    // What went wrong is for the server's log alone.
    await dialog.getByRole('alert').getByText('unexpected error').waitFor();
    log.mockReturnValue([]);
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await dialog.getByText('nothing has happened to this run yet').waitFor();
    await expect.poll(() => dialog.getByRole('alert').count(), soon).toBe(0);
  });

  it('deletes a paused run once it is confirmed, for every viewer, and none that trains', async () => {
    const page = await open();
    const other = await open();
    await pages.server.step(4);
    pages.server.control('256 × 4', 'stop');
    await pages.server.step(1);
    const menuOf = async (label: string) => {
      await row(page, label).hover();
      await row(page, label).getByRole('button', { name: 'actions' }).click();
      return page.locator('run-menu').getByRole('button', { name: 'delete' });
    };
    await row(page, '256 × 4').and(page.locator('.stopped')).waitFor();
    await row(other, '256 × 4').waitFor();
    await row(page, '256 × 8').and(page.locator('.running')).waitFor();
    const none = await menuOf('256 × 8');
    await page.locator('run-menu').getByRole('button', { name: 'log' }).waitFor();
    expect(await none.count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.locator('run-menu').getByRole('button', { name: 'log' }).waitFor({ state: 'hidden' });
    await (await menuOf('256 × 4')).click();
    const dialog = page.getByRole('dialog', { name: 'Delete 256 × 4' });
    await dialog.getByText('Its curve of 4 epochs').waitFor();
    await dialog.getByText('This is final').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await row(other, '256 × 4').count()).toBe(1);
    await (await menuOf('256 × 4')).click();
    await dialog.getByRole('button', { name: 'Delete the run' }).click();
    for (const each of [page, other]) await expect.poll(() => each.locator('tr.run').count(), soon).toBe(11);
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(() => row(page, '256 × 4').count(), soon).toBe(0);
    expect(complaints()).toEqual([]);
  });

  it('keeps the question open with the server’s words when a run that was resumed meanwhile is not deleted', async () => {
    const page = await open();
    pages.server.control('128 × 8', 'pause');
    await row(page, '128 × 8').and(page.locator('.paused')).waitFor();
    await row(page, '128 × 8').hover();
    await row(page, '128 × 8').getByRole('button', { name: 'actions' }).click();
    await page.locator('run-menu').getByRole('button', { name: 'delete' }).click();
    pages.server.control('128 × 8', 'resume');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Delete the run' }).click();
    await dialog.getByText('a run that is queued cannot be deleted; stop it first').waitFor();
    await expect.poll(() => page.locator('tr.run').count(), soon).toBe(12);
  });

  it('deletes a sweep that does not train, and is then as empty as at first', async () => {
    const page = await open();
    await pages.server.step(2);
    const bin = page.getByRole('button', { name: 'delete the sweep' });
    await expect.poll(() => page.locator('tr.run.running').count(), soon).toBe(2);
    expect(await bin.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Stop all' }).click();
    // The command is on its way after the click; what holds a slot ends with its epoch.
    await expect.poll(() => page.locator('tr.run.stopping').count(), soon).toBe(2);
    await pages.server.step(1);
    await expect.poll(() => bin.isEnabled(), soon).toBe(true);
    await bin.click();
    await page.getByText('12 runs of 4 epochs in all').waitFor();
    await page.getByRole('button', { name: 'Delete the sweep' }).last().click();
    await page.getByText('No sweep yet').waitFor();
    expect(pages.server.runs).toEqual([]);
    expect(complaints()).toEqual([]);
  });

  it('names every restart and extension, so that a repetition can be told from another wish', async () => {
    const page = await open();
    await pages.server.step(51);
    const done = row(page, '256 × 8').first();
    await done.and(page.locator('.completed')).waitFor();
    await done.hover();
    await done.getByRole('button', { name: 'restart' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Restart' }).press('Enter');
    await page.getByText('attempt 2').waitFor();
    await row(page, '256 × 4').hover();
    await row(page, '256 × 4').getByRole('button', { name: 'extend' }).click();
    const total = page.getByRole('dialog').getByLabel('epochs in all');
    await expect.poll(() => total.inputValue(), soon).toBe('100');
    await total.press('Enter');
    await row(page, '256 × 4').and(page.locator('.queued')).waitFor();
    expect(pages.server.controls.map(({ action }) => action)).toEqual(['restart', 'extend']);
    const ids = pages.server.controls.map(({ requestId }) => requestId);
    expect(ids.every((id) => id !== undefined && /^[\da-f]{32}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(2);
  });
});
