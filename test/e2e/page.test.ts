/** The whole way: real server, real trainers, real browser. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Run } from '../../shared/run.js';
import {
  type OpenedPage,
  PageBrowser,
  reachOfLines,
  runRow as row,
  soon,
  tableNumbers,
} from '../support/page-browser.js';
import { RealServer } from '../support/real-server.js';

/** Long enough that nothing ends by itself while the test looks on, short enough to see lines grow. */
const EPOCHS = 5000;

let browser: PageBrowser;
let server: RealServer;
let opened: OpenedPage[];

beforeAll(async () => {
  browser = await PageBrowser.ofProcess();
});
afterAll(() => browser.closePages());
beforeEach(async () => {
  opened = [];
  server = await RealServer.start(['--sweep', 'none', '--workers', '2']);
});
afterEach(async () => {
  await Promise.all(opened.map(({ close }) => close()));
  await server.close();
});

async function open(hash = ''): Promise<Page> {
  const one = await browser.open(`${server.url}#${hash}`);
  opened.push(one);
  return one.page;
}

/** Begins a sweep of dim 16 with 1 and 2 heads, as a user would. */
async function begin(page: Page, epochs: number): Promise<void> {
  await page.getByRole('button', { name: 'New sweep' }).click();
  await page.getByLabel('dims').fill('16');
  await page.getByLabel('heads').fill('1, 2');
  await page.getByLabel('epochs', { exact: true }).fill(String(epochs));
  await page.getByRole('button', { name: 'Start 2 runs' }).click();
  await expect.poll(() => page.locator('tr.run').count(), soon).toBe(2);
}

const epochOf = async (page: Page, label: string): Promise<number> => Number((await tableNumbers(page))[label]?.[0]);

describe('the page over the real server', () => {
  it('draws lines that grow, pauses a run within an epoch, and resumes it where it was', async () => {
    const page = await open('whole=1');
    await begin(page, EPOCHS);
    await expect.poll(() => reachOfLines(page, 'loss'), soon).toBeGreaterThan(0.12);
    const early = await reachOfLines(page, 'loss');
    await expect.poll(() => reachOfLines(page, 'loss'), soon).toBeGreaterThan(early);

    await row(page, '16 × 1').hover();
    await row(page, '16 × 1').getByRole('button', { name: 'pause' }).click();
    await row(page, '16 × 1').and(page.locator('.paused')).waitFor();
    const { runs } = (await (await fetch(`${server.url}api/runs?status=paused`)).json()) as { runs: Run[] };
    const paused = runs[0]!.step;
    // The row may say so before it shows the last frame.
    await expect.poll(() => epochOf(page, '16 × 1'), soon).toBe(paused);
    const other = await epochOf(page, '16 × 2');
    expect(paused).toBeLessThan(EPOCHS);
    await expect.poll(() => epochOf(page, '16 × 2'), soon).toBeGreaterThan(other + 20);
    expect(await epochOf(page, '16 × 1')).toBe(paused);

    await row(page, '16 × 1').hover();
    await row(page, '16 × 1').getByRole('button', { name: 'resume' }).click();
    await expect.poll(() => epochOf(page, '16 × 1'), soon).toBeGreaterThan(paused);
    expect(opened.flatMap(({ complaints }) => complaints)).toEqual([]);
  });

  it('shows two viewers the same, whoever came late and whoever gave the command', async () => {
    const first = await open();
    await begin(first, EPOCHS);
    await expect.poll(() => epochOf(first, '16 × 1'), soon).toBeGreaterThan(30);
    const second = await open();
    await expect.poll(() => epochOf(second, '16 × 1'), soon).toBeGreaterThan(30);
    await second.getByRole('button', { name: 'Pause all' }).click();
    for (const page of [first, second]) await expect.poll(() => page.locator('tr.run.paused').count(), soon).toBe(2);
    const numbers = async (page: Page): Promise<string> => JSON.stringify(await tableNumbers(page));
    await expect.poll(async () => (await numbers(second)) === (await numbers(first)), soon).toBe(true);
    await expect
      .poll(async () => Math.abs((await reachOfLines(second, 'loss')) - (await reachOfLines(first, 'loss'))), soon)
      .toBeLessThan(0.005);
    await first.getByText('2 watching').waitFor();
    expect(opened.flatMap(({ complaints }) => complaints)).toEqual([]);
  });

  it('shows a finished sweep as done, with the numbers of its last epoch', async () => {
    const page = await open();
    await begin(page, 12);
    await expect.poll(() => page.locator('tr.run.completed').count(), soon).toBe(2);
    await page.getByText('2 of 2 done').waitFor();
    await expect.poll(() => epochOf(page, '16 × 2'), soon).toBe(12);
    await expect.poll(async () => (await tableNumbers(page))['16 × 1']!.join(), soon).not.toContain('–');
  });

  it('says at the field what the server would refuse', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'New sweep' }).click();
    await page.getByLabel('dims').fill('30');
    await page.getByLabel('heads').fill('4');
    await page.getByText('30 is not divisible by 4').waitFor();
  });
});
