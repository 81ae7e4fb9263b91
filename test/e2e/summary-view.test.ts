/** The summary in a real Chromium: its numbers, its order, what is copied of it, and how it follows training. */
import { describe, expect, it } from 'vitest';
import { cellsOf, downloaded, hashOf, labelsOf, shownEpoch, summaryTable } from '../support/epoch-view-pages.js';
import { golden } from '../support/golden.js';
import { soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

interface Trajectory {
  cv: Record<string, number[]>;
}

const pages = replayedPages();
const { open, complaints } = pages;

describe('summary', () => {
  it('shows the fixed sample after training, marks the band, and fades what did not move', async () => {
    await pages.server.finish();
    const page = await open('view=summary');
    const weights = summaryTable(page, 'Weights');
    await expect
      .poll(() => cellsOf(weights, '64 × 1'), soon)
      .toEqual([...['64', '50', '0.1588', '0.1402', '0.1364', '0.1321', '0.1472', '0.0854', '98.8']]);
    const row = weights.locator('tbody tr').first();
    await expect.poll(() => row.locator('td.in').count(), soon).toBe(4);
    await row.locator('td.undecided', { hasText: 'undecided' }).waitFor();
    const moved = summaryTable(page, 'Movement of activations');
    await expect
      .poll(async () => (await cellsOf(moved, '64 × 4')).slice(2, 4), soon)
      .toEqual(['+0.0007 ±0.0016', '+0.0958 ±0.0202']);
    await expect
      .poll(() => moved.locator('tbody tr').nth(2).locator('td.still').first().textContent(), soon)
      .toContain('not significant');
    expect(complaints()).toEqual([]);
  });

  it('shows the script’s numbers at its three epochs, and says what tells the two samples apart', async () => {
    await pages.server.finish();
    const page = await open('view=summary');
    await page.getByText('the same 300 random five-point sets').waitFor();
    await page.getByRole('button', { name: 'script draws' }).click();
    await page.getByText('draws 300 random five-point sets of its own').waitFor();
    const { cv_robust } = golden<{ cv_robust: Record<string, Record<string, number>> }>('d128_h2');
    for (const [epoch, name] of [
      ['epoch 0', 'pre'],
      ['epoch 25', 'mid'],
      ['epoch 50', 'post'],
    ] as const) {
      await page.getByRole('button', { name: epoch, exact: true }).click();
      await expect
        .poll(async () => (await cellsOf(summaryTable(page, 'Activations'), '128 × 2'))[3], soon)
        .toBe(cv_robust[name]!.act_Q_h0!.toFixed(4));
    }
    await expect.poll(() => hashOf(page), soon).toBe('#view=summary&sample=script');
    expect(complaints()).toEqual([]);
  });

  it('scrubs to any epoch by keys alone, and a reload keeps it', async () => {
    await pages.server.finish();
    const page = await open('view=summary');
    const slider = page.getByRole('slider', { name: 'epoch' });
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 50 of 50');
    await slider.focus();
    for (let press = 0; press < 38; press++) await page.keyboard.press('ArrowLeft');
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 12 of 50');
    const { cv } = golden<Trajectory>('trajectory_d256_h8');
    const expected = cv.act_K_h0![12]!.toFixed(4);
    await expect
      .poll(async () => (await cellsOf(summaryTable(page, 'Activations'), '256 × 8'))[4], soon)
      .toBe(expected);
    await page.getByText('no standard errors here').waitFor();
    await expect.poll(() => hashOf(page), soon).toBe('#view=summary&epoch=12');
    await page.reload();
    await expect
      .poll(async () => (await cellsOf(summaryTable(page, 'Activations'), '256 × 8'))[4], soon)
      .toBe(expected);
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 12 of 50');
    await page.keyboard.press('Tab');
    await slider.focus();
    await page.keyboard.press('End');
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 50 of 50');
    await expect.poll(() => hashOf(page), soon).toBe('#view=summary');
  });

  it('walks through training and ends at the newest epoch', async () => {
    await pages.server.finish();
    const page = await open('view=summary', { reducedMotion: 'no-preference' });
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 50 of 50');
    // Told by the page itself: who looks now and then would miss some.
    const seen = await page.locator('epoch-scrubber output').evaluateHandle((output) => {
      const epochs = new Set<string>();
      new MutationObserver(() => epochs.add(output.textContent)).observe(output, {
        subtree: true,
        characterData: true,
        childList: true,
      });
      return epochs;
    });
    const play = page.getByRole('button', { name: 'walk through training', exact: true });
    await play.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'stop walking through training' }).waitFor();
    await play.waitFor();
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 50 of 50');
    expect(await seen.evaluate((epochs) => epochs.size)).toBeGreaterThan(5);
    await page.locator('epoch-scrubber button[aria-pressed=true]', { hasText: 'newest' }).waitFor();
  });

  it('sorts by any column, largest first, then smallest, then as the grid, and keeps that in the address', async () => {
    await pages.server.finish();
    const page = await open('view=summary');
    const activations = summaryTable(page, 'Activations');
    const press = () => activations.getByRole('button', { name: 'act_Q_h0' }).click();
    await expect.poll(() => labelsOf(activations), soon).toHaveLength(12);
    const grid = await labelsOf(activations);
    await press();
    await expect.poll(() => labelsOf(activations).then((all) => all[0]), soon).toBe('64 × 8');
    await activations.locator('th[data-column=act_Q_h0][aria-sort=descending]').waitFor();
    await press();
    await expect.poll(() => labelsOf(activations).then((all) => all[0]), soon).toBe('256 × 1');
    // The rows of all tables stand in one order.
    const sorted = await labelsOf(activations);
    await expect.poll(() => labelsOf(summaryTable(page, 'Movement of weights')), soon).toEqual(sorted);
    await expect.poll(() => hashOf(page), soon).toBe('#view=summary&sort=act_Q_h0');
    await press();
    await expect.poll(() => labelsOf(activations), soon).toEqual(grid);
  });

  it('copies a table as Markdown and CSV as it is seen, and gives it as a file', async () => {
    await pages.server.finish();
    const page = await open('view=summary', { permissions: ['clipboard-read', 'clipboard-write'] });
    const weights = summaryTable(page, 'Weights');
    // Its full measurement is there.
    await weights.locator('tbody tr').first().locator('td.undecided').waitFor();
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await weights.getByRole('button', { name: 'copy Markdown' }).click();
    await weights.getByRole('button', { name: 'copied' }).waitFor();
    expect((await clipboard()).split('\n')[2]).toBe(
      '| 64 × 1 | 64 | 50 | 0.1588 ● | 0.1402 ● | 0.1364 ● | 0.1321 ○ | 0.1472 ● | 0.0854 | 98.8 |',
    );
    await page.getByLabel('standard errors and valid samples').check();
    await weights.getByRole('button', { name: 'copy CSV' }).click();
    await weights.getByRole('status').getByText('copied as CSV').waitFor({ state: 'attached' });
    expect((await clipboard()).split('\n')[1]).toMatch(/^64,1,42,0\.001,64,50,0\.1588,0\.0064,300,/);
    const { name, content } = await downloaded(page, weights.getByRole('button', { name: 'download' }));
    expect(name).toBe('pentachoron-weights.csv');
    expect(content.toString()).toBe(await clipboard());
  });

  it('follows training: what is trained is there, what is not says why', async () => {
    await pages.server.step(10);
    const page = await open('view=summary');
    const weights = summaryTable(page, 'Weights');
    await expect.poll(() => cellsOf(weights, '256 × 8').then((cells) => cells[1]), soon).toBe('9');
    await expect.poll(() => cellsOf(weights, '128 × 8'), soon).toEqual(['16', 'not begun']);
    await pages.server.step(41);
    const { cv } = golden<Trajectory>('trajectory_d256_h8');
    await expect
      .poll(() => cellsOf(weights, '256 × 8').then((cells) => cells.slice(1, 3)), soon)
      .toEqual(['50', cv.emb![50]!.toFixed(4)]);
    // The full measurement came with the last frame.
    await weights.locator('tbody tr').last().locator('td[title^="standard error"]').first().waitFor();
    expect(complaints()).toEqual([]);
  });
});
