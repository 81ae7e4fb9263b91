/** The table of runs in a real Chromium: order, filter, groups, choosers, commands to several runs, 500 rows. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { referenceSweep } from '../../shared/experiments/attention-cv/reference.js';
import { attentionCv } from '../../shared/experiments/attention-cv/experiment.js';
import { newSweep } from '../../server/runs/new-runs.js';
import { golden } from '../support/golden.js';
import { runRow as row, soon, tableNumbers } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages();

async function open(hash = ''): Promise<Page> {
  const page = await pages.open(hash);
  await page.locator('tr.run').first().waitFor();
  return page;
}

const { complaints } = pages;
const labels = (page: Page): Promise<string[]> => page.locator('tr.run .main').allTextContents();
const header = (page: Page, name: string) => page.getByRole('columnheader', { name });

describe('the order of the table', () => {
  it('is that of the pressed column, both ways, in aria-sort, in the address and after a reload', async () => {
    const page = await open();
    await pages.server.step(102);
    await expect.poll(() => page.locator('tr.run.completed').count(), soon).toBe(4);
    await header(page, 'hd').getByRole('button').click();
    await expect
      .poll(() => labels(page), soon)
      .toEqual([
        ...['64 × 8', '64 × 4', '128 × 8', '64 × 2', '128 × 4', '256 × 8'],
        ...['64 × 1', '128 × 2', '256 × 4', '128 × 1', '256 × 2', '256 × 1'],
      ]);
    await header(page, 'loss').getByRole('button').click();
    await header(page, 'loss').getByRole('button').click();
    await expect.poll(() => header(page, 'loss').getAttribute('aria-sort'), soon).toBe('descending');
    await expect.poll(() => header(page, 'hd').getAttribute('aria-sort'), soon).toBe('none');
    await expect.poll(() => page.url(), soon).toContain('runs-order=-loss');
    await page.reload();
    await page.mouse.move(1000, 500);
    const losses = async (): Promise<number[]> =>
      Object.values(await tableNumbers(page)).flatMap(([, loss]) => (loss === '–' ? [] : [Number(loss)]));
    const last = [1, 2, 4, 8].map((heads) => golden<{ losses: number[] }>(`trajectory_d256_h${heads}`).losses.at(-1)!);
    const largestFirst = last.sort((a, b) => b - a).map((loss) => Number(loss.toFixed(4)));
    await expect.poll(losses, soon).toEqual(largestFirst);
    await header(page, 'loss').getByRole('button').click();
    await expect.poll(async () => (await labels(page))[0], soon).toBe('64 × 1');
    expect(complaints()).toEqual([]);
  });

  it('does not move rows under the pointer while values change', async () => {
    const page = await open();
    await header(page, 'progress').getByRole('button').click();
    await header(page, 'progress').getByRole('button').click();
    pages.server.control('256 × 8', 'pause');
    pages.server.control('256 × 4', 'pause');
    await row(page, '64 × 1').hover();
    await pages.server.step(9);
    await expect.poll(async () => (await tableNumbers(page))['256 × 2']?.[0], soon).toBe('8');
    pages.server.control('256 × 2', 'pause');
    await pages.server.step(30);
    await expect.poll(async () => (await tableNumbers(page))['256 × 1']?.[0], soon).toBe('38');
    const under = await row(page, '64 × 1').evaluate((each) => each.matches(':hover'));
    expect(under).toBe(true);
    await page.mouse.move(1000, 500);
    await expect.poll(async () => (await labels(page))[0], soon).toBe('256 × 1');
  });
});

describe('the filter of the table', () => {
  it('lists what passes, says what it cannot understand, stays in the address, and is cleared where it hides all', async () => {
    const page = await open();
    const filter = page.getByRole('searchbox', { name: 'filter runs' });
    await filter.fill('dim=256 heads>2');
    await expect.poll(() => labels(page), soon).toEqual(['256 × 4', '256 × 8']);
    await page.getByText('10 not listed').waitFor();
    await expect.poll(() => decodeURIComponent(page.url()), soon).toContain('runs-filter=dim=256 heads>2');
    await page.reload();
    await expect.poll(() => labels(page), soon).toEqual(['256 × 4', '256 × 8']);
    await filter.fill('dims=256');
    await page.getByText('there is no dims: try dim, heads').waitFor();
    await filter.fill('nothing like it');
    await page.getByText('no run passes the filter').waitFor();
    await page.getByRole('button', { name: 'list all 12' }).click();
    await expect.poll(async () => (await labels(page)).length, soon).toBe(12);
    await expect.poll(() => filter.inputValue(), soon).toBe('');
  });

  it('says what a term that finds nothing could be, and which terms exclude each other', async () => {
    const page = await pages.open('runs-filter=hd%3D17%20tag%3Dgood');
    await page.getByText('“hd=17” finds no run: hd is 8, 16, 32, 64, 128, 256').waitFor();
    await page.getByText('“tag=good” finds no run: no run has tags').waitFor();
    const filter = page.getByRole('searchbox', { name: 'filter runs' });
    await filter.fill('64x4|128/8');
    await expect.poll(() => labels(page), soon).toEqual(['64 × 4', '128 × 8']);
    await page.getByLabel('status of runs').selectOption('completed');
    await page.getByText('“status=completed” finds no run: status is queued').waitFor();
    await pages.server.step(51);
    await page.getByText('without “64x4|128/8” 2, without “status=completed” 2 would be listed').waitFor();
  });

  it('is narrowed by a press on a tag, which every run shows in the table, and widened by another', async () => {
    const page = await open();
    pages.server.patch('64 × 2', { tags: ['good', 'to repeat'] });
    pages.server.patch('256 × 8', { tags: ['to repeat'] });
    const tag = (text: string) => page.getByRole('button', { name: `filter by the tag ${text}` });
    await tag('to repeat').first().click();
    await expect.poll(() => labels(page), soon).toEqual(['64 × 2', '256 × 8']);
    const filter = page.getByRole('searchbox', { name: 'filter runs' });
    await expect.poll(() => filter.inputValue(), soon).toBe('tag="to repeat"');
    expect(await page.locator('tr.hidden').count()).toBe(0);
    await tag('good').click();
    await expect.poll(() => labels(page), soon).toEqual(['64 × 2']);
    await expect.poll(() => tag('good').getAttribute('aria-pressed'), soon).toBe('true');
    await tag('good').click();
    await tag('to repeat').first().click();
    await expect.poll(async () => (await labels(page)).length, soon).toBe(12);
    expect(complaints()).toEqual([]);
  });

  it('by status follows the runs', async () => {
    const page = await open();
    await page.getByLabel('status of runs').selectOption('active');
    await pages.server.step(51);
    await expect.poll(async () => (await labels(page)).length, soon).toBe(10);
    await page.getByLabel('status of runs').selectOption('completed');
    await expect.poll(() => labels(page), soon).toEqual(['256 × 4', '256 × 8']);
  });
});

describe('choosing and commanding several runs', () => {
  const choose = (page: Page, facet: string, value: string) =>
    page.getByRole('group', { name: facet, exact: true }).getByRole('button', { name: value, exact: false }).first();

  it('shows the runs of one dim or head size, and pauses those alone', async () => {
    const page = await open();
    await pages.server.step(3);
    await row(page, '256 × 8').and(page.locator('.running')).waitFor();
    await page.getByRole('button', { name: 'choose' }).click();
    await choose(page, 'dim', '128').click();
    await page.getByText('4 of 12 shown').waitFor();
    await choose(page, 'dim', '256').click();
    await choose(page, 'head size', '64').click();
    await page.getByText('2 of 12 shown').waitFor();
    await page.keyboard.press('Escape');
    await expect
      .poll(() => page.locator('tr.run:not(.hidden) .main').allTextContents(), soon)
      .toEqual(['128 × 2', '256 × 4']);
    await page.getByRole('button', { name: 'Pause 2 shown' }).click();
    await row(page, '256 × 4').and(page.locator('.pausing')).waitFor();
    await pages.server.step(1);
    await expect
      .poll(() => page.locator('tr.run.paused .main').allTextContents(), soon)
      .toEqual(['128 × 2', '256 × 4']);
    expect(pages.server.controls.map(({ runId }) => runId)).toEqual(
      ['128 × 2', '256 × 4'].map((label) => pages.server.idOf(label)),
    );
    await expect.poll(() => page.getByRole('button', { name: 'Pause 0 shown' }).isDisabled(), soon).toBe(true);
    await page.getByRole('button', { name: 'Resume 2 shown' }).click();
    await expect.poll(() => page.locator('tr.run.paused').count(), soon).toBe(0);
    expect(complaints()).toEqual([]);
  });

  it('shows a command as pending until the event, in rows and on the button, and the state never before it', async () => {
    const page = await open();
    await pages.server.step(3);
    await row(page, '256 × 8').and(page.locator('.running')).waitFor();
    pages.server.stall(true);
    await page.getByRole('button', { name: 'Pause all' }).click();
    await expect.poll(() => page.getByText('pause …').count(), soon).toBe(12);
    await expect.poll(() => page.getByRole('button', { name: 'Pause all …' }).isDisabled(), soon).toBe(true);
    expect(await page.locator('tr.run.queued').count()).toBe(10);
    pages.server.stall(false);
    await expect.poll(() => page.locator('tr.run.paused').count(), soon).toBe(10);
    await expect.poll(() => page.getByText('pause …').count(), soon).toBe(0);
  });

  it('names the runs that were refused, with the reason, and takes nothing for done', async () => {
    const page = await open();
    await pages.server.step(3);
    await page.getByRole('searchbox', { name: 'filter runs' }).fill('dim=256 heads>2');
    pages.server.store.isBroken = true;
    await page.getByRole('button', { name: 'Stop 2 shown' }).click();
    const notice = page.locator('toast-list .notice');
    await notice.getByText('stop 2 of 2 runs failed').waitFor();
    await notice.getByText('256 × 4, 256 × 8: nothing was changed: the disk is full').waitFor();
    await expect.poll(() => page.locator('tr.run.running').count(), soon).toBe(2);
    await page.getByRole('button', { name: 'list all' }).click();
    await page.getByRole('button', { name: 'Stop all' }).click();
    await notice.getByText('stop Reference sweep failed').waitFor();
    await expect.poll(() => page.getByText('stop …').count(), soon).toBe(0);
  });
});

describe('several sweeps', () => {
  it('are groups that are shown alone or together, folded, followed while they are shown, kept in the address', async () => {
    const page = await open();
    await pages.server.step(5);
    await page.getByRole('button', { name: 'New sweep' }).click();
    await page.getByLabel('dims').fill('64');
    await page.getByRole('button', { name: /^Start \d+ run/ }).click();
    await expect.poll(() => page.locator('tr.sweep').count(), soon).toBe(2);
    await expect.poll(() => pages.server.followers(pages.server.idOf('64 × 1')), soon).toBe(0);
    await page.getByRole('checkbox', { name: 'show Reference sweep' }).check();
    await expect.poll(() => page.locator('tr.run').count(), soon).toBe(16);
    await expect.poll(() => pages.server.followers(pages.server.idOf('64 × 1')), soon).toBe(1);
    await page.getByRole('heading', { name: '2 sweeps' }).waitFor();
    await page.getByRole('button', { name: 'runs of Reference sweep' }).click();
    await expect.poll(() => page.locator('tr.run').count(), soon).toBe(4);
    await expect.poll(() => page.url(), soon).toContain('runs-folded=');
    await expect.poll(() => page.url(), soon).toMatch(/sweep=[^&]+,[^&]+/);
    await page.reload();
    await expect.poll(() => page.locator('tr.run').count(), soon).toBe(4);
    await expect.poll(() => pages.server.followers(pages.server.idOf('64 × 1')), soon).toBe(1);
    await page.getByRole('button', { name: 'runs of Reference sweep' }).click();
    await page.locator('tr.sweep', { hasText: 'Reference sweep' }).locator('.sweep-name').click();
    await expect.poll(() => page.locator('tr.run').count(), soon).toBe(12);
    await page.getByRole('heading', { name: 'Reference sweep' }).waitFor();
    await expect.poll(() => page.getByRole('checkbox', { name: 'show Reference sweep' }).isDisabled(), soon).toBe(true);
    expect(complaints()).toEqual([]);
  });

  it('stand in line, the ones that can be folded and the others', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'New sweep' }).click();
    await page.getByRole('button', { name: /^Start \d+ run/ }).click();
    await expect.poll(() => page.locator('tr.sweep .fold').count(), soon).toBe(1);
    const lefts = (): Promise<number[]> =>
      page.locator('.sweep-bar').evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().left));
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const [first, second] = await lefts();
      expect(second).toBeCloseTo(first!, 0);
    }
  });
});

describe('a row', () => {
  it('keeps long epochs in their column, whatever stands beside them', async () => {
    const { name, ...spec } = { ...referenceSweep, dims: [256, 512, 1024], epochs: 100_000 };
    const { sweep, runs } = newSweep(attentionCv, spec, name, new Date().toISOString());
    const stopped = runs.map((run, index) => ({
      ...run,
      status: 'stopped' as const,
      step: [7, 1229, 54_321][index % 3]!,
    }));
    await pages.serve({ sweep: null, stored: { sweeps: [sweep], runs: stopped } });
    const page = await open();
    for (const width of [1440, 1000, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const beyond = await page.locator('td.progress').evaluateAll((cells) =>
        cells.map((cell) => {
          const range = document.createRange();
          range.selectNodeContents(cell.querySelector('.epoch')!);
          return range.getBoundingClientRect().right - cell.getBoundingClientRect().right;
        }),
      );
      expect(Math.max(...beyond)).toBeLessThanOrEqual(0.5);
    }
  });
});

describe('many runs', () => {
  it('builds the rows in view alone, and keeps the header in sight, of 492 runs that train', async () => {
    const seeds = Array.from({ length: 41 }, (_, index) => index);
    await pages.serve({ sweep: { ...referenceSweep, seeds }, slots: 12, epochsPerSecond: 2 });
    const page = await open(`view=run&run=${pages.server.idOf('64 × 1')}`);
    await page.getByText(/of 492 done/).waitFor();
    await expect.poll(() => page.getByRole('table').getAttribute('aria-rowcount'), soon).toBe('493');
    await expect.poll(() => page.locator('tr.run').count(), soon).toBeLessThan(120);
    const top = await header(page, 'loss').evaluate((each) => each.getBoundingClientRect().top);
    const panel = page.locator('sweep-panel');
    const most = await panel.evaluate(async (element) => {
      const table = element.shadowRoot!.querySelector('run-table')!.shadowRoot!;
      let rows = 0;
      for (let step = 0; step < 40; step++) {
        element.scrollTop += 240;
        await new Promise(requestAnimationFrame);
        rows = Math.max(rows, table.querySelectorAll('tr.run').length);
      }
      return rows;
    });
    expect(most).toBeGreaterThan(20);
    // Parts that left are let go of a little later than they leave.
    expect(most).toBeLessThan(300);
    expect(await header(page, 'loss').evaluate((each) => each.getBoundingClientRect().top)).toBeLessThan(top);
    const gap = async (): Promise<number> => {
      const [head, under] = await Promise.all([header(page, 'loss').boundingBox(), panel.boundingBox()]);
      return head!.y - under!.y;
    };
    await expect.poll(gap, soon).toBeCloseTo(0, 0);
    // The end moves on while parts that come into view take their real height: one scrolls until it is there.
    const atTheEnd = async (): Promise<number> => {
      await panel.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      return page.locator('tr.run', { hasText: 'seed 40' }).count();
    };
    await expect.poll(atTheEnd, soon).toBeGreaterThan(0);
    await page.getByRole('searchbox', { name: 'filter runs' }).fill('seed=7 dim=64');
    await expect.poll(() => page.locator('tr.run').count(), soon).toBe(4);
    expect(complaints()).toEqual([]);
  });
});
