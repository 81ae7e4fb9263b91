/** The trajectories view in a real Chromium: zoom, axes, smoothing, search, places, files, and what an address keeps. */
import { readFileSync } from 'node:fs';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { referenceSweep } from '../../shared/experiments/attention-cv/reference.js';
import { violationsInThemes } from '../support/accessibility.js';
import { reachOfLines, runRow } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

const soon = { timeout: 15_000 };

const pages = replayedPages(async (server) => {
  // Ten runs are through, the last two have begun.
  await server.step(260);
});

async function open(hash = '', options: BrowserContextOptions = {}): Promise<Page> {
  const page = await pages.open(hash, options);
  await page.locator('metric-chart').first().scrollIntoViewIfNeeded();
  await page.locator('metric-chart canvas').first().waitFor();
  return page;
}

const chart = (page: Page, name: string) =>
  page.locator('chart-group metric-chart', { has: page.locator('h3', { hasText: new RegExp(`^${name} `) }) });
const group = (page: Page, title: string) => page.locator('chart-group', { hasText: title });
const namesIn = (page: Page, title: string) =>
  group(page, title)
    .locator('h3')
    .evaluateAll((titles) => titles.map((each) => each.textContent.trim().split(' ')[0]));
const hash = (page: Page): string => decodeURIComponent(new URL(page.url()).hash);

/** Drags over a chart, from one share of its width to another. */
async function drag(page: Page, name: string, from: number, to: number): Promise<void> {
  const { x, y, width, height } = (await chart(page, name).locator('.u-over').boundingBox())!;
  await page.mouse.move(x + width * from, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * ((from + to) / 2), y + height / 2, { steps: 4 });
  await page.mouse.move(x + width * to, y + height / 2, { steps: 4 });
  await page.mouse.up();
}

describe('the trajectories view', () => {
  it('zooms all charts to what is dragged out of one, keeps it over a reload, and goes back at a double click', async () => {
    const page = await open();
    await drag(page, 'loss', 0.2, 0.6);
    await expect.poll(() => hash(page), soon).toContain('zoom=10,30');
    await page.getByRole('button', { name: '10 – 30' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: '10 – 30' }).waitFor();
    await chart(page, 'accuracy').locator('.u-over').dblclick();
    await expect.poll(() => hash(page), soon).not.toContain('zoom');
    await page.getByRole('button', { name: '10 – 30' }).waitFor({ state: 'detached' });
    expect(pages.complaints()).toEqual([]);
  });

  it('keeps the range of each chart apart where that is asked for, over a reload and in what is saved', async () => {
    const page = await open('apart=1');
    await drag(page, 'loss', 0.2, 0.6);
    await drag(page, 'accuracy', 0.4, 0.8);
    await expect.poll(() => hash(page), soon).toContain('zooms=loss:10:30,accuracy:20:40');
    await page.reload();
    await page.getByRole('button', { name: '2 zoomed' }).waitFor();
    await chart(page, 'loss').locator('canvas').waitFor();
    await chart(page, 'loss').hover();
    await chart(page, 'loss').getByRole('button', { name: 'more of loss' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('chart-menu').getByRole('button', { name: 'save as SVG' }).click(),
    ]);
    const svg = readFileSync(await file.path(), 'utf8');
    expect([...svg.matchAll(/>(\d+)<\/text>/g)].map(([, tick]) => Number(tick))).toEqual(
      expect.arrayContaining([10, 15, 20, 25, 30]),
    );
    await chart(page, 'loss').locator('.u-over').dblclick();
    await expect.poll(() => hash(page), soon).toMatch(/zooms=accuracy:20:40/);
    await page.getByRole('button', { name: '1 zoomed' }).click();
    await expect.poll(() => hash(page), soon).not.toContain('zooms');
  });

  it('draws by another series and on log axes, and says what these leave out', async () => {
    const page = await open();
    await page.getByLabel('x axis').selectOption('loss');
    await chart(page, 'accuracy').getByText('by loss').waitFor();
    await expect.poll(() => reachOfLines(page, 'accuracy'), soon).toBeGreaterThan(0.5);
    await page.getByLabel('x axis').selectOption('epoch');
    await page.getByRole('button', { name: 'more settings' }).click();
    await page.getByLabel('logarithmic x').check();
    await chart(page, 'accuracy').getByText('12 values at x ≤ 0 left out').waitFor();
    expect(hash(page)).not.toContain('x=loss');
  });

  it('smooths, and tells in the tooltip the value as measured beside the smoothed one', async () => {
    const page = await open('smooth=0.9');
    await page.locator('chart-toolbar output').getByText('0.90').waitFor();
    const { x, y, width, height } = (await chart(page, 'loss').locator('.u-over').boundingBox())!;
    await page.mouse.move(x + width * 0.2, y + height * 0.3);
    await page.locator('chart-tooltip').getByText('epoch 10 · loss').waitFor();
    await page
      .locator('chart-tooltip')
      .getByText(/^smoothed \d/)
      .first()
      .waitFor();
    await page.locator('chart-tooltip').getByText('not there yet: 64 × 1, 64 × 2').waitFor();
  });

  it('tells why where no run has a value, too', async () => {
    const page = await open();
    const { x, y, height } = (await chart(page, 'loss').locator('.u-over').boundingBox())!;
    await page.mouse.move(x + 2, y + height / 2);
    const reason = 'before the first update: 64 × 1, 64 × 2, 64 × 4 and 9 more';
    await page.locator('chart-tooltip').getByText(reason).waitFor();
  });

  it('tells runs without a value apart where they differ in their seed', async () => {
    await pages.serve({ sweep: { ...referenceSweep, seeds: [1, 2] } });
    const page = await open();
    const { x, y, height } = (await chart(page, 'loss').locator('.u-over').boundingBox())!;
    await page.mouse.move(x + 2, y + height / 2);
    const reason = 'not begun: 64 × 1 · seed 1, 64 × 1 · seed 2, ';
    await page.locator('chart-tooltip').getByText(reason).waitFor();
  });

  it('finds series by regular expression, in groups that were folded, and says what is none', async () => {
    const page = await open();
    await page.getByLabel(/search series/).fill('^act_K_h[01]$|emb');
    await expect.poll(() => page.locator('chart-group metric-chart').count(), soon).toBe(4);
    expect(await namesIn(page, 'Activation heads')).toEqual(['act_K_h0', 'act_K_h1']);
    await page.getByLabel(/search series/).fill('act_(');
    await page.getByText('not a regular expression (unterminated group): searched as text').waitFor();
    await page.getByText('No series is called “act_(”.').waitFor();
  });

  it('pins, moves and enlarges by keyboard alone, keeps it over a reload, and gives the numbers', async () => {
    const page = await open();
    await chart(page, 'cls_head').getByRole('button', { name: 'pin cls_head' }).press('Enter');
    await expect.poll(() => namesIn(page, 'Pinned'), soon).toEqual(['cls_head']);
    await chart(page, 'K_full').getByRole('button', { name: 'more of K_full' }).press('Enter');
    await page.locator('chart-menu').getByRole('button', { name: 'move earlier' }).press('Enter');
    await expect.poll(() => namesIn(page, 'Weights'), soon).toEqual(['emb', 'K_full', 'Q_full', 'V_full', 'out_proj']);
    await expect.poll(() => hash(page), soon).toMatch(/pin=cls_head&order=emb,K_full/);
    await page.reload();
    await expect.poll(() => namesIn(page, 'Pinned'), soon).toEqual(['cls_head']);

    await chart(page, 'cls_head').getByRole('button', { name: 'enlarge cls_head' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'cls_head' });
    await dialog.locator('canvas').waitFor();
    await dialog.getByRole('button', { name: 'numbers' }).press('Enter');
    await expect.poll(() => dialog.locator('tbody tr').count(), soon).toBe(51);
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: 'loss' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => hash(page), soon).not.toContain('large');
  });

  it('shows a chart alone with its legend, smoothing and scale, and what is chosen there holds for all', async () => {
    const page = await open('large=emb');
    const dialog = page.getByRole('dialog', { name: 'emb' });
    await dialog.locator('canvas').waitFor();
    const legend = dialog.getByRole('list', { name: 'lines' });
    expect(await legend.getByRole('button').count()).toBe(12);
    await legend.getByRole('button', { name: '64 × 1' }).click();
    await expect
      .poll(() => legend.getByRole('button', { name: '64 × 1' }).getAttribute('aria-pressed'), soon)
      .toBe('false');
    await dialog.getByRole('button', { name: 'log', exact: true }).click();
    await dialog.getByLabel('smoothing').fill('0.5');
    // An arrow there moves the slider and not to the next chart.
    await dialog.getByLabel('smoothing').press('ArrowRight');
    await expect.poll(() => hash(page), soon).toMatch(/y=log&smooth=0.51&.*large=emb/);
    expect(hash(page)).toContain(pages.server.idOf('64 × 1'));
  });

  it('gives the numbers of what is zoomed to, as a table and as a file that says so, and all of them', async () => {
    const page = await open('large=loss&numbers=1&zoom=9.5,12');
    const dialog = page.getByRole('dialog', { name: 'loss' });
    const rows = () => dialog.locator('tbody th').allTextContents();
    await expect.poll(rows, soon).toEqual(['10', '11', '12']);
    const save = async (name: string): Promise<[string, number]> => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        dialog.getByRole('button', { name, exact: true }).click(),
      ]);
      return [
        file.suggestedFilename(),
        readFileSync(await file.path(), 'utf8')
          .trimEnd()
          .split('\n').length - 1,
      ];
    };
    expect(await save('CSV')).toEqual(['pentachoron-loss-epoch-10-to-12.csv', 10 * 3]);
    const [file, all] = await save('CSV, all');
    expect(file).toBe('pentachoron-loss.csv');
    expect(all).toBeGreaterThan(400);
    await dialog.getByLabel(/all epochs/).check();
    await expect.poll(async () => (await rows()).length, soon).toBe(50);
    await dialog.getByRole('button', { name: '9.5 – 12' }).click();
    await expect.poll(() => hash(page), soon).not.toContain('zoom=');
  });

  it('says how many lines the tooltip leaves out, and shows them where there is room', async () => {
    const page = await open();
    const { x, y, width, height } = (await chart(page, 'emb').locator('.u-over').boundingBox())!;
    await page.mouse.move(x + width * 0.2, y + height * 0.5);
    await page.locator('chart-tooltip').getByText('+4 more, further off').waitFor();
    expect(await page.locator('chart-tooltip .row').count()).toBe(6);
    await chart(page, 'emb').getByRole('button', { name: 'enlarge emb' }).click();
    const large = page.getByRole('dialog', { name: 'emb' }).locator('.u-over');
    await large.hover({ position: { x: 120, y: 200 } });
    await expect.poll(() => page.locator('chart-tooltip .row').count(), soon).toBe(10);
  });

  it('is put in another order by dragging', async () => {
    const page = await open();
    await chart(page, 'V_full').locator('h3').dragTo(chart(page, 'emb').locator('h3'));
    await expect.poll(async () => (await namesIn(page, 'Weights'))[0], soon).toBe('V_full');
  });

  it('draws the heads of each run as a ribbon, one chart for a family', async () => {
    const page = await open('ribbon=1&fold=activation-heads');
    await expect.poll(() => namesIn(page, 'Activation heads'), soon).toEqual(['act_Q', 'act_K', 'act_V', 'act_post']);
    await expect.poll(() => reachOfLines(page, 'act_Q'), soon).toBeGreaterThan(0.9);
  });

  it('gives a chart away as PNG, SVG and CSV', async () => {
    const page = await open();
    const save = async (kind: string): Promise<Buffer> => {
      await chart(page, 'accuracy').getByRole('button', { name: 'more of accuracy' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('chart-menu').getByRole('button', { name: kind }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`pentachoron-accuracy.${kind.toLowerCase()}`);
      return readFileSync(await download.path());
    };
    expect((await save('PNG')).subarray(1, 4).toString()).toBe('PNG');
    const svg = (await save('SVG')).toString();
    expect(svg.match(/clip-path="url\(#plot\)"/g)).toHaveLength(12);
    const csv = (await save('CSV')).toString().trim().split('\n');
    expect(csv[0]).toBe('run,id,epoch,accuracy');
    const rowsOf = (label: string): number => pages.server.runOf(label).step + 1;
    // Ten runs of 51 epochs, and two of those they have.
    expect(csv).toHaveLength(1 + 10 * 51 + rowsOf('64 × 1') + rowsOf('64 × 2'));
    expect(pages.complaints()).toEqual([]);
  });

  it('takes another band, for all views, and says what is no band', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'more settings' }).click();
    await page.getByLabel('band from').fill('0.4');
    await page.getByLabel('band from').press('Enter');
    await page.getByText('the first must be the smaller').waitFor();
    // What it says so of is still there, to be corrected at either end.
    expect(await page.getByLabel('band from').inputValue()).toBe('0.4');
    await page.getByLabel('band to').fill('0.5');
    await page.getByLabel('band to').press('Enter');
    await expect.poll(() => hash(page), soon).toContain('band=0.4-0.5');
    // Its CV of act_emb is 0.24 in the end.
    const row = runRow(page, '64 × 4');
    await expect.poll(() => row.locator('td.cv').textContent(), soon).toBe('0.240');
    expect(await page.getByText('the first must be the smaller').count()).toBe(0);
    await page.getByLabel('band to').fill('0.3');
    await page.getByLabel('band from').fill('0.2');
    await page.getByLabel('band from').press('Enter');
    await expect.poll(() => hash(page), soon).toContain('band=0.2-0.3');
    await page.getByText('band 0.20 – 0.30').waitFor();
    await expect.poll(() => row.locator('td.cv').textContent(), soon).toBe('0.240in the band');
  });

  it('gives axe nothing to find in either theme, with settings and enlarged chart open', async () => {
    const page = await open('smooth=0.5&clip=1&pin=loss&zoom=5,40');
    expect(await violationsInThemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'more settings' }).click();
    expect(await violationsInThemes(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await chart(page, 'loss').getByRole('button', { name: 'more of loss' }).press('Enter');
    await page.locator('chart-menu').getByRole('button', { name: 'numbers' }).press('Enter');
    await page.getByRole('dialog', { name: 'loss' }).locator('tbody tr').first().waitFor();
    expect(await violationsInThemes(page)).toEqual([]);
  });

  it('fits a phone, where every tool of a chart is in its menu', async () => {
    const page = await open('', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await wide()).toBe(390);
    await chart(page, 'loss').getByRole('button', { name: 'more of loss' }).tap();
    await page.locator('chart-menu').getByRole('button', { name: 'enlarge' }).tap();
    await page.getByRole('dialog', { name: 'loss' }).locator('canvas').waitFor();
    expect(await wide()).toBe(390);
    const close = (await page
      .getByRole('dialog', { name: 'loss' })
      .getByRole('button', { name: 'close' })
      .boundingBox())!;
    expect(close.x + close.width).toBeGreaterThan(370);
    expect(close.y).toBeLessThan(30);
  });

  it('explains by touch what is tapped, until something else is, or the page moves', async () => {
    const page = await open('', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const tooltip = page.locator('chart-tooltip');
    const tap = async (): Promise<void> => {
      const { x, y, width, height } = (await chart(page, 'loss').locator('.u-over').boundingBox())!;
      await page.touchscreen.tap(x + width / 2, y + height / 2);
      await tooltip.getByText('epoch 25 · loss').waitFor();
    };
    await tap();
    await page.locator('h1').tap();
    await tooltip.getByText('epoch 25').waitFor({ state: 'hidden' });
    await tap();
    await page.evaluate(() => scrollBy(0, 120));
    await tooltip.getByText('epoch 25').waitFor({ state: 'hidden' });
    await tap();
  });
});
