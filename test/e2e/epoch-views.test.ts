/** Summary, head size and heatmap in a real Chromium: their numbers, choices, files, states and keys. */
import { readFileSync } from 'node:fs';
import type { BrowserContextOptions, Download, Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { violationsOf } from '../support/accessibility.js';
import { golden } from '../support/golden.js';
import { RealServer } from '../support/real-server.js';
import { replayedPages } from '../support/replayed-pages.js';

interface Trajectory {
  cv: Record<string, number[]>;
}

const pages = replayedPages();

type Options = BrowserContextOptions;

const { open, complaints } = pages;

/** Trains all of the reference sweep. */
function finish(): void {
  while (pages.server.runs.some(({ run }) => run.status !== 'completed')) pages.server.step(1);
}

const soon = { timeout: 60_000 };
const PHONE: Options = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const VIEWS = ['summary', 'head-size', 'heatmap'] as const;

const card = (page: Page, title: string): Locator =>
  page.locator('summary-table', { has: page.locator('h2', { hasText: new RegExp(`^${title}$`) }) });
/** Without the words that are for screen readers alone. */
const cellsOf = (table: Locator, label: string): Promise<string[]> =>
  table
    .locator('tbody tr', { has: table.page().locator('th', { hasText: label }) })
    .first()
    .locator('td')
    .evaluateAll((cells) =>
      cells.map((cell) => {
        const seen = cell.cloneNode(true) as Element;
        for (const hidden of seen.querySelectorAll('.visually-hidden')) hidden.remove();
        return seen.textContent.replace(/\s+/g, ' ').trim();
      }),
    );
const labels = (table: Locator): Promise<string[]> => table.locator('tbody th span').allTextContents();
const shownEpoch = (page: Page): Promise<string | null> => page.locator('epoch-scrubber output').textContent();
/** Resolves when the frames of all twelve runs are there: a number in each cell, a mark for each in the figure. */
const allCells = (page: Page): Promise<void> =>
  expect.poll(() => page.locator('heatmap-view td .cell > span:not(.visually-hidden)').count(), soon).toBe(12);
const allMarks = (page: Page): Promise<void> =>
  expect.poll(() => page.locator('.large head-size-figure path[transform]').count(), soon).toBe(12);
const cell = (page: Page, name: string): Locator => page.locator('heatmap-view').getByRole('link', { name });
const hash = (page: Page): string => new URL(page.url()).hash;

async function contentOf(download: Download): Promise<Buffer> {
  return readFileSync(await download.path());
}

async function downloaded(page: Page, press: Locator): Promise<{ name: string; content: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), press.click()]);
  return { name: download.suggestedFilename(), content: await contentOf(download) };
}

describe('summary', () => {
  it('shows the fixed sample after training, marks the band, and fades what did not move', async () => {
    finish();
    const page = await open('view=summary');
    const weights = card(page, 'Weights');
    await expect
      .poll(() => cellsOf(weights, '64 × 1'), soon)
      .toEqual([...['64', '50', '0.1588', '0.1402', '0.1364', '0.1321', '0.1472', '0.0854', '98.8']]);
    const row = weights.locator('tbody tr').first();
    await expect.poll(() => row.locator('td.in').count(), soon).toBe(4);
    await row.locator('td.undecided', { hasText: 'undecided' }).waitFor();
    const moved = card(page, 'Movement of activations');
    await expect
      .poll(async () => (await cellsOf(moved, '64 × 4')).slice(2, 4), soon)
      .toEqual(['+0.0007 ±0.0016', '+0.0958 ±0.0202']);
    await expect
      .poll(() => moved.locator('tbody tr').nth(2).locator('td.still').first().textContent(), soon)
      .toContain('not significant');
    expect(complaints()).toEqual([]);
  });

  it('shows the script’s numbers at its three epochs, and says what tells the two samples apart', async () => {
    finish();
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
        .poll(async () => (await cellsOf(card(page, 'Activations'), '128 × 2'))[3], soon)
        .toBe(cv_robust[name]!.act_Q_h0!.toFixed(4));
    }
    await expect.poll(() => hash(page), soon).toBe('#view=summary&sample=script');
    expect(complaints()).toEqual([]);
  });

  it('scrubs to any epoch by keys alone, and a reload keeps it', async () => {
    finish();
    const page = await open('view=summary');
    const slider = page.getByRole('slider', { name: 'epoch' });
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 50 of 50');
    await slider.focus();
    for (let press = 0; press < 38; press++) await page.keyboard.press('ArrowLeft');
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 12 of 50');
    const { cv } = golden<Trajectory>('trajectory_d256_h8');
    const expected = cv.act_K_h0![12]!.toFixed(4);
    await expect.poll(async () => (await cellsOf(card(page, 'Activations'), '256 × 8'))[4], soon).toBe(expected);
    await page.getByText('no standard errors here').waitFor();
    await expect.poll(() => hash(page), soon).toBe('#view=summary&epoch=12');
    await page.reload();
    await expect.poll(async () => (await cellsOf(card(page, 'Activations'), '256 × 8'))[4], soon).toBe(expected);
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 12 of 50');
    await page.keyboard.press('Tab');
    await slider.focus();
    await page.keyboard.press('End');
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 50 of 50');
    await expect.poll(() => hash(page), soon).toBe('#view=summary');
  });

  it('walks through training and ends at the newest epoch', async () => {
    finish();
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
    finish();
    const page = await open('view=summary');
    const activations = card(page, 'Activations');
    const press = () => activations.getByRole('button', { name: 'act_Q_h0' }).click();
    await expect.poll(() => labels(activations), soon).toHaveLength(12);
    const grid = await labels(activations);
    await press();
    await expect.poll(() => labels(activations).then((all) => all[0]), soon).toBe('64 × 8');
    await activations.locator('th[data-column=act_Q_h0][aria-sort=descending]').waitFor();
    await press();
    await expect.poll(() => labels(activations).then((all) => all[0]), soon).toBe('256 × 1');
    // The rows of all tables stand in one order.
    const sorted = await labels(activations);
    await expect.poll(() => labels(card(page, 'Movement of weights')), soon).toEqual(sorted);
    await expect.poll(() => hash(page), soon).toBe('#view=summary&sort=act_Q_h0');
    await press();
    await expect.poll(() => labels(activations), soon).toEqual(grid);
  });

  it('copies a table as Markdown and CSV as it is seen, and gives it as a file', async () => {
    finish();
    const page = await open('view=summary', { permissions: ['clipboard-read', 'clipboard-write'] });
    const weights = card(page, 'Weights');
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
    pages.server.step(10);
    const page = await open('view=summary');
    const weights = card(page, 'Weights');
    await expect.poll(() => cellsOf(weights, '64 × 1').then((cells) => cells[1]), soon).toBe('9');
    await expect.poll(() => cellsOf(weights, '128 × 1'), soon).toEqual(['128', 'not begun']);
    pages.server.step(41);
    const { cv } = golden<Trajectory>('trajectory_d64_h1');
    await expect
      .poll(() => cellsOf(weights, '64 × 1').then((cells) => cells.slice(1, 3)), soon)
      .toEqual(['50', cv.emb![50]!.toFixed(4)]);
    // The full measurement came with the last frame.
    await expect.poll(() => weights.locator('tbody tr').first().locator('td.undecided').count(), soon).toBe(1);
    expect(complaints()).toEqual([]);
  });
});

describe('head size', () => {
  it('tells a stranger which head dims are in the band after training, and what decides', async () => {
    finish();
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
    const answer = page.locator('section', { has: page.getByRole('heading', { name: /^Head dims in the band/ }) });
    await answer.getByText('after training, epoch 50').waitFor();
    const trimmed = async (of: Locator): Promise<string[]> => (await of.allTextContents()).map((text) => text.trim());
    await expect
      .poll(async () => (await trimmed(answer.locator('dl > *'))).slice(0, 4), soon)
      .toEqual(['every head dim', 'act_emb', '128, 256, some of 64', 'act_Q']);
    const decides = page.locator('section', { has: page.getByRole('heading', { name: /^What decides/ }) });
    await expect.poll(async () => (await decides.locator('dd').allTextContents())[1], soon).toBe('act_Q, act_V');
    const table = page.getByRole('table', { name: 'Head sizes in the band' });
    await expect
      .poll(() => trimmed(table.locator('tr', { hasText: 'act_Q' }).locator('td')), soon)
      .toEqual(['0/1', '0/2', '0/3', '1/3', '2/2', '1/1', '35 %', '96 %', '31 %']);
    expect(complaints()).toEqual([]);
  });

  it('shows another series at another epoch by keys alone, and a reload keeps both', async () => {
    finish();
    const page = await open('view=head-size');
    const title = page.locator('#chosen');
    await expect.poll(() => title.textContent(), soon).toBe('act_Q, mean of heads');
    await allMarks(page);
    await page.locator('.small').getByRole('button', { name: /^emb/ }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => title.textContent(), soon).toBe('emb');
    await page.getByRole('slider', { name: 'epoch' }).focus();
    await page.keyboard.press('Home');
    await page.locator('.card').getByText('CV against head dim, epoch 0, before training').waitFor();
    await page.locator('head-size-view details summary').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => hash(page), soon).toBe('#view=head-size&epoch=0&of=emb&of-numbers=1');
    await page.reload();
    await page.getByRole('group', { name: 'the numbers of the figure' }).waitFor();
    await expect.poll(() => title.textContent(), soon).toBe('emb');
    const figure = page.getByRole('img', { name: /^emb by head dim/ });
    await expect.poll(() => figure.getAttribute('aria-label'), soon).toContain('dim decides: it explains 100 %');
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 0 of 50');
  });

  it('tells the point that is pointed at, and lights its run in the table', async () => {
    finish();
    const page = await open('view=head-size');
    await allMarks(page);
    const figure = page.locator('.large head-size-figure');
    const mark = figure.locator('g').first().locator('path[transform]').first();
    await mark.hover();
    await figure.getByText('64 × 8 · head dim 8').waitFor();
    await expect.poll(() => page.locator('tr.run.lit').textContent(), soon).toContain('64 × 8');
  });

  it('gives its figure as PNG, as SVG that any program draws, and its numbers as CSV', async () => {
    finish();
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

/** How many colours a PNG has: a picture that shows nothing has one. */
function colorsOf(page: Page, png: Buffer): Promise<number> {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(image, 0, 0);
    return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)).size;
  }, png.toString('base64'));
}

describe('heatmap', () => {
  it('shows the numbers of the grid, rings what is in the band, and leads to the run by keys', async () => {
    finish();
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
    await expect.poll(() => page.locator('heatmap-view td.band').count(), soon).toBe(4);
    await cell(page, '64 × 8, 0.6976').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => hash(page), soon).toBe('#view=run&run=run-64-8');
    expect(complaints()).toEqual([]);
  });

  it('keeps its scale while the epoch moves, and shows the series and head that are asked for', async () => {
    finish();
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
    await expect.poll(() => hash(page), soon).toBe('#view=heatmap&of=V_h3');
  });

  it('is given as PNG, SVG and CSV', async () => {
    finish();
    const page = await open('view=heatmap');
    await allCells(page);
    const tools = page.locator('heatmap-view .tools');
    const svg = (await downloaded(page, tools.getByRole('button', { name: 'SVG' }))).content.toString();
    for (const value of ['0.6976', '● 0.2425', 'head dim 256', 'in the band']) expect(svg).toContain(value);
    const png = await downloaded(page, tools.getByRole('button', { name: 'PNG' }));
    expect(await colorsOf(page, png.content)).toBeGreaterThan(20);
    const csv = (await downloaded(page, tools.getByRole('button', { name: 'CSV' }))).content.toString();
    expect(csv.split('\n')[1]).toMatch(/^act_Q,64,1,64,0\.001,1,0\.34179\d+,$/);
    expect(complaints()).toEqual([]);
  });
});

describe('every view of one epoch', () => {
  it.each(VIEWS)('says in %s that nothing is there before training, and which choice hides every run', async (view) => {
    const page = await open(`view=${view}`);
    await page
      .getByText(view === 'summary' ? 'not begun' : 'nothing measured')
      .first()
      .waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'walk through training' }).isDisabled(), soon).toBe(true);
    const ids = pages.server.runs.map(({ run }) => run.id).join(',');
    const other = await open(`view=${view}&hidden=${ids}`);
    await other.getByText('No run is shown').waitFor();
    expect(complaints()).toEqual([]);
  });

  it.each(VIEWS.flatMap((view) => (['light', 'dark'] as const).map((theme) => [view, theme] as const)))(
    'breaks no accessibility rule of WCAG 2.2 A and AA (%s, %s)',
    async (view, colorScheme) => {
      pages.server.step(4 * 51 + 30);
      const page = await open(`view=${view}&detail=1`, { colorScheme });
      await page.locator('view-host .card').first().waitFor();
      await expect.poll(() => page.locator('.skeleton').count(), soon).toBe(0);
      expect(await violationsOf(page)).toEqual([]);
    },
  );

  it.each(VIEWS)('fits a phone in %s: nothing wider than the screen, targets of 40 px', async (view) => {
    finish();
    const page = await open(`view=${view}`, PHONE);
    await page.locator('view-host .card').first().waitFor();
    await expect.poll(() => page.locator('.skeleton').count(), soon).toBe(0);
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 50 of 50');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const small = await page
      .locator('view-host')
      .locator('button, select, a, input[type=range]')
      .evaluateAll((targets) =>
        targets
          .filter((target) => target.getBoundingClientRect().height > 0 && target.getBoundingClientRect().height < 40)
          .map((target) => `${target.tagName} ${target.textContent.trim()}`),
      );
    expect(small).toEqual([]);
    expect(complaints()).toEqual([]);
  });

  it('shows every column of the head sizes on a phone', async () => {
    finish();
    const page = await open('view=head-size', PHONE);
    await allMarks(page);
    for (const name of ['means by head size', 'Head sizes in the band']) {
      const { table, room } = await page
        .getByRole('table', { name })
        .evaluate((each) => ({ table: each.scrollWidth, room: each.parentElement!.clientWidth }));
      expect(table, name).toBeLessThanOrEqual(room);
    }
  });

  it('opens a log of the palette on a phone where the runs are folded', async () => {
    finish();
    const page = await open('view=heatmap', PHONE);
    await page.locator('view-host .card').first().waitFor();
    await page.getByRole('button', { name: 'all commands' }).tap();
    await page.keyboard.type('log 64 × 1');
    await page.keyboard.press('Enter');
    await page.locator('run-log-dialog').getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('run-table').waitFor();
    expect(complaints()).toEqual([]);
  });

  it('lists the runs above trajectories on a phone, and above another view when that is asked for', async () => {
    finish();
    const page = await open('view=trajectories', PHONE);
    const table = page.locator('run-table');
    const runs = page.getByRole('button', { name: 'runs', exact: true });
    await table.waitFor();
    await page.getByRole('link', { name: 'Head size' }).tap();
    await table.waitFor({ state: 'hidden' });
    await runs.tap();
    await table.waitFor();
    await runs.tap();
    await table.waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Trajectories' }).tap();
    await table.waitFor();
    // Beside the view there is room for both.
    const desk = await open('view=head-size');
    await desk.locator('run-table').waitFor();
    expect(await desk.getByRole('button', { name: 'runs', exact: true }).count()).toBe(0);
    expect(complaints()).toEqual([]);
  });
});

describe('over the real server', () => {
  let real: RealServer;
  afterEach(() => real.close());

  async function trained(sweep: object): Promise<void> {
    real = await RealServer.start(['--sweep', 'none', '--workers', '2']);
    const body = { samplesPerClass: 5, classes: 4, samples: 100, ...sweep };
    const response = await fetch(`${real.url}api/sweeps`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(201);
    const { runIds } = (await response.json()) as { runIds: string[] };
    await expect
      .poll(
        async () => {
          const { runs } = (await (await fetch(`${real.url}api/runs`)).json()) as { runs: { status: string }[] };
          return runs.filter(({ status }) => status === 'completed').length;
        },
        { timeout: 150_000 },
      )
      .toBe(runIds.length);
  }

  it('shows seeds as mean ± spread, up to 16 heads, and why a head too small has no value', async () => {
    await trained({ dims: [16, 32], heads: [1, 2, 16], seeds: [1, 2, 3], epochs: 1 });
    const page = await open('view=heatmap&of=emb', {}, real.url);
    const several = page.locator('heatmap-view td button').first();
    await expect.poll(() => several.textContent(), soon).toMatch(/0\.\d{4}\s*± 0\.\d{4} · hd 16/);
    await several.click();
    await expect.poll(() => page.locator('.runs a').count(), soon).toBe(3);
    await page.getByRole('link', { name: 'Head size' }).click();
    await page.getByText('against head dim, after training, epoch 1').waitFor();
    await page.locator('head-size-view details summary').click();
    await page.getByRole('columnheader', { name: '± spread' }).waitFor();
    await expect
      .poll(() => page.locator('head-size-view details tbody tr').first().locator('td').last().textContent(), soon)
      .toBe('3 of 3');
    await page.getByRole('link', { name: 'Summary' }).click();
    await expect.poll(() => card(page, 'Heads').locator('tbody tr').count(), soon).toBe(18);
    await expect.poll(() => labels(card(page, 'Heads')), soon).toHaveLength(18);
    await card(page, 'Heads').getByText('fewer than 4 columns').waitFor();
    await page.getByText('seed 3').first().waitFor();
    await page.getByRole('button', { name: 'script draws' }).click();
    // With one epoch the middle is epoch 0.
    await expect.poll(() => page.getByRole('group', { name: 'epoch' }).locator('button').count(), soon).toBe(2);
    expect(complaints()).toEqual([]);
  });

  it('shows one run that is not trained at all: epoch 0', async () => {
    await trained({ dims: [16], heads: [2], epochs: 0 });
    const page = await open('view=summary', {}, real.url);
    await expect.poll(() => cellsOf(card(page, 'Weights'), '16 × 2').then((cells) => cells[1]), soon).toBe('0');
    await expect.poll(() => shownEpoch(page), soon).toBe('epoch 0 of 0');
    await expect
      .poll(async () => (await cellsOf(card(page, 'Movement of weights'), '16 × 2'))[2], soon)
      .toBe('+0.0000 ±0.0000');
    await page.getByRole('link', { name: 'Head size' }).click();
    await page.getByText('nothing to compare yet').waitFor();
    const names = page.locator('head-size-view .small .name');
    const beyond = await names.evaluateAll((all) => all.map((each) => each.scrollWidth - each.clientWidth));
    expect(beyond).toEqual(beyond.map(() => 0));
    expect(beyond).toHaveLength(15);
    await page.getByRole('link', { name: 'Heatmap' }).click();
    await expect.poll(() => page.locator('heatmap-view td a.cell').count(), soon).toBe(1);
    expect(complaints()).toEqual([]);
  });
});
