/** The page in a real Chromium, in every state it may be in, over runs that train only when the test says so. */
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violationsOf } from '../support/accessibility.js';
import { golden } from '../support/golden.js';
import { reachOfLines, tableNumbers } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

interface Trajectory {
  losses: number[];
  acc: number[];
  cv: Record<string, number[]>;
}

const pages = replayedPages();

const open = (options: BrowserContextOptions = {}): Promise<Page> => pages.open('', options);

const isSame = (one: unknown, two: unknown): boolean => JSON.stringify(one) === JSON.stringify(two);
const { complaints } = pages;
const row = (page: Page, label: string) => page.locator('tr.run', { hasText: label });
const epochOf = async (page: Page, label: string): Promise<string | undefined> =>
  (await tableNumbers(page))[label]?.[0];

/** Seconds enough for a slow machine; the wait ends with the condition. */
const soon = { timeout: 60_000 };

/** The lines of both end at the same place, once both are drawn. */
const reachAlike = (one: Page, two: Page): Promise<void> =>
  expect
    .poll(async () => Math.abs((await reachOfLines(one, 'loss')) - (await reachOfLines(two, 'loss'))), soon)
    .toBeLessThan(0.005);

describe('the page', () => {
  it('lets lines grow with every frame, under the strict CSP and without a complaint', async () => {
    const page = await open();
    await page.locator('metric-chart canvas').first().waitFor();
    pages.server.step(11);
    await expect.poll(() => reachOfLines(page, 'loss'), soon).toBeGreaterThan(0.2);
    const early = await reachOfLines(page, 'loss');
    pages.server.step(20);
    await expect.poll(() => reachOfLines(page, 'loss'), soon).toBeGreaterThan(early + 0.2);
    await expect.poll(() => reachOfLines(page, 'accuracy'), soon).toBeGreaterThan(early + 0.2);
    const { losses, acc, cv } = golden<Trajectory>('trajectory_d64_h1');
    await expect
      .poll(async () => (await tableNumbers(page))['64 × 1'], soon)
      .toEqual([
        '30',
        losses[29]!.toFixed(4),
        (acc[30]! * 100).toFixed(1),
        `${cv.act_emb![30]!.toFixed(3)}in the band`,
      ]);
    expect(complaints()).toEqual([]);
  });

  it('pauses a run at the end of its epoch and resumes it where it was', async () => {
    const page = await open();
    pages.server.step(5);
    await expect.poll(() => epochOf(page, '64 × 1'), soon).toBe('4');
    await row(page, '64 × 1').hover();
    await row(page, '64 × 1').getByRole('button', { name: 'pause' }).click();
    await row(page, '64 × 1').and(page.locator('.pausing')).waitFor();
    pages.server.step(10);
    await row(page, '64 × 1').and(page.locator('.paused')).waitFor();
    await expect.poll(() => epochOf(page, '64 × 2'), soon).toBe('14');
    await expect.poll(() => epochOf(page, '64 × 1'), soon).toBe('5');
    await row(page, '64 × 1').getByRole('button', { name: 'resume' }).click();
    await row(page, '64 × 1').and(page.locator('.queued')).waitFor();
    pages.server.find(64, 3 - 1).command('pause');
    pages.server.step(3);
    await expect.poll(() => epochOf(page, '64 × 1').then(Number), soon).toBeGreaterThanOrEqual(7);
    expect(complaints()).toEqual([]);
  });

  it('pauses and resumes all, and stops one', async () => {
    const page = await open();
    pages.server.step(3);
    await page.getByRole('button', { name: 'Pause all' }).click();
    await expect.poll(() => page.locator('tr.run.pausing').count(), soon).toBe(2);
    pages.server.step(1);
    await expect.poll(() => page.locator('tr.run.paused').count(), soon).toBe(12);
    await page.getByRole('button', { name: 'Resume all' }).click();
    await expect.poll(() => page.locator('tr.run.queued').count(), soon).toBe(12);
    await row(page, '256 × 8').hover();
    await row(page, '256 × 8').getByRole('button', { name: 'stop' }).click();
    await row(page, '256 × 8').and(page.locator('.stopped')).waitFor();
    expect(complaints()).toEqual([]);
  });

  it('leaves the table where it is when the last run ends: the commands stay, disabled, until the page is opened again', async () => {
    const page = await open();
    pages.server.step(3);
    await page.locator('tr.run.running').first().waitFor();
    const top = async (): Promise<number> => (await page.locator('run-table').boundingBox())!.y;
    const before = await top();
    while (pages.server.runs.some(({ run }) => run.status !== 'completed')) pages.server.step(1);
    await page.getByText('12 of 12 done').waitFor();
    for (const name of ['Pause all', 'Resume all', 'Stop all'])
      expect(await page.getByRole('button', { name }).isDisabled()).toBe(true);
    expect(await top()).toBe(before);
    await page.reload();
    await page.getByText('12 of 12 done').waitFor();
    expect(await page.getByRole('button', { name: 'Pause all' }).count()).toBe(0);
    expect(complaints()).toEqual([]);
  });

  it('shows two viewers the same, the late one the whole history', async () => {
    const first = await open();
    pages.server.step(60);
    const second = await open();
    await second.locator('tr.run.running').first().waitFor();
    pages.server.step(17);
    const numbers = pages.server.find(64, 4).run.epoch;
    for (const page of [first, second]) await expect.poll(() => epochOf(page, '64 × 4'), soon).toBe(String(numbers));
    await expect.poll(async () => isSame(await tableNumbers(second), await tableNumbers(first)), soon).toBe(true);
    await reachAlike(second, first);
    await first.getByText('2 watching').waitFor();
    expect(complaints()).toEqual([]);
  });

  it('catches up after a lost connection: what was trained meanwhile is there', async () => {
    const page = await open();
    pages.server.step(10);
    await expect.poll(() => epochOf(page, '64 × 1'), soon).toBe('9');
    pages.server.breakConnections();
    pages.server.step(25);
    await page.locator('connection-badge[kind=live]').waitFor();
    pages.server.step(1);
    await expect.poll(() => epochOf(page, '64 × 1'), soon).toBe('35');
    const other = await open();
    await expect.poll(() => epochOf(other, '64 × 1'), soon).toBe('35');
    await reachAlike(page, other);
  });

  it('says in amber for how long the server has not been heard, and sends nothing meanwhile', async () => {
    const page = await open();
    pages.server.step(3);
    await expect.poll(() => epochOf(page, '64 × 1'), soon).toBe('2');
    await pages.server.close();
    await page.locator('connection-badge[kind=reconnecting]').waitFor();
    await page.getByText(/reconnecting, \d+ s/).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Pause all' }).isDisabled(), soon).toBe(true);
    await expect.poll(() => epochOf(page, '64 × 1'), soon).toBe('2');
  });

  it('keeps its header inside a phone while it says that the server is away', async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await row(page, '64 × 1').waitFor();
    await pages.server.close();
    await page.getByText(/reconnecting, \d+ s/).waitFor();
    await expect.poll(() => page.locator('header').evaluate((header) => header.scrollWidth), soon).toBe(390);
  });

  it('gives the reason of a failed run', async () => {
    const page = await open();
    pages.server.step(3);
    pages.server.find(64, 1).end('failed', 'the trainer process ended by signal SIGKILL');
    pages.server.announce();
    await page
      .getByText('the trainer process ended by signal SIGKILL; epochs up to 2 are kept, resume goes on')
      .waitFor();
    await row(page, '64 × 1').hover();
    await row(page, '64 × 1').getByRole('button', { name: 'resume' }).waitFor();
  });

  it('restarts a failed run as a new one below it; the old curve stays and counts no more', async () => {
    const page = await open();
    pages.server.step(8);
    pages.server.find(64, 1).end('failed', 'the trainer process ended by signal SIGKILL');
    pages.server.announce();
    const both = row(page, '64 × 1');
    await both.and(page.locator('.failed')).waitFor();
    await both.hover();
    await both.getByRole('button', { name: 'restart' }).click();
    await expect.poll(() => both.count(), soon).toBe(2);
    await page.getByText('attempt 2').waitFor();
    await expect
      .poll(async () => (await page.locator('tr.run .main').allTextContents()).slice(0, 3), soon)
      .toEqual(['64 × 1', '64 × 1', '64 × 2']);
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
    pages.server.step(51);
    const done = row(page, '64 × 1');
    await done.and(page.locator('.completed')).waitFor();
    await done.hover();
    await done.getByRole('button', { name: 'extend' }).click();
    const dialog = page.getByRole('dialog');
    const total = dialog.getByLabel('epochs in all');
    await expect.poll(() => total.inputValue(), soon).toBe('100');
    await total.fill('50');
    await total.press('Enter');
    await dialog.getByText('cannot be told to extend').waitFor();
    await total.fill('60');
    await total.press('Enter');
    await done.and(page.locator('.queued')).waitFor();
    // It closes upon the answer, which need not come before the event.
    await dialog.waitFor({ state: 'hidden' });
    pages.server.step(10);
    await expect.poll(() => epochOf(page, '64 × 1').then(Number), soon).toBeGreaterThan(50);
    expect(complaints()).toEqual([]);
  });

  it('tells what happened to a run, newest last, and goes on telling while the log is open', async () => {
    const page = await open();
    pages.server.step(3);
    const { run } = pages.server.find(64, 1);
    const at = new Date().toISOString();
    const events = [
      { at, event: 'created', by: 'viewer' },
      { at, event: 'started', details: { engine: 'wasm' } },
    ];
    pages.server.logs.set(run.id, events);
    await row(page, '64 × 1').hover();
    await row(page, '64 × 1').getByRole('button', { name: 'actions' }).click();
    await page.locator('run-menu').getByRole('button', { name: 'log' }).click();
    const dialog = page.getByRole('dialog', { name: 'Log of 64 × 1' });
    const told = () => dialog.locator('li b').allTextContents();
    await expect.poll(told, soon).toEqual(['created by a viewer', 'started']);
    await expect.poll(() => dialog.locator('time').first().textContent(), soon).toMatch(/^\d\d:\d\d:\d\d$/);
    const cause = 'the trainer process ended by signal SIGKILL';
    pages.server.logs.set(run.id, [...events, { at, event: 'crashed', cause }, { at, event: 'failed', cause }]);
    pages.server.find(64, 1).end('failed', cause);
    pages.server.announce();
    await expect.poll(told, soon).toEqual(['created by a viewer', 'started', 'trainer crashed', 'failed']);
    await dialog.getByText(cause).waitFor();
    await dialog.getByRole('button', { name: 'close' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(complaints()).toEqual([]);
  });

  it('says of a log that it is empty, or why it cannot be read, and reads it upon request', async () => {
    const page = await open();
    pages.server.logTrouble = 'the log cannot be read at present';
    await row(page, '64 × 2').hover();
    await row(page, '64 × 2').getByRole('button', { name: 'actions' }).click();
    await page.locator('run-menu').getByRole('button', { name: 'log' }).click();
    const dialog = page.getByRole('dialog', { name: 'Log of 64 × 2' });
    await dialog.getByText('the log cannot be read at present').waitFor();
    pages.server.logTrouble = undefined;
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await dialog.getByText('nothing has happened to this run yet').waitFor();
    await expect.poll(() => dialog.getByRole('alert').count(), soon).toBe(0);
  });

  it('deletes a paused run once it is confirmed, for every viewer, and none that trains', async () => {
    const page = await open();
    const other = await open();
    pages.server.step(4);
    pages.server.find(64, 2).command('stop');
    pages.server.step(1);
    const menuOf = async (label: string) => {
      await row(page, label).hover();
      await row(page, label).getByRole('button', { name: 'actions' }).click();
      return page.locator('run-menu').getByRole('button', { name: 'delete' });
    };
    await row(page, '64 × 2').and(page.locator('.stopped')).waitFor();
    await row(other, '64 × 2').waitFor();
    await row(page, '64 × 1').and(page.locator('.running')).waitFor();
    const none = await menuOf('64 × 1');
    await page.locator('run-menu').getByRole('button', { name: 'log' }).waitFor();
    expect(await none.count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.locator('run-menu').getByRole('button', { name: 'log' }).waitFor({ state: 'hidden' });
    await (await menuOf('64 × 2')).click();
    const dialog = page.getByRole('dialog', { name: 'Delete 64 × 2' });
    await dialog.getByText('Its curve of 4 epochs').waitFor();
    await dialog.getByText('This is final').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await row(other, '64 × 2').count()).toBe(1);
    await (await menuOf('64 × 2')).click();
    await dialog.getByRole('button', { name: 'Delete the run' }).click();
    for (const each of [page, other]) await expect.poll(() => each.locator('tr.run').count(), soon).toBe(11);
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(() => row(page, '64 × 2').count(), soon).toBe(0);
    expect(complaints()).toEqual([]);
  });

  it('keeps the question open with the server’s words when a run that was resumed meanwhile is not deleted', async () => {
    const page = await open();
    pages.server.find(128, 1).command('pause');
    pages.server.announce();
    await row(page, '128 × 1').and(page.locator('.paused')).waitFor();
    await row(page, '128 × 1').hover();
    await row(page, '128 × 1').getByRole('button', { name: 'actions' }).click();
    await page.locator('run-menu').getByRole('button', { name: 'delete' }).click();
    pages.server.find(128, 1).command('resume');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Delete the run' }).click();
    await dialog.getByText('a run that is queued cannot be deleted').waitFor();
    await expect.poll(() => page.locator('tr.run').count(), soon).toBe(12);
  });

  it('deletes a sweep that does not train, and is then as empty as at first', async () => {
    const page = await open();
    pages.server.step(2);
    const bin = page.getByRole('button', { name: 'delete the sweep' });
    await expect.poll(() => page.locator('tr.run.running').count(), soon).toBe(2);
    expect(await bin.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Stop all' }).click();
    // The command is on its way after the click; what holds a slot ends with its epoch.
    await expect.poll(() => page.locator('tr.run.stopping').count(), soon).toBe(2);
    pages.server.step(1);
    await expect.poll(() => bin.isEnabled(), soon).toBe(true);
    await bin.click();
    await page.getByText('12 runs of 4 epochs in all').waitFor();
    await page.getByRole('button', { name: 'Delete the sweep' }).last().click();
    await page.getByText('No sweep yet').waitFor();
    expect(pages.server.runs).toEqual([]);
    expect(complaints()).toEqual([]);
  });

  it('shows that nothing can be stored, to late viewers too, until it can be again', async () => {
    const page = await open();
    await row(page, '64 × 1').waitFor();
    const message = 'the disk is full: training waits, nothing is lost, and it goes on by itself once there is room';
    pages.server.notify({ storage: { message, since: new Date().toISOString() } });
    const late = await open();
    for (const each of [page, late]) {
      await each.getByText('The disk is full: training waits, nothing is lost').waitFor();
      await each.getByText(/Since \d\d:\d\d:\d\d\./).waitFor();
    }
    pages.server.breakConnections();
    await page.locator('connection-badge[kind=live]').waitFor();
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    const banner = page.locator('storage-banner').getByRole('alert');
    const panel = page.locator('sweep-panel');
    const gaps = async (): Promise<number[]> => {
      const boxes = await Promise.all([page.locator('header'), banner, panel].map((part) => part.boundingBox()));
      const [top, middle, bottom] = boxes.map((box) => box ?? { y: NaN, height: NaN });
      return [middle!.y - top!.y - top!.height, bottom!.y - middle!.y - middle!.height].map(Math.abs).map(Math.round);
    };
    await expect.poll(gaps, soon).toEqual([0, 0]);
    pages.server.notify({ storage: null });
    for (const each of [page, late])
      await each.locator('storage-banner').getByRole('alert').waitFor({ state: 'detached' });
  });

  it('says that the server closed where it said so, and keeps saying it while it is away', async () => {
    const page = await open();
    await row(page, '64 × 1').waitFor();
    pages.server.step(4);
    const left = page.locator('sweep-panel .counts .left');
    await expect.poll(() => left.textContent(), soon).toMatch(/^\d+ (s|min) left$/);
    pages.server.notify({ storage: null, closing: true });
    await page.locator('connection-badge[kind=closing]').waitFor();
    await expect.poll(() => left.textContent(), soon).toBe('');
    await pages.server.close();
    await page.getByText(/server closed, [1-9]\d* s/).waitFor();
    await expect.poll(() => page.locator('connection-badge').getAttribute('kind'), soon).toBe('closing');
    await expect.poll(() => page.getByRole('button', { name: 'Pause all' }).isDisabled(), soon).toBe(true);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('pause 64');
    await page.getByText('no command by that name; runs can be told nothing until the server is back').waitFor();
  });

  it('names every restart and extension, so that a repetition can be told from another wish', async () => {
    const page = await open();
    pages.server.step(51);
    const done = row(page, '64 × 1').first();
    await done.and(page.locator('.completed')).waitFor();
    await done.hover();
    await done.getByRole('button', { name: 'restart' }).click();
    await page.getByText('attempt 2').waitFor();
    await row(page, '64 × 2').hover();
    await row(page, '64 × 2').getByRole('button', { name: 'extend' }).click();
    const total = page.getByRole('dialog').getByLabel('epochs in all');
    await expect.poll(() => total.inputValue(), soon).toBe('100');
    await total.press('Enter');
    await row(page, '64 × 2').and(page.locator('.queued')).waitFor();
    expect(pages.server.controls.map(({ action }) => action)).toEqual(['restart', 'extend']);
    const ids = pages.server.controls.map(({ requestId }) => requestId);
    expect(ids.every((id) => id !== undefined && /^[\da-f-]{36}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(2);
  });

  it.each([1440, 1024, 761, 390])(
    'cuts no name and no status in the table, %i px wide, also beside a reason',
    async (width) => {
      const page = await open({ viewport: { width, height: 900 } });
      pages.server.step(5);
      pages.server.find(64, 1).end('failed', 'the trainer process ended by signal SIGKILL');
      pages.server.announce();
      await page.locator('tr.reason').waitFor();
      await expect.poll(() => epochOf(page, '64 × 2'), soon).toBe('4');
      const cut = await page.locator('tr.run').evaluateAll((rows) =>
        rows
          .filter((each) => {
            const edges = (selector: string) => each.querySelector(selector)!.getBoundingClientRect();
            return edges('.words').right > edges('th').right || edges('.word').left < edges('.progress').left;
          })
          .map((each) => each.querySelector('.main')!.textContent),
      );
      expect(cut).toEqual([]);
      expect(await page.locator('run-table').evaluate((table) => table.scrollWidth - table.clientWidth)).toBe(0);
    },
  );

  it('begins the reference sweep from an empty page', async () => {
    await pages.serve({ empty: true });
    const page = await open();
    await page.getByRole('button', { name: 'Start the reference sweep' }).click();
    await expect.poll(() => page.locator('tr.run').count(), soon).toBe(12);
    expect(complaints()).toEqual([]);
  });

  it('keeps the dialog open with the server’s words when it refuses a sweep', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'New sweep' }).click();
    await page.getByLabel('dims').fill('63');
    await page.getByLabel('heads', { exact: true }).fill('1, 3');
    await page.getByRole('button', { name: 'Start 2 runs' }).click();
    await page.getByText('the replay has even dims only').waitFor();
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
  });

  it('hides a line by a click, keeps it in the address, and shows one alone by a double click', async () => {
    const page = await open();
    pages.server.step(5);
    const hidden = page.locator('tr.run.hidden');
    await row(page, '64 × 2').locator('td.loss').click();
    await expect.poll(() => hidden.count(), soon).toBe(1);
    // The page gathers what changes before it rewrites the address.
    await expect.poll(() => page.url(), soon).toContain('hidden=run-64-2');
    await page.reload();
    await expect.poll(() => hidden.count(), soon).toBe(1);
    await row(page, '128 × 4').locator('td.loss').dblclick();
    await expect.poll(() => hidden.count(), soon).toBe(11);
    await page.getByRole('button', { name: 'show all 12' }).click();
    await expect.poll(() => hidden.count(), soon).toBe(0);
  });

  it('can be worked by keyboard alone', async () => {
    const page = await open();
    pages.server.step(5);
    await row(page, '64 × 1').and(page.locator('.running')).waitFor();
    const name = row(page, '64 × 1').locator('button.name');
    await name.focus();
    await page.keyboard.press('Enter');
    await row(page, '64 × 1').and(page.locator('.hidden')).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await row(page, '64 × 1').and(page.locator('.pausing')).waitFor();
  });

  it('lights the row of the line under the pointer, and explains the point beside it', async () => {
    const page = await open();
    pages.server.step(51);
    await expect.poll(() => epochOf(page, '64 × 1'), soon).toBe('50');
    const plot = page.locator('metric-chart').first().locator('.u-over');
    const box = (await plot.boundingBox())!;
    await expect
      .poll(async () => {
        // Moves on by a little each time, down the plot, until it meets a line.
        for (let y = 2; y < box.height; y += 6) {
          await page.mouse.move(box.x + box.width / 2, box.y + y);
          // What the pointer met is shown with the next frame; only then is this place done with.
          await page.evaluate(
            () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
          );
          if ((await page.locator('tr.run.lit').count()) === 1) return true;
        }
        return false;
      }, soon)
      .toBe(true);
    await page
      .locator('chart-tooltip')
      .getByText(/epoch \d+ · loss/)
      .waitFor();
    const cursorX = box.x + box.width / 2;
    const isBeside = async (): Promise<boolean> => {
      const tooltip = await page.locator('chart-tooltip').boundingBox();
      return tooltip !== null && (tooltip.x > cursorX || tooltip.x + tooltip.width < cursorX);
    };
    await expect.poll(isBeside, soon).toBe(true);
  });

  it('builds only the charts in view', async () => {
    const page = await open();
    pages.server.step(5);
    await page.getByRole('button', { name: 'Weight heads' }).click();
    await expect.poll(() => page.locator('metric-chart').count(), soon).toBe(34);
    const built = page.locator('metric-chart canvas');
    await expect.poll(() => built.count(), soon).toBeGreaterThan(7);
    await expect.poll(() => built.count(), soon).toBeLessThan(30);
    await page.locator('metric-chart').last().scrollIntoViewIfNeeded();
    await page.locator('metric-chart').last().locator('canvas').waitFor();
    await expect.poll(() => page.locator('metric-chart').first().locator('canvas').count(), soon).toBe(0);
  });

  it.each(['light', 'dark'] as const)('breaks no accessibility rule of WCAG 2.2 A and AA (%s)', async (colorScheme) => {
    const page = await open({ colorScheme });
    pages.server.step(60);
    pages.server.find(128, 1).end('failed', 'the trainer process ended by signal SIGKILL');
    pages.server.find(128, 2).command('pause');
    pages.server.announce();
    pages.server.notify({ storage: { message: 'the disk is full', since: new Date().toISOString() } });
    pages.server.logs.set(pages.server.find(128, 1).run.id, [
      { at: new Date().toISOString(), event: 'failed', cause: 'killed' },
    ]);
    await page.locator('tr.run.failed').waitFor();
    await page.getByText('The disk is full').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    const choose = async (what: string) => {
      await row(page, '128 × 1').hover();
      await row(page, '128 × 1').getByRole('button', { name: 'actions' }).click();
      await page.locator('run-menu').getByRole('button', { name: what }).click();
    };
    await choose('log');
    await page.getByRole('dialog').locator('li').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await choose('delete');
    await page.getByRole('dialog').getByText('This is final').waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });

  it('fits a phone: one column, nothing wider than the screen, targets of 40 px', async () => {
    const page = await open({ viewport: { width: 390, height: 1100 }, hasTouch: true, isMobile: true });
    pages.server.step(5);
    await row(page, '64 × 1').and(page.locator('.running')).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const actions = row(page, '64 × 1').getByRole('button', { name: 'actions' });
    const pause = page.locator('run-menu').getByRole('button', { name: 'pause' });
    const least = async (target: Locator): Promise<number> => {
      const { width, height } = (await target.boundingBox())!;
      return Math.min(width, height);
    };
    await expect.poll(() => least(actions), soon).toBeGreaterThanOrEqual(40);
    await actions.tap();
    await pause.waitFor();
    await expect.poll(() => least(pause), soon).toBeGreaterThanOrEqual(40);
    await pause.tap();
    await row(page, '64 × 1').and(page.locator('.pausing')).waitFor();
    await pause.waitFor({ state: 'hidden' });
    expect(complaints()).toEqual([]);
  });
});
