/** The view of one run in a real Chromium, in every state that the run may be in, and once over the real server. */
import { readFile } from 'node:fs/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violationsInThemes } from '../support/accessibility.js';
import { referenceSweep } from '../../shared/experiments/attention-cv/reference.js';
import { golden } from '../support/golden.js';
import { reachOfLines, soon } from '../support/page-browser.js';
import { RealServer } from '../support/real-server.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages();

/** @param label of the run */
const open = (label: string, options: BrowserContextOptions = {}, more = ''): Promise<Page> =>
  pages.open(`view=run&run=${pages.server.idOf(label)}${more}`, options);

const goTo = (page: Page, label: string): Promise<string> =>
  page.evaluate((hash) => (location.hash = hash), `#view=run&run=${pages.server.idOf(label)}`);

const { complaints } = pages;
const view = (page: Page) => page.locator('run-view');
const status = (page: Page) => view(page).getByRole('status').first();
const control = (page: Page, name: string) => view(page).locator('.controls').getByRole('button', { name });

describe('the view of one run', () => {
  it('shows the run alone as small charts that grow, with its parameters and newest numbers', async () => {
    const page = await open('256 × 4', {}, '&whole=1');
    await pages.server.step(11);
    await view(page).getByRole('heading', { name: '256 × 4' }).waitFor();
    await view(page).getByText('dim 256 × heads 4, head size 64 · seed 42 · Reference sweep').waitFor();
    await expect.poll(() => reachOfLines(page, 'loss'), soon).toBeGreaterThan(0.2);
    const early = await reachOfLines(page, 'loss');
    await pages.server.step(20);
    await expect.poll(() => reachOfLines(page, 'loss'), soon).toBeGreaterThan(early + 0.2);
    // 2 of training, 8 of the whole model and 7 a head.
    await expect.poll(() => page.locator('metric-chart').count(), soon).toBe(2 + 8 + 28);
    await view(page).getByText('epoch 30 of 50').waitFor();
    const figures = await view(page).locator('.newest dd').allTextContents();
    const row = page.locator('tr.run', { hasText: '256 × 4' });
    expect(figures[0]).toBe(await row.locator('td.loss').textContent());
    expect(await view(page).locator('dt', { hasText: 'length' }).locator('+ dd').textContent()).toBe('8');
    expect(complaints()).toEqual([]);
  });

  it('shades the band that was chosen, and tells the numbers of a group epoch by epoch, in the address', async () => {
    const page = await open('256 × 4', {}, '&band=0.2-0.4');
    await pages.server.step(2 * 51);
    await view(page).getByRole('button', { name: 'Training, the numbers' }).click();
    const numbers = view(page).locator('chart-numbers-table');
    await expect.poll(() => numbers.count(), soon).toBe(2);
    await expect.poll(() => numbers.first().locator('tbody tr').count(), soon).toBe(50);
    const last = await numbers.first().locator('tbody tr').last().locator('td').textContent();
    const loss = await view(page).locator('.newest dd').first().textContent();
    expect(Number(last)).toBeCloseTo(Number(loss), 3);
    const bandOf = (chart: Element) => (chart as Element & { settings: { band: object } }).settings.band;
    expect(await page.locator('metric-chart').first().evaluate(bandOf)).toEqual({ low: 0.2, high: 0.4 });
    await expect.poll(() => page.url(), soon).toContain('training-numbers');
    await page.reload();
    await expect.poll(() => numbers.count(), soon).toBe(2);
    await view(page).getByRole('button', { name: 'Training, the numbers' }).click();
    await expect.poll(() => numbers.count(), soon).toBe(0);
    expect(complaints()).toEqual([]);
  });

  it('gives a chart of its as a picture or as numbers, by the chart’s menu', async () => {
    await pages.server.step(360);
    const page = await open('256 × 8');
    const loss = page.locator('metric-chart', { has: page.locator('h3', { hasText: /^loss / }) });
    await expect.poll(() => reachOfLines(page, 'loss'), soon).toBeGreaterThan(0.9);
    const saved = async (item: string): Promise<{ name: string; content: Buffer }> => {
      await loss.getByRole('button', { name: 'more of loss' }).click();
      const menu = page.locator('chart-menu');
      expect(await menu.getByRole('button').count()).toBe(3);
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        menu.getByRole('button', { name: item }).click(),
      ]);
      return { name: file.suggestedFilename(), content: await readFile(await file.path()) };
    };
    const csv = await saved('save data as CSV');
    expect(csv.name).toBe('pentachoron-loss.csv');
    const { losses } = golden<{ losses: number[] }>('trajectory_d256_h8');
    const last = csv.content.toString().trim().split('\n').at(-1)!.split(',');
    expect(Number(last.at(-1))).toBeCloseTo(losses[49]!, 5);
    expect((await saved('save as SVG')).content.toString()).toMatch(/<svg [^]*>256 × 8</);
    expect((await saved('save as PNG')).content.subarray(1, 4).toString()).toBe('PNG');
    expect(complaints()).toEqual([]);
  });

  it('says what a run without frames waits for', async () => {
    const page = await open('64 × 1');
    await view(page)
      .getByText('waits for a free slot, number 12 in line; its curves begin with the first epoch')
      .waitFor();
    await expect.poll(() => status(page).textContent(), soon).toBe('queued');
  });

  it('pauses and resumes it, and shows a command as pending until its event arrives', async () => {
    const page = await open('256 × 8');
    await pages.server.step(5);
    await control(page, 'Pause').click();
    await expect.poll(() => status(page).textContent(), soon).toBe('pausing');
    await pages.server.step(1);
    await view(page).getByText('epoch 5 of 50; resume goes on from there').waitFor();
    await control(page, 'Resume').click();
    await expect.poll(() => status(page).textContent(), soon).toBe('queued');
    expect(pages.server.controls.map(({ action }) => action)).toEqual(['pause', 'resume']);
    expect(complaints()).toEqual([]);
  });

  it('gives the error of a failed run, the epoch where one diverged, and what is left', async () => {
    await pages.server.step(3);
    pages.server.trainerOf('256 × 8').end('failed', 'the trainer process ended by signal SIGKILL');
    pages.server.trainerOf('256 × 4').end('diverged', 'the loss of epoch 3 is NaN');
    const page = await open('256 × 8');
    await view(page).getByText('failed: the trainer process ended by signal SIGKILL').waitFor();
    await view(page).getByText('epoch 2 of 50; epochs up to 2 are kept, resume goes on').waitFor();
    await goTo(page, '256 × 4');
    await view(page).getByText('diverged: the loss of epoch 3 is NaN').waitFor();
    expect(await control(page, 'Resume').count()).toBe(0);
    expect(await control(page, 'Restart').isEnabled()).toBe(true);
  });

  it('says so of a run that is not there, and of one that is deleted while it is viewed', async () => {
    const page = await pages.open('view=run&run=gone');
    await view(page).getByText('No run has the id gone').waitFor();
    pages.server.control('256 × 4', 'stop');
    await goTo(page, '256 × 4');
    await view(page).getByText('epoch 0 of 50, ended by hand; resume').waitFor();
    await view(page).getByRole('button', { name: 'delete the run' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete 256 × 4' });
    await dialog.getByText('This is final').waitFor();
    await dialog.getByRole('button', { name: 'Delete the run' }).click();
    await view(page).getByRole('heading', { name: 'This run was deleted' }).waitFor();
    await view(page).getByRole('link', { name: 'all runs' }).click();
    await page.locator('trajectories-view').waitFor();
    expect(await page.locator('tr.run').count()).toBe(11);
    expect(complaints()).toEqual([]);
  });

  it('links the attempts of a config with one another, and offers nothing to do with the old one', async () => {
    await pages.server.step(3);
    pages.server.trainerOf('256 × 8').end('failed', 'killed');
    const page = await open('256 × 8');
    await control(page, 'Restart').click();
    await page.getByRole('alertdialog', { name: 'Restart 256 × 8?' }).getByRole('button', { name: 'Restart' }).click();
    await view(page).getByRole('link', { name: 'attempt 2' }).click();
    await view(page).getByText('attempt 2, this one').waitFor();
    await view(page).getByText('attempt 1, failed at epoch 2').waitFor();
    await view(page).getByRole('link', { name: 'attempt 1' }).click();
    await view(page).getByText('failed: killed').waitFor();
    // To compare it, and to delete it.
    expect(await view(page).locator('.title button').count()).toBe(2);
    await page.goBack();
    await view(page).getByText('attempt 2, this one').waitFor();
  });

  it('changes name, tags and notes for every viewer, shown as saving until the change arrives', async () => {
    const page = await open('256 × 8');
    const other = await open('256 × 8');
    pages.server.stall(true);
    await view(page).getByRole('button', { name: 'edit name, tags, notes' }).click();
    await view(page).getByLabel('name', { exact: true }).fill('Best so far');
    await view(page).getByLabel('tags', { exact: true }).fill('baseline, , to repeat');
    await view(page).getByLabel('notes', { exact: true }).fill('Loss falls.\nCompare.');
    await view(page).getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => pages.server.runOf('256 × 8').name, soon).toBe('Best so far');
    await view(page).getByRole('button', { name: 'Saving …' }).waitFor();
    expect(await view(page).getByRole('heading', { name: '256 × 8' }).count()).toBe(1);
    pages.server.stall(false);
    for (const each of [page, other]) {
      await view(each).getByRole('heading', { name: 'Best so far' }).waitFor();
      expect(await view(each).getByRole('list', { name: 'tags' }).locator('li').allTextContents()).toEqual([
        'baseline',
        'to repeat',
      ]);
      expect(await view(each).locator('.notes').textContent()).toBe('Loss falls.\nCompare.');
      // The list of runs has it, too, below what tells the run from its neighbours.
      const about = each.locator('tr.run', { hasText: '256 × 8' }).locator('+ tr.about');
      await about.locator('.given', { hasText: 'Best so far' }).waitFor();
      expect(await about.locator('.tag span').allTextContents()).toEqual(['baseline', 'to repeat']);
      expect(await each.locator('tr.about').count()).toBe(1);
    }
    await page.keyboard.press('Control+k');
    await page.keyboard.type('log best so far');
    await page.locator('command-palette').getByText('log of 256 × 8 (Best so far)').waitFor();
    await page.keyboard.press('Escape');
    expect(await view(page).getByRole('button', { name: 'Save' }).count()).toBe(0);
    expect(complaints()).toEqual([]);
  });

  it('shows at the field what the server refuses of a change, and keeps what was typed', async () => {
    const page = await open('256 × 8');
    await view(page).getByRole('button', { name: 'edit name, tags, notes' }).click();
    await view(page).getByLabel('name', { exact: true }).fill('');
    await view(page).getByLabel('tags', { exact: true }).fill('x'.repeat(51));
    await view(page).getByLabel('tags', { exact: true }).press('Enter');
    await expect
      .poll(() => view(page).locator('#name-note').textContent(), soon)
      .toBe('name must be a text of 1 to 200 characters');
    expect(await view(page).locator('#tags-note').textContent()).toBe(
      'each of tags must be a text of 1 to 50 characters',
    );
    await expect
      .poll(
        () =>
          view(page)
            .getByLabel('name', { exact: true })
            .evaluate((input) => input.matches(':focus')),
        soon,
      )
      .toBe(true);
    await page.keyboard.press('Escape');
    await view(page).getByRole('button', { name: 'edit name, tags, notes' }).waitFor();
    expect(pages.server.runOf('256 × 8').name).toBe('256 × 8');
  });

  it('marks in its charts where another engine went on', async () => {
    await pages.serve({ sweep: { ...referenceSweep, dims: [256], heads: [8] } });
    await pages.server.step(20);
    pages.server.control('256 × 8', 'pause');
    await pages.server.step(1);
    pages.server.changeEngine('native');
    pages.server.control('256 × 8', 'resume');
    await pages.server.finish();
    const page = await open('256 × 8');
    const plot = page.locator('small-charts metric-chart .u-over').first();
    await plot.waitFor();
    const { x, y, width, height } = (await plot.boundingBox())!;
    await page.mouse.move(x + width * 0.4, y + height / 2);
    await page.locator('chart-tooltip').getByText('256 × 8: engine wasm → native after epoch 20').waitFor();
  });

  it('shows log and checkpoints, goes on telling, and keeps the part in the address', async () => {
    await pages.server.step(3);
    const page = await open('256 × 8');
    await view(page).getByRole('button', { name: 'log, checkpoints' }).click();
    const told = () => page.locator('run-log-part li b').allTextContents();
    const begun = ['created by an HTTP call', 'started'];
    await expect.poll(told, soon).toEqual(begun);
    await page.getByText('none yet: one is written every few seconds of training').waitFor();
    pages.server.control('256 × 8', 'pause');
    await pages.server.step(1);
    const paused = [...begun, 'checkpoint', 'paused by an HTTP call'];
    await expect.poll(told, soon).toEqual(paused);
    await page.locator('run-log-part td').getByText('1.3 MB').waitFor();
    await expect.poll(() => page.url(), soon).toContain('part=log');
    // A reload breaks off what is being loaded, as the icon: complaints end here.
    expect(complaints()).toEqual([]);
    await page.reload();
    await expect.poll(told, soon).toEqual(paused);
    // The dialog of another run's log leaves this one as it is.
    await page.locator('tr.run', { hasText: '256 × 4' }).hover();
    await page.locator('tr.run', { hasText: '256 × 4' }).getByRole('button', { name: 'actions' }).click();
    await page.locator('run-menu').getByRole('button', { name: 'log' }).click();
    await expect.poll(() => page.getByRole('dialog').locator('li b').allTextContents(), soon).toEqual(begun);
    await page.keyboard.press('Escape');
    expect(await told()).toEqual(paused);
  });

  it('is held against the others by one button', async () => {
    await pages.server.step(60);
    const page = await open('256 × 2');
    await control(page, 'Compare').click();
    const ids = ['64 × 1', '64 × 2', '256 × 2'].map((label) => pages.server.idOf(label));
    await page.locator('compare-view').getByText('each run minus 256 × 2').waitFor();
    await expect.poll(() => page.url(), soon).toContain(`compare=${ids.join(',')}`);
    await page.goBack();
    await view(page).getByRole('heading', { name: '256 × 2' }).waitFor();
  });

  it('offers nothing to a viewer that would change the run', async () => {
    await pages.serve({ role: 'viewer' });
    await pages.server.step(5);
    const page = await open('256 × 8');
    await view(page).getByText('epoch 4 of 50').waitFor();
    expect(await view(page).locator('.title button').allTextContents()).toEqual(['Compare']);
    expect(await view(page).getByRole('button', { name: 'edit' }).count()).toBe(0);
  });

  it('can be worked by keyboard alone', async () => {
    const page = await open('256 × 8');
    await pages.server.step(5);
    await control(page, 'Pause').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => status(page).textContent(), soon).toBe('pausing');
    await view(page).getByRole('button', { name: 'edit name, tags, notes' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('typed');
    await view(page).getByRole('button', { name: 'Save' }).focus();
    await page.keyboard.press('Enter');
    await view(page).getByRole('heading', { name: 'typed', exact: true }).waitFor();
    const edit = view(page).getByRole('button', { name: 'edit name, tags, notes' });
    await expect.poll(() => edit.evaluate((button) => button.matches(':focus')), soon).toBe(true);
    const group = view(page).getByRole('button', { name: /^Weights / });
    await group.focus();
    await page.keyboard.press('Space');
    await expect.poll(() => group.getAttribute('aria-expanded'), soon).toBe('false');
    await expect.poll(() => page.url(), soon).toContain('run-fold=weights');
  });

  it('breaks no accessibility rule in any part, in either theme', async () => {
    await pages.server.step(51 + 30);
    pages.server.patch('256 × 2', { tags: ['baseline'], notes: 'Loss falls.' });
    pages.server.trainerOf('256 × 2').save();
    pages.server.trainerOf('256 × 2').end('failed', 'killed');
    const page = await open('256 × 2');
    await page.locator('metric-chart canvas').first().waitFor();
    expect(await violationsInThemes(page)).toEqual([]);
    await view(page).getByRole('button', { name: 'measurements', exact: true }).click();
    await page.locator('run-measurements td.cv').first().waitFor();
    expect(await violationsInThemes(page)).toEqual([]);
    await view(page).getByRole('button', { name: 'log, checkpoints' }).click();
    await page.locator('run-log-part li').last().waitFor();
    await page.locator('run-log-part td').first().waitFor();
    await view(page).getByRole('button', { name: 'edit name, tags, notes' }).click();
    expect(await violationsInThemes(page)).toEqual([]);
  });

  it('fits a phone, is in view when it is opened, and has targets of 40 px', async () => {
    pages.server.patch('256 × 8', { name: 'a-name-without-any-place-to-break-that-is-wider-than-any-phone-there-is' });
    await pages.server.step(5);
    const page = await open('256 × 8', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const heading = view(page).getByRole('heading', { name: 'a-name-without' });
    await heading.waitFor();
    await expect.poll(async () => (await heading.boundingBox())!.y, soon).toBeLessThan(844);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    for (const target of [
      control(page, 'Pause'),
      view(page).getByRole('button', { name: 'measurements', exact: true }),
    ])
      expect((await target.boundingBox())!.height).toBeGreaterThanOrEqual(40);
  });
});

describe('the view of one run over the real server', () => {
  it('has its measurements, checkpoints, log and files, and changes what is noted of it', async () => {
    const real = await RealServer.start(['--sweep', 'none', '--workers', '1']);
    try {
      const spec = { dims: [16], heads: [2], epochs: 6, classes: 4, samplesPerClass: 10, samples: 20 };
      const created = await fetch(`${real.url}api/sweeps`, {
        method: 'POST',
        body: JSON.stringify(spec),
        headers: { 'Content-Type': 'application/json' },
      });
      const { runIds } = (await created.json()) as { runIds: string[] };
      const page = await pages.open(`view=run&run=${runIds[0]}&part=measurements`, {}, real.url);
      await expect.poll(() => status(page).textContent(), { timeout: 30_000 }).toBe('completed');
      // Epochs 0, 3 and 6: their CVs with standard errors, a row for each of 8 + 7 · 2 series.
      const rows = page.locator('run-measurements tbody tr:not(.group)');
      await expect.poll(() => rows.count(), soon).toBe(22);
      expect(await page.locator('run-measurements th[scope=colgroup]').allTextContents()).toEqual([
        'epoch 0',
        'epoch 3',
        'epoch 6',
      ]);
      await expect.poll(() => rows.first().locator('td.cv').last().textContent(), soon).toMatch(/0\.\d{4} ± 0\.\d{4}/);
      for (const title of ['frames CSV', 'frames JSON', 'measurements JSON', 'log JSON']) {
        const link = view(page).getByRole('link', { name: title });
        const started = page.waitForEvent('download');
        await link.click();
        expect((await started).suggestedFilename()).toBe(await link.getAttribute('download'));
      }
      await view(page).getByRole('button', { name: 'log, checkpoints' }).click();
      await page.locator('run-log-part').getByText('completed', { exact: true }).waitFor();
      await expect.poll(() => page.locator('run-log-part tbody tr').count(), soon).toBeGreaterThan(0);
      await view(page).getByRole('button', { name: 'edit name, tags, notes' }).click();
      await view(page).getByLabel('tags', { exact: true }).fill('kept');
      await view(page).getByRole('button', { name: 'Save' }).click();
      await view(page).getByRole('list', { name: 'tags' }).getByText('kept').waitFor();
      expect(complaints()).toEqual([]);
    } finally {
      await real.close();
    }
  });
});
