/** Head size and heatmap in a real Chromium: their numbers, choices, files and keys. */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { allCells, allMarks, cellsOf, colorsOf, downloaded, hashOf, shownEpoch } from '../support/epoch-view-pages.js';
import { golden } from '../support/golden.js';
import { soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

interface Trajectory {
  cv: Record<string, number[]>;
}

const pages = replayedPages();
const { open, complaints } = pages;

const cell = (page: Page, name: string): Locator => page.locator('heatmap-view').getByRole('link', { name });

describe('head size', () => {
  it('tells a stranger which head sizes are in the band after training, and what decides', async () => {
    await pages.server.finish();
    const page = await open('');
    await page.getByRole('link', { name: 'Head size' }).click();
    const chosen = page.locator('head-size-answer');
    const sentence = async (): Promise<string> =>
      ((await chosen.locator('.sentence').textContent()) ?? '').replace(/\s+/g, ' ').trim();
    await expect
      .poll(sentence, soon)
      .toBe(
        'In the band 0.13 – 0.30 after training, epoch 50: head sizes 128, 256 · undecided: 64 · outside: 8, 16, 32',
      );
    await chosen.getByText('The dims differ: dim 64 – none in; dim 128 – 128 in, 64 undecided').waitFor();
    const means = page.getByRole('table', { name: 'means by head size' });
    await expect
      .poll(() => cellsOf(means, 'all dims'), soon)
      .toEqual(['0.698', '0.462', '0.371', '0.312', '0.260', '0.242']);
    const marks = means.locator('tbody tr').first().locator('td');
    expect(await marks.evaluateAll((cells) => cells.map((each) => each.getAttribute('class')))).toEqual([
      ...['out', 'out', 'out', 'undecided', 'in', 'in'],
    ]);
    const answer = page.locator('section', { has: page.getByRole('heading', { name: /^Head sizes in the band \d/ }) });
    await answer.getByText('after training, epoch 50').waitFor();
    const trimmed = async (of: Locator): Promise<string[]> => (await of.allTextContents()).map((text) => text.trim());
    await expect
      .poll(async () => (await trimmed(answer.locator('dl > *'))).slice(0, 4), soon)
      .toEqual(['every head size', 'act_emb', '8, some of 16, 32, 64', 'emb, out_proj']);
    const decides = page.locator('section', { has: page.getByRole('heading', { name: /^What decides/ }) });
    await expect.poll(async () => (await decides.locator('dd').allTextContents())[1], soon).toBe('act_Q, act_V');
    const table = page.getByRole('table', { name: 'Head sizes in the band' });
    await expect
      .poll(() => trimmed(table.locator('tr', { hasText: 'act_Q' }).locator('td')), soon)
      .toEqual(['0/1', '0/2', '0/3', '0/3+2?, 2 undecided', '2/2', '1/1', '35 %', '96 %', '31 %']);
    expect(complaints()).toEqual([]);
  });

  it('shows another series at another epoch by keys alone, and a reload keeps both', async () => {
    await pages.server.finish();
    const page = await open('view=head-size');
    const title = page.locator('#chosen');
    await expect.poll(() => title.textContent(), soon).toBe('act_Q, mean of heads');
    await allMarks(page);
    await page.locator('.small').getByRole('button', { name: /^emb/ }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => title.textContent(), soon).toBe('emb');
    await page.getByRole('slider', { name: 'epoch' }).focus();
    await page.keyboard.press('Home');
    await page.locator('.card').getByText('CV against head size, epoch 0, before training').waitFor();
    await page.locator('head-size-view details summary').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => hashOf(page), soon).toBe('#view=head-size&epoch=0&of=emb&of-numbers=1');
    await page.reload();
    await page.getByRole('group', { name: 'the numbers of the figure' }).waitFor();
    await expect.poll(() => title.textContent(), soon).toBe('emb');
    const figure = page.getByRole('img', { name: /^emb by head size/ });
    await expect.poll(() => figure.getAttribute('aria-label'), soon).toContain('dim decides: it explains 100 %');
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 0 of 50');
  });

  it('tells the point that is pointed at, and lights its run in the table', async () => {
    await pages.server.finish();
    const page = await open('view=head-size');
    await allMarks(page);
    const figure = page.locator('.large head-size-figure');
    const mark = figure.locator('g').first().locator('path[transform]').first();
    await mark.hover();
    await figure.getByText('64 × 8 · head size 8').waitFor();
    await expect.poll(() => page.locator('tr.run.highlighted').textContent(), soon).toContain('64 × 8');
  });

  it('gives its figure as PNG, as SVG that any program draws, and its numbers as CSV', async () => {
    await pages.server.finish();
    const page = await open('view=head-size&of=act_Q');
    await allMarks(page);
    const tools = page.locator('head-size-view .tools');
    const svg = await downloaded(page, tools.getByRole('button', { name: 'SVG' }));
    expect(svg.name).toBe('pentachoron-head-size-act_Q.svg');
    const text = svg.content.toString();
    expect(text).toContain('act_Q, mean of heads · after training, epoch 50 · band 0.13 – 0.3');
    expect(text).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+(\.\d+)?"/);
    expect(text).not.toMatch(/oklch|var\(|<!--/);
    expect(text.match(/<path/g)!.length).toBeGreaterThanOrEqual(12 + 3);
    const png = await downloaded(page, tools.getByRole('button', { name: 'PNG' }));
    expect(png.content.subarray(1, 4).toString()).toBe('PNG');
    const [width, height] = [png.content.readUInt32BE(16), png.content.readUInt32BE(20)];
    expect(width / height).toBeCloseTo(
      Number(/width="([\d.]+)"/.exec(text)![1]) / Number(/height="([\d.]+)"/.exec(text)![1]),
      2,
    );
    expect(await colorsOf(page, png.content)).toBeGreaterThan(20);
    const csv = await downloaded(page, tools.getByRole('button', { name: 'CSV' }));
    expect(csv.content.toString().split('\n')).toHaveLength(1 + 12 + 1);
    expect(complaints()).toEqual([]);
  });
});

describe('heatmap', () => {
  it('shows the numbers of the grid, rings what is in the band, and leads to the run by keys', async () => {
    await pages.server.finish();
    const page = await open('view=heatmap');
    await cell(page, '256 × 2, in the band, 0.2558').waitFor();
    await allCells(page);
    const values = page.locator('heatmap-view td .cell > span:not(.visually-hidden)');
    await expect
      .poll(() => values.allTextContents(), soon)
      .toEqual([
        ...['0.3418', '0.3889', '0.4830', '0.6976', '0.2651', '0.3005', '0.3624', '0.4416'],
        ...['0.2425', '0.2558', '0.2930', '0.3620'],
      ]);
    await expect.poll(() => page.locator('heatmap-view td.band').count(), soon).toBe(3);
    // 128 × 2 and 256 × 4 are nearer to an edge than their errors: broken rings, and said in words.
    await expect.poll(() => page.locator('heatmap-view td.undecided').count(), soon).toBe(2);
    await cell(page, '256 × 4, undecided, 0.2930').waitFor();
    await cell(page, '64 × 8, 0.6976').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => hashOf(page), soon).toBe(`#view=run&run=${pages.server.idOf('64 × 8')}`);
    expect(complaints()).toEqual([]);
  });

  it('judges no cell before the standard errors of its run are here', async () => {
    await pages.server.finish();
    const page = await open('');
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/runs/*/measurements', (route) => held.then(() => route.continue()));
    await page.goto(`${pages.server.url}#view=heatmap`);
    await page.reload();
    await allCells(page);
    const marked = page.locator('heatmap-view').locator('td.band, td.undecided');
    const said = page.locator('tr.run .cv').locator('text=/band|undecided/');
    expect([await marked.count(), await said.count()]).toEqual([0, 0]);
    await cell(page, '256 × 4, 0.2930').waitFor();
    release();
    await expect.poll(() => marked.count(), soon).toBe(5);
    expect(complaints()).toEqual([]);
  });

  it('keeps its scale while the epoch moves, and shows the series and head that are asked for', async () => {
    await pages.server.finish();
    const page = await open('view=heatmap&epoch=0');
    const scale = page.getByRole('img', { name: /^colours from/ });
    const label = () => scale.getAttribute('aria-label');
    await expect.poll(label, soon).toBe('colours from 0.1994 to 0.6976');
    await page.getByRole('button', { name: 'newest' }).click();
    await cell(page, '64 × 8, 0.6976').waitFor();
    expect(await label()).toBe('colours from 0.1994 to 0.6976');
    await page.getByLabel('series').selectOption('V');
    await page.getByLabel('head', { exact: true }).selectOption('head 3');
    const { cv } = golden<Trajectory>('trajectory_d128_h4');
    await cell(page, `128 × 4, ${cv.V_h3![50]!.toFixed(4)}`).waitFor();
    await cell(page, '128 × 2, no value').waitFor();
    await expect.poll(() => hashOf(page), soon).toBe('#view=heatmap&of=V_h3');
  });

  it('is given as PNG, SVG and CSV', async () => {
    await pages.server.finish();
    const page = await open('view=heatmap');
    await allCells(page);
    // The files say what the page shows: their marks are there once the runs' standard errors are.
    await cell(page, '256 × 4, undecided, 0.2930').waitFor();
    await expect.poll(() => page.locator('heatmap-view').locator('td.band, td.undecided').count(), soon).toBe(5);
    const tools = page.locator('heatmap-view .tools');
    const svg = (await downloaded(page, tools.getByRole('button', { name: 'SVG' }))).content.toString();
    for (const value of ['0.6976', '● 0.2425', '○ 0.2930', 'head size 256', '● in the band', '○ undecided'])
      expect(svg).toContain(value);
    const png = await downloaded(page, tools.getByRole('button', { name: 'PNG' }));
    expect(await colorsOf(page, png.content)).toBeGreaterThan(20);
    const csv = (await downloaded(page, tools.getByRole('button', { name: 'CSV' }))).content.toString();
    expect(csv.split('\n')[1]).toMatch(/^act_Q,64,1,64,0\.001,1,0\.34179\d+,,0\.0\d+,out$/);
    expect(complaints()).toEqual([]);
  });
});
