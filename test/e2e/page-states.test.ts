/** The page in a real Chromium, in every state it may be in, over runs that train only when the test says so. */
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violationsInThemes } from '../support/accessibility.js';
import { golden } from '../support/golden.js';
import { reachOfLines, runRow as row, soon, tableNumbers } from '../support/page-browser.js';
import { DISK_FULL } from '../support/replay-server.js';
import { replayedPages } from '../support/replayed-pages.js';

interface Trajectory {
  losses: number[];
  acc: number[];
  cv: Record<string, number[]>;
}

const pages = replayedPages();

/** Where every line ends is known: the axis has room for all epochs. */
const open = (options: BrowserContextOptions = {}): Promise<Page> => pages.open('whole=1', options);

const isSame = (one: unknown, two: unknown): boolean => JSON.stringify(one) === JSON.stringify(two);
const { complaints } = pages;
/** On a phone many runs are folded at first. */
const listRuns = (page: Page): Promise<void> => page.getByRole('button', { name: 'runs', exact: true }).click();
const epochOf = async (page: Page, label: string): Promise<string | undefined> =>
  (await tableNumbers(page))[label]?.[0];

/** The lines of both end at the same place, once both are drawn. */
const reachAlike = (one: Page, two: Page): Promise<void> =>
  expect
    .poll(async () => Math.abs((await reachOfLines(one, 'loss')) - (await reachOfLines(two, 'loss'))), soon)
    .toBeLessThan(0.005);

describe('the page', () => {
  it('fits the axis to the epochs that there are, in steps, and shows all of them at a press', async () => {
    const page = await pages.open();
    await page.locator('metric-chart canvas').first().waitFor();
    await pages.server.step(12);
    // 11 of the 20 that the axis ends at, or of 50.
    const reach = (): Promise<number> => reachOfLines(page, 'accuracy');
    await expect.poll(reach, soon).toBeGreaterThan(0.5);
    await page.getByRole('button', { name: 'all 50 epochs' }).click();
    await expect.poll(reach, soon).toBeLessThan(0.4);
    await expect.poll(() => page.url(), soon).toContain('whole=1');
    await page.getByRole('button', { name: 'all 50 epochs' }).click();
    await expect.poll(reach, soon).toBeGreaterThan(0.5);
    await pages.server.step(40);
    await expect.poll(() => page.getByRole('button', { name: 'all 50 epochs' }).count(), soon).toBe(0);
  });

  it('lets lines grow with every frame, under the strict CSP and without a complaint', async () => {
    const page = await open();
    await page.locator('metric-chart canvas').first().waitFor();
    await pages.server.step(11);
    await expect.poll(() => reachOfLines(page, 'loss'), soon).toBeGreaterThan(0.2);
    const early = await reachOfLines(page, 'loss');
    await pages.server.step(20);
    await expect.poll(() => reachOfLines(page, 'loss'), soon).toBeGreaterThan(early + 0.2);
    await expect.poll(() => reachOfLines(page, 'accuracy'), soon).toBeGreaterThan(early + 0.2);
    const { losses, acc, cv } = golden<Trajectory>('trajectory_d256_h8');
    await expect
      .poll(async () => (await tableNumbers(page))['256 × 8'], soon)
      .toEqual([
        '30',
        losses[29]!.toFixed(4),
        (acc[30]! * 100).toFixed(1),
        `${cv.act_emb![30]!.toFixed(3)}in the band`,
      ]);
    expect(complaints()).toEqual([]);
  });

  it('shows two viewers the same, the late one the whole history', async () => {
    const first = await open();
    await pages.server.step(60);
    const second = await open();
    await second.locator('tr.run.running').first().waitFor();
    await pages.server.step(17);
    const numbers = pages.server.runOf('256 × 2').step;
    for (const page of [first, second]) await expect.poll(() => epochOf(page, '256 × 2'), soon).toBe(String(numbers));
    await expect.poll(async () => isSame(await tableNumbers(second), await tableNumbers(first)), soon).toBe(true);
    await reachAlike(second, first);
    await first.getByText('2 watching').waitFor();
    expect(complaints()).toEqual([]);
  });

  it('catches up after a lost connection: what was trained meanwhile is there', async () => {
    const page = await open();
    await pages.server.step(10);
    await expect.poll(() => epochOf(page, '256 × 8'), soon).toBe('9');
    pages.server.breakConnections();
    await pages.server.step(25);
    await page.locator('connection-badge[kind=live]').waitFor();
    await pages.server.step(1);
    await expect.poll(() => epochOf(page, '256 × 8'), soon).toBe('35');
    const other = await open();
    await expect.poll(() => epochOf(other, '256 × 8'), soon).toBe('35');
    await reachAlike(page, other);
  });

  it('says in amber for how long the server has not been heard, and meanwhile sends nothing and estimates nothing', async () => {
    const page = await open();
    await pages.server.step(5);
    await expect.poll(() => epochOf(page, '256 × 8'), soon).toBe('4');
    const estimates = [page.locator('sweep-panel .counts .left'), row(page, '256 × 8').locator('.word')];
    for (const estimate of estimates) await expect.poll(() => estimate.textContent(), soon).toMatch(/^\d+ (s|min)/);
    pages.server.kill();
    await page.locator('connection-badge[kind=reconnecting]').waitFor();
    for (const estimate of estimates) await expect.poll(() => estimate.textContent(), soon).toBe('');
    await page.getByText(/reconnecting, \d+ s/).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Pause all' }).isDisabled(), soon).toBe(true);
    await expect.poll(() => epochOf(page, '256 × 8'), soon).toBe('4');
  });

  it('keeps its header inside a phone while it says that the server is away', async () => {
    const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await listRuns(page);
    await row(page, '256 × 8').waitFor();
    pages.server.kill();
    await page.getByText(/reconnecting, \d+ s/).waitFor();
    await expect.poll(() => page.locator('header').evaluate((header) => header.scrollWidth), soon).toBe(390);
  });

  it('loads itself anew, and no more than once, where the code of a view did not arrive', async () => {
    const page = await open();
    let loads = 0;
    page.on('domcontentloaded', () => loads++);
    await page.locator('metric-chart canvas').first().waitFor();
    await page.route('**/assets/trajectories-view*', (route) => route.abort(), { times: 1 });
    await page.reload();
    await page.locator('metric-chart canvas').first().waitFor();
    expect(loads).toBe(2);
    await page.route('**/assets/compare-view*', (route) => route.abort(), { times: 2 });
    await page.getByRole('link', { name: 'Compare' }).click();
    await page.getByText('This view could not be loaded from the server.').waitFor();
    await expect.poll(() => loads, soon).toBe(3);
    await page.getByText('This view could not be loaded from the server.').waitFor();
    await page.reload();
    await page.locator('compare-view').waitFor();
    expect(loads).toBe(4);
  });

  it('gives the reason of a failed run', async () => {
    const page = await open();
    await pages.server.step(3);
    pages.server.trainerOf('256 × 8').end('failed', 'the trainer process ended by signal SIGKILL');
    await page
      .getByText('the trainer process ended by signal SIGKILL; epochs up to 2 are kept, resume goes on')
      .waitFor();
    await row(page, '256 × 8').hover();
    await row(page, '256 × 8').getByRole('button', { name: 'resume' }).waitFor();
  });

  it('shows that nothing can be stored, to late viewers too, until it can be again', async () => {
    const page = await open();
    await row(page, '256 × 8').waitFor();
    pages.server.store.isBroken = true;
    await pages.server.step(1);
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
    pages.server.store.isBroken = false;
    for (const each of [page, late])
      await each.locator('storage-banner').getByRole('alert').waitFor({ state: 'detached' });
  });

  it('says that the server closed where it said so, and keeps saying it while it is away', async () => {
    const page = await open();
    await row(page, '256 × 8').waitFor();
    await pages.server.step(4);
    const left = page.locator('sweep-panel .counts .left');
    await expect.poll(() => left.textContent(), soon).toMatch(/^\d+ (s|min) left$/);
    await pages.server.close();
    await page.locator('connection-badge[kind=closing]').waitFor();
    await expect.poll(() => left.textContent(), soon).toBe('');
    await page.getByText(/server closed, [1-9]\d* s/).waitFor();
    await expect.poll(() => page.locator('connection-badge').getAttribute('kind'), soon).toBe('closing');
    await expect.poll(() => page.getByRole('button', { name: 'Pause all' }).isDisabled(), soon).toBe(true);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('pause 64');
    await page.getByText('no command by that name; runs can be told nothing until the server is back').waitFor();
  });

  it('cuts no name and no status in the table, however wide it is, also beside a reason', async () => {
    const page = await open();
    await pages.server.step(5);
    pages.server.trainerOf('256 × 8').end('failed', 'the trainer process ended by signal SIGKILL');
    for (const width of [1440, 1024, 761, 390]) {
      await page.setViewportSize({ width, height: 900 });
      if (width === 390) await listRuns(page);
      await page.locator('tr.reason').waitFor();
      await expect.poll(() => epochOf(page, '256 × 4'), soon).toBe('4');
      const cut = await page.locator('tr.run').evaluateAll((rows) =>
        rows
          .filter((each) => {
            const edges = (selector: string) => each.querySelector(selector)!.getBoundingClientRect();
            return edges('.words').right > edges('th').right || edges('.word').left < edges('.progress').left;
          })
          .map((each) => each.querySelector('.main')!.textContent),
      );
      expect(cut, `${width} px`).toEqual([]);
      const beyond = await page.locator('run-table').evaluate((table) => table.scrollWidth - table.clientWidth);
      expect(beyond, `${width} px`).toBe(0);
    }
  });

  it('begins the reference sweep from an empty page', async () => {
    await pages.serve({ sweep: null });
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
    pages.server.store.isBroken = true;
    await page.getByRole('button', { name: 'Start 2 runs' }).click();
    await page.getByRole('dialog').getByText(DISK_FULL).waitFor();
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
  });

  it('hides a line by a click, keeps it in the address, and shows one alone by a double click', async () => {
    const page = await open();
    await pages.server.step(5);
    const hidden = page.locator('tr.run.hidden');
    await row(page, '256 × 4').locator('td.loss').click();
    await expect.poll(() => hidden.count(), soon).toBe(1);
    // The page gathers what changes before it rewrites the address.
    await expect.poll(() => page.url(), soon).toContain(`hidden=${pages.server.idOf('256 × 4')}`);
    await page.reload();
    await expect.poll(() => hidden.count(), soon).toBe(1);
    await row(page, '128 × 2').locator('td.loss').dblclick();
    await expect.poll(() => hidden.count(), soon).toBe(11);
    await page.getByRole('button', { name: 'show all 12' }).click();
    await expect.poll(() => hidden.count(), soon).toBe(0);
  });

  it('can be worked by keyboard alone', async () => {
    const page = await open();
    await pages.server.step(5);
    await row(page, '256 × 8').and(page.locator('.running')).waitFor();
    const name = row(page, '256 × 8').locator('button.name');
    await name.focus();
    await page.keyboard.press('Enter');
    await row(page, '256 × 8').and(page.locator('.hidden')).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await row(page, '256 × 8').and(page.locator('.pausing')).waitFor();
  });

  it('lights the row of the line under the pointer, and explains the point beside it', async () => {
    const page = await open();
    await pages.server.step(51);
    await expect.poll(() => epochOf(page, '256 × 8'), soon).toBe('50');
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
          if ((await page.locator('tr.run.highlighted').count()) === 1) return true;
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
    await pages.server.step(5);
    await page.getByRole('button', { name: 'Weight heads' }).click();
    await expect.poll(() => page.locator('metric-chart').count(), soon).toBe(34);
    const built = page.locator('metric-chart canvas');
    await expect.poll(() => built.count(), soon).toBeGreaterThan(7);
    await expect.poll(() => built.count(), soon).toBeLessThan(30);
    await page.locator('metric-chart').last().scrollIntoViewIfNeeded();
    await page.locator('metric-chart').last().locator('canvas').waitFor();
    await expect.poll(() => page.locator('metric-chart').first().locator('canvas').count(), soon).toBe(0);
  });

  it('breaks no accessibility rule of WCAG 2.2 A and AA in either theme', async () => {
    const page = await open();
    await pages.server.step(60);
    pages.server.trainerOf('256 × 2').end('failed', 'the trainer process ended by signal SIGKILL');
    pages.server.control('128 × 4', 'pause');
    pages.server.store.isBroken = true;
    await pages.server.step(1);
    await page.locator('tr.run.failed').waitFor();
    await page.getByText('The disk is full').waitFor();
    expect(await violationsInThemes(page)).toEqual([]);
    const choose = async (what: string) => {
      await row(page, '256 × 2').hover();
      await row(page, '256 × 2').getByRole('button', { name: 'actions' }).click();
      await page.locator('run-menu').getByRole('button', { name: what }).click();
    };
    await choose('log');
    await page.getByRole('dialog').locator('li').last().waitFor();
    expect(await violationsInThemes(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await choose('delete');
    await page.getByRole('dialog').getByText('This is final').waitFor();
    expect(await violationsInThemes(page)).toEqual([]);
  });

  it('fits a phone: one column, nothing wider than the screen, targets of 40 px', async () => {
    const page = await open({ viewport: { width: 390, height: 1100 }, hasTouch: true, isMobile: true });
    await pages.server.step(5);
    await listRuns(page);
    await row(page, '256 × 8').and(page.locator('.running')).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const actions = row(page, '256 × 8').getByRole('button', { name: 'actions' });
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
    await row(page, '256 × 8').and(page.locator('.pausing')).waitFor();
    await pause.waitFor({ state: 'hidden' });
    expect(complaints()).toEqual([]);
  });
});
