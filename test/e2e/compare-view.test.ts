/** The view of runs side by side in a real Chromium: numbers against the golden ones, the choice of runs, every state. */
import { readFile } from 'node:fs/promises';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { referenceSweep } from '../../shared/experiments/attention-cv/reference.js';
import { violationsInThemes } from '../support/accessibility.js';
import { golden } from '../support/golden.js';
import { reachOfLines, soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

interface Trajectory {
  losses: number[];
  acc: number[];
  cv: Record<string, number[]>;
}

const pages = replayedPages();

const open = (hash = '', options: BrowserContextOptions = {}): Promise<Page> =>
  pages.open(`view=compare${hash}`, options);

/** Of the runs with these labels, as the address has them. */
const ids = (...labels: string[]): string => labels.map((label) => pages.server.idOf(label)).join(',');

const { complaints } = pages;
const view = (page: Page) => page.locator('compare-view');
const values = (page: Page) => page.locator('compare-values');
const series = (page: Page) => values(page).locator('tbody th').allTextContents();

/** The text of a row of values: base, then value and difference of each run. */
async function row(page: Page, name: string): Promise<string[]> {
  const cells = values(page)
    .locator('tbody tr', { has: page.locator('th', { hasText: new RegExp(`^${name}$`) }) })
    .locator('td');
  return (await cells.allTextContents()).map((text) => text.trim().replace(/\s+/g, ' '));
}

const signed = (value: number, digits: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;

describe('runs side by side', () => {
  it('shows the first two with their differing parameters, values and differences', async () => {
    await pages.server.finish();
    const page = await open();
    await expect.poll(() => row(page, 'loss'), soon).toHaveLength(3);
    const [base, other] = [golden<Trajectory>('trajectory_d64_h1'), golden<Trajectory>('trajectory_d64_h2')];
    // The history comes in two parts.
    await expect
      .poll(() => row(page, 'loss'), soon)
      .toEqual([
        base.losses[49]!.toFixed(4),
        other.losses[49]!.toFixed(4),
        signed(other.losses[49]! - base.losses[49]!, 4),
      ]);
    expect((await row(page, 'accuracy'))[2]).toBe(signed((other.acc[50]! - base.acc[50]!) * 100, 1));
    // Both were measured in full at their last epoch.
    await expect
      .poll(async () => (await row(page, 'Q_h0'))[2], soon)
      .toMatch(new RegExp(`^${signed(other.cv.Q_h0![50]! - base.cv.Q_h0![50]!, 4)} ± 0\\.\\d{4}`));
    expect(await page.locator('compare-parameters .scroller tbody th').allTextContents()).toEqual([
      'heads',
      'head size',
    ]);
    const alike = view(page).getByRole('table', { name: 'parameters that are the same' });
    await view(page).getByText('12 are the same').click();
    await expect.poll(() => alike.getByRole('row').count(), soon).toBe(12);
    await expect.poll(() => page.url(), soon).toContain('compare-fold=same');
    await view(page).getByText('heads 1, 2: a head is compared where both runs have it').waitFor();
    await view(page).getByText('at epoch 50, on the fixed sample').waitFor();
    expect(complaints()).toEqual([]);
  });

  it('draws differences that grow with both runs', async () => {
    const page = await open(`&whole=1&compare=${ids('256 × 4', '256 × 8')}`);
    await pages.server.step(11);
    await page.locator('metric-chart').first().scrollIntoViewIfNeeded();
    await expect.poll(() => reachOfLines(page, 'Δ loss'), soon).toBeGreaterThan(0.15);
    const early = await reachOfLines(page, 'Δ loss');
    await pages.server.step(20);
    await expect.poll(() => reachOfLines(page, 'Δ loss'), soon).toBeGreaterThan(early + 0.2);
    await view(page).getByText('each run minus 256 × 4').waitFor();
    expect(complaints()).toEqual([]);
  });

  it('compares the chosen runs with the chosen base, and keeps both in the address', async () => {
    await pages.server.finish();
    const page = await open();
    await view(page).getByRole('button', { name: 'choose runs' }).click();
    const picker = view(page).getByRole('group', { name: 'runs to compare' });
    await picker.getByLabel('256 × 8').check();
    await picker.getByLabel('64 × 1').uncheck();
    await page.keyboard.press('Escape');
    await view(page).getByLabel('base', { exact: true }).selectOption('256 × 8');
    const chips = () => view(page).getByRole('list', { name: 'compared runs' }).locator('li').allTextContents();
    const said = async () => (await chips()).map((text) => text.trim());
    await expect.poll(said, soon).toEqual(['64 × 2', '256 × 8, base']);
    await expect.poll(() => page.url(), soon).toContain(`compare=${ids('64 × 2', '256 × 8')}&base=${ids('256 × 8')}`);
    // A reload breaks off what is being loaded, as the icon: complaints end here.
    expect(complaints()).toEqual([]);
    await page.reload();
    await expect.poll(said, soon).toEqual(['64 × 2', '256 × 8, base']);
    const [base, other] = [golden<Trajectory>('trajectory_d256_h8'), golden<Trajectory>('trajectory_d64_h2')];
    await expect
      .poll(async () => (await row(page, 'loss'))[2], soon)
      .toBe(signed(other.losses[49]! - base.losses[49]!, 4));
    // The base has heads that the other lacks.
    expect((await row(page, 'Q_h7')).slice(1)).toEqual(['–', '–']);
    await view(page).getByRole('button', { name: 'choose runs' }).click();
    await picker.getByRole('button', { name: 'all shown' }).click();
    await expect.poll(() => row(page, 'loss'), soon).toHaveLength(1 + 2 * 11);
    await picker.getByRole('button', { name: 'the first two' }).click();
    await expect.poll(said, soon).toEqual(['64 × 1, base', '64 × 2']);
  });

  it('sorts series by every column and back, loss and accuracy on top', async () => {
    await pages.server.finish();
    const page = await open();
    await expect.poll(() => row(page, 'loss'), soon).toHaveLength(3);
    const measured = await series(page);
    const difference = values(page).getByRole('button', { name: 'difference of 64 × 2' });
    await difference.click();
    await expect.poll(() => series(page), soon).not.toEqual(measured);
    const sorted = await series(page);
    expect(sorted.slice(0, 2)).toEqual(['loss', 'accuracy']);
    const numbers = async (column: number): Promise<number[]> =>
      Promise.all(
        (await series(page))
          .slice(2)
          .map(async (name) => Number((await row(page, name))[column]!.split(' ')[0]!.replace('−', '-'))),
      );
    const sizes = (await numbers(2)).map(Math.abs);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    await expect.poll(() => page.url(), soon).toContain(`compare-by=-difference.${ids('64 × 2')}`);
    await difference.click();
    await expect.poll(() => series(page), soon).toEqual([...sorted.slice(0, 2), ...sorted.slice(2).toReversed()]);
    await difference.click();
    await expect.poll(() => series(page), soon).toEqual(measured);
    for (const [name, column] of [
      ['base', 0],
      ['value of 64 × 2', 1],
    ] as const) {
      await values(page).getByRole('button', { name, exact: true }).click();
      await values(page)
        .locator('th[aria-sort=descending]', { hasText: name.split(' ')[0]! })
        .waitFor();
      const found = await numbers(column);
      expect(found, name).toEqual(found.toSorted((a, b) => b - a));
    }
    await values(page).getByRole('button', { name: 'series', exact: true }).click();
    await expect.poll(async () => (await series(page))[2], soon).toBe('act_emb');
  });

  it('compares at the newest epoch that all have, or an earlier one', async () => {
    await pages.server.step(20);
    pages.server.control('256 × 8', 'stop');
    await pages.server.step(10);
    const page = await open(`&compare=${ids('256 × 4', '256 × 8')}`);
    await view(page).getByText('at epoch 20, on the fixed sample').waitFor();
    const slider = view(page).getByRole('slider', { name: 'epoch' });
    await slider.focus();
    await page.keyboard.press('Home');
    await view(page).getByText('at epoch 0, on the fixed sample').waitFor();
    expect((await row(page, 'loss'))[2]).toBe('–');
    await expect.poll(() => page.url(), soon).toContain('epoch=0');
  });

  it('says what it cannot compare: runs without frames, too few runs, other intervals', async () => {
    await pages.server.step(3);
    const page = await open(`&compare=${ids('64 × 1', '64 × 2')}`);
    await view(page).getByText('nothing trained yet: 64 × 1, 64 × 2').waitFor();
    await view(page).getByText('no epoch yet at which two of these runs were measured').waitFor();
    const goTo = (hash: string) => page.evaluate((to) => (location.hash = to), `#view=compare&${hash}`);
    await goTo(`compare=${ids('256 × 4')}`);
    await view(page).getByText('Comparing takes two runs: choose another.').waitFor();
    const { sweepId } = pages.server.runOf('256 × 8');
    const other = pages.server.createSweep({
      ...referenceSweep,
      name: 'every tenth',
      dims: [64],
      heads: [1],
      every: 10,
    });
    await goTo(`sweep=${sweepId},${other.id}&compare=${ids('256 × 8')},${other.runIds[0]}`);
    await view(page).getByText('measured every 1, 10 epochs: CVs are compared at the epochs that both have').waitFor();
    expect(complaints()).toEqual([]);
  });

  it('copies its tables as Markdown and CSV in the order that is seen, and gives differences as files', async () => {
    await pages.server.finish();
    const page = await open('&compare-by=-series', { permissions: ['clipboard-read', 'clipboard-write'] });
    await expect.poll(() => row(page, 'loss'), soon).toHaveLength(3);
    // Their full measurements are there.
    await values(page).locator('td.unclear').first().waitFor();
    const copied = async (of: Locator, what: string): Promise<string[]> => {
      await of.getByRole('button', { name: `copy ${what}` }).click();
      await of.getByRole('status').getByText(`copied as ${what}`).waitFor({ state: 'attached' });
      return (await page.evaluate(() => navigator.clipboard.readText())).trim().split('\n');
    };
    const markdown = await copied(values(page), 'Markdown');
    expect(markdown[0]).toBe('| series | 64 × 1, base | 64 × 2 | Δ 64 × 2 |');
    expect(markdown.slice(2).map((line) => line.split(' ')[1])).toEqual(await series(page));
    const fifth = (await series(page))[5]!;
    expect(markdown[2 + 5]!.split(' | ').slice(1, 3)).toEqual((await row(page, fifth)).slice(0, 2));
    const atEpoch = await copied(values(page), 'CSV');
    // Loss, accuracy and the 8 + 7 series of the base.
    expect(atEpoch).toHaveLength(1 + 17);
    const runs = `${ids('64 × 2')},64,2,42,0.001,${ids('64 × 1')},64,1,42,0.001`;
    expect(atEpoch[1]).toMatch(new RegExp(`^loss,50,${runs},0\\.\\d+,0\\.\\d+,-0\\.0\\d+,$`));
    const fileOf = async (press: Locator): Promise<string[]> => {
      const [download] = await Promise.all([page.waitForEvent('download'), press.click()]);
      return (await readFile(await download.path(), 'utf8')).trim().split('\n');
    };
    expect(await fileOf(values(page).getByRole('button', { name: 'download' }))).toEqual(atEpoch);
    const parameters = page.locator('compare-parameters');
    expect((await copied(parameters, 'Markdown')).slice(0, 4)).toEqual([
      ...[
        '| parameter | 64 × 1, base | 64 × 2 |',
        '| --- | ---: | ---: |',
        '| heads | 1 | 2 |',
        '| head size | 64 | 32 |',
      ],
    ]);
    expect((await copied(parameters, 'CSV'))[0]).toBe('parameter,"64 × 1, base",64 × 2');
    const overTraining = await fileOf(view(page).getByRole('button', { name: 'differences over training as CSV' }));
    expect(overTraining).toHaveLength(1 + 51);
    expect(overTraining[0]).toContain('epoch,Δ loss,Δ accuracy,Δ emb');
    const loss = page.locator('metric-chart', { has: page.locator('h3', { hasText: /^Δ loss / }) });
    await loss.getByRole('button', { name: 'more of Δ loss' }).click();
    const picture = await fileOf(page.locator('chart-menu').getByRole('button', { name: 'save as SVG' }));
    expect(picture.join('')).toContain('>each run minus 64 × 1<');
    expect(complaints()).toEqual([]);
  });

  it('can be worked by keyboard alone', async () => {
    await pages.server.finish();
    const page = await open();
    await expect.poll(() => row(page, 'loss'), soon).toHaveLength(3);
    await view(page).getByRole('button', { name: 'choose runs' }).focus();
    await page.keyboard.press('Enter');
    const first = view(page).getByRole('group', { name: 'runs to compare' }).getByLabel('64 × 1');
    await expect.poll(() => first.evaluate((input) => input.matches(':focus')), soon).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    await expect.poll(() => row(page, 'loss'), soon).toHaveLength(5);
    const difference = values(page).getByRole('button', { name: 'difference of 64 × 4' });
    await difference.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => values(page).locator('th[aria-sort=descending]').count(), soon).toBe(1);
    expect(complaints()).toEqual([]);
  });

  it('breaks no accessibility rule in either theme', async () => {
    await pages.server.step(120);
    const page = await open(`&compare=${ids('256 × 2', '256 × 4', '256 × 8')}`);
    await expect.poll(() => row(page, 'loss'), soon).toHaveLength(5);
    await view(page).getByText('11 are the same').or(view(page).getByText('12 are the same')).first().click();
    await page.locator('metric-chart').first().scrollIntoViewIfNeeded();
    await page.locator('metric-chart canvas').first().waitFor();
    expect(await violationsInThemes(page)).toEqual([]);
    await view(page).getByRole('button', { name: 'choose runs' }).click();
    expect(await violationsInThemes(page)).toEqual([]);
  });

  it('tells the differences of a group epoch by epoch, the runs side by side', async () => {
    await pages.server.finish();
    const page = await open(`&compare=${ids('64 × 1', '64 × 2', '128 × 1')}`);
    await view(page).getByRole('button', { name: 'Training, the numbers' }).click();
    const loss = view(page).locator('chart-numbers-table').first();
    await expect.poll(() => loss.locator('thead th').allTextContents(), soon).toHaveLength(3);
    await expect.poll(() => loss.locator('tbody tr').count(), soon).toBe(50);
    const atEnd = await loss.locator('tbody tr').last().locator('td').first().textContent();
    // The table of values holds the same difference, with its sign.
    const shown = (await row(page, 'loss'))[2]!.trim().replace('−', '-').replace('+', '');
    expect(Number(atEnd!.trim().replace('−', '-').replace('+', ''))).toBeCloseTo(Number(shown), 3);
  });

  it('fits a phone: nothing wider than the screen, tables that scroll in their place, targets of 40 px', async () => {
    await pages.server.finish();
    const hash = `&compare=${ids('64 × 1', '64 × 2', '64 × 4', '128 × 1', '256 × 8')}`;
    const page = await open(hash, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await expect.poll(() => row(page, 'loss'), soon).toHaveLength(9);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const choose = view(page).getByRole('button', { name: 'choose runs' });
    expect((await choose.boundingBox())!.height).toBeGreaterThanOrEqual(40);
    await choose.tap();
    const option = view(page).getByRole('group', { name: 'runs to compare' }).locator('label').first();
    const box = (await option.boundingBox())!;
    expect(box.height).toBeGreaterThanOrEqual(40);
    expect(box.x + box.width).toBeLessThanOrEqual(390);
  });

  it('tells at the pointer which of the two has no value', async () => {
    await pages.server.step(4 * 51 + 32);
    const page = await open(`&compare=${ids('128 × 1', '256 × 8')}&base=${ids('128 × 1')}`);
    const plot = page.locator('small-charts metric-chart .u-over').first();
    /** How often it says so, with the pointer so far to the right: while values arrive, the chart still moves. */
    const told = async (share: number, text: string): Promise<number> => {
      await plot.scrollIntoViewIfNeeded();
      const { x, y, width, height } = (await plot.boundingBox())!;
      await page.mouse.move(x + 2 + width * share, y + height / 2);
      return page.locator('chart-tooltip').getByText(text).count();
    };
    await expect.poll(() => told(0.9, 'base not there yet: 256 × 8'), soon).toBe(1);
    await expect.poll(() => told(0, 'before the first update: 256 × 8'), soon).toBe(1);
  });
});
