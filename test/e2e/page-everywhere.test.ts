/** What holds on every view: only the page's own files are asked for, a viewer is given no controls, nothing piles up. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { referenceSweep } from '../../shared/experiments/attention-cv/reference.js';
import { violationsInThemes, violationsOf } from '../support/accessibility.js';
import { runRow as row, soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages();
const phone = { viewport: { width: 390, height: 900 }, hasTouch: true, isMobile: true };

/** The page of a viewer, whom the server lets do nothing. */
async function openAs(role: 'viewer' | 'controller', context: BrowserContextOptions = {}): Promise<Page> {
  await pages.serve({ role });
  return pages.open('', context);
}

describe('a page', () => {
  it('asks nobody but its own server for anything, in any view', async () => {
    const page = await pages.open();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('websocket', (socket) => asked.push(socket.url().replace(/^ws/, 'http')));
    await page.reload();
    await row(page, '64 × 1').waitFor();
    // What the first page was still asking for when it was left.
    const before = pages.complaints().length;
    await pages.server.step(60);
    for (const name of ['Summary', 'Head size', 'Heatmap', 'Compare', 'Trajectories']) {
      await page.getByRole('link', { name }).click();
      await page.locator('nav [aria-current=page]', { hasText: name }).waitFor();
    }
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Escape');
    await page.waitForLoadState('networkidle');
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((url) => !url.startsWith(pages.server.url) && !url.startsWith('data:'))).toEqual([]);
    expect(pages.complaints().slice(before)).toEqual([]);
  });

  it('is scrolled after a reload as it was before, the list of runs too, though both are filled later', async () => {
    await pages.serve({ sweep: { ...referenceSweep, seeds: [1, 2, 3] } });
    const page = await pages.open();
    await pages.server.step(60);
    await row(page, '64 × 1').first().waitFor();
    await page.getByRole('button', { name: /^Weight heads/ }).click();
    await expect.poll(() => page.url(), soon).toContain('fold=');
    const places = () =>
      page.evaluate(() => {
        const panel = document.querySelector('app-shell')?.shadowRoot?.querySelector('sweep-panel');
        return [Math.round(scrollY), Math.round(panel?.scrollTop ?? 0)];
      });
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollHeight), soon).toBeGreaterThan(2400);
    await page.evaluate(() => {
      scrollTo(0, 1300);
      document.querySelector('app-shell')!.shadowRoot!.querySelector('sweep-panel')!.scrollTop = 240;
    });
    await expect.poll(places, soon).toEqual([1300, 240]);
    await page.reload();
    await expect.poll(places, soon).toEqual([1300, 240]);
    await page.goto('about:blank');
    await page.goto(`${pages.server.url}#fold=weight-heads`);
    await row(page, '64 × 1').first().waitFor();
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollHeight), soon).toBeGreaterThan(2400);
    expect(await places()).toEqual([0, 0]);
  });

  it.each([
    ['with a mouse', {}],
    ['by touch', { hasTouch: true, isMobile: true }],
  ])('is never wider than its window, whether the server is there or away, %s', async (_, context) => {
    const page = await pages.open('', context);
    // All are trained: then the views have the most to say.
    await pages.server.step(360);
    await row(page, '64 × 1').waitFor();
    const widths = [320, 390, 600, 761, 768, 820, 900, 980, 1100, 1161, 1281];
    const beyond = async (): Promise<number[]> => {
      const over: number[] = [];
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        over.push((await page.evaluate(() => document.documentElement.scrollWidth)) - width);
      }
      return over;
    };
    const none = widths.map(() => 0);
    for (const name of ['Trajectories', 'Summary', 'Head size', 'Heatmap', 'Compare']) {
      await page.getByRole('link', { name }).click();
      await page.locator('nav [aria-current=page]', { hasText: name }).waitFor();
      await expect.poll(beyond, soon).toEqual(none);
    }
    await page.evaluate((id) => (location.hash = `#view=run&run=${id}`), pages.server.idOf('64 × 4'));
    await page.locator('run-view').getByRole('heading', { name: '64 × 4' }).waitFor();
    await expect.poll(beyond, soon).toEqual(none);
    pages.server.kill();
    await page.getByText(/reconnecting, \d+ s/).waitFor();
    // With as many digits as it gets after ten seconds.
    await page.evaluate(() => {
      const now = performance.now.bind(performance);
      performance.now = () => now() + 10_000;
    });
    await page.getByText(/reconnecting, \d\d s/).waitFor();
    expect(await beyond()).toEqual(none);
  });

  it('lets go of the runs that are deleted and of those that are shown no longer', async () => {
    const page = await pages.open();
    await row(page, '64 × 1').waitFor();
    const id = pages.server.idOf('64 × 1');
    await expect.poll(() => pages.server.followers(id), soon).toBe(1);
    await page.getByRole('button', { name: 'Stop all' }).click();
    await expect.poll(() => page.locator('tr.run.stopped').count(), soon).toBe(12);
    await row(page, '64 × 1').locator('td.loss').click();
    await expect.poll(() => page.url(), soon).toContain(`hidden=${id}`);
    await row(page, '64 × 1').hover();
    await row(page, '64 × 1').getByRole('button', { name: 'actions' }).click();
    await page.locator('run-menu').getByRole('button', { name: 'delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete the run' }).click();
    await expect.poll(() => page.locator('tr.run').count(), soon).toBe(11);
    await expect.poll(() => page.url(), soon).not.toContain('hidden=');
    await expect.poll(() => pages.server.followers(id), soon).toBe(0);
    expect(await page.title()).toBe('done · Reference sweep – Pentachoron');
  });
});

describe('a page of the role viewer', () => {
  it.each([
    ['a desk', {}],
    ['a phone', phone],
  ])('says once that it is read-only and offers nothing that would be refused, on %s', async (_, context) => {
    const page = await openAs('viewer', context);
    await pages.server.step(60);
    pages.server.trainerOf('256 × 2').end('failed', 'the trainer process ended by signal SIGKILL');
    if ('hasTouch' in context) await page.getByRole('button', { name: 'runs', exact: true }).click();
    await page.locator('tr.run.failed').waitFor();
    expect(await page.getByText('read-only').count()).toBe(1);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(await page.evaluate(() => innerWidth));
    for (const name of ['New sweep', 'Pause all', 'Stop all', 'delete the sweep'])
      expect(await page.getByRole('button', { name }).count()).toBe(0);
    const first = row(page, '64 × 4');
    if (!('hasTouch' in context)) await first.hover();
    expect(await first.getByRole('button', { name: /^(pause|resume|stop|restart|extend)/ }).count()).toBe(0);
    await first.getByRole('button', { name: 'actions' }).click();
    expect((await page.locator('run-menu button').allTextContents()).map((text) => text.trim())).toEqual([
      'open',
      'log',
    ]);
    await page.locator('run-menu').getByRole('button', { name: 'log' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'all commands' }).click();
    await page.keyboard.type('pause');
    const offered = await page.locator('command-palette').getByRole('option').allTextContents();
    expect(offered.filter((text) => /^\s*(pause|stop|resume|new sweep)/.test(text))).toEqual([]);
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    for (const key of ['n', 'j', 'p']) await page.keyboard.press(key);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('?');
    const keys = (await page.locator('help-sheet dt').allTextContents()).join();
    expect(keys).toContain('its log');
    expect(keys).not.toMatch(/pause|new sweep/);
    expect(pages.server.controls).toEqual([]);
    expect(pages.complaints()).toEqual([]);
  });

  it('loses its controls, and what was opened by them, when its role changes, and gets them back', async () => {
    const page = await openAs('controller');
    await pages.server.step(5);
    await row(page, '64 × 1').waitFor();
    await page.evaluate((id) => (location.hash = `view=run&run=${id}`), pages.server.idOf('256 × 8'));
    await page.getByRole('button', { name: 'edit name, tags, notes' }).click();
    await page.getByRole('button', { name: 'New sweep' }).click();
    await page.getByRole('dialog').waitFor();
    await pages.server.restart({ role: 'viewer' });
    await page.getByText('read-only').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    for (const name of ['New sweep', 'Pause', 'Stop all', 'Save', 'delete the run', 'edit name, tags, notes'])
      expect([name, await page.getByRole('button', { name }).count()]).toEqual([name, 0]);
    for (const element of ['sweep-form', 'delete-form', 'extend-form', 'confirm-popover'])
      expect([element, await page.locator(element).count()]).toEqual([element, 0]);
    await pages.server.restart({ role: 'controller' });
    await page.getByRole('button', { name: 'New sweep' }).click();
    await page.getByRole('dialog').waitFor();
    // While the server closes it answers 503, and while it is away nobody does: the browser says so.
    const gone = /ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE|status of 503/;
    expect(pages.complaints().filter((text) => !gone.test(text))).toEqual([]);
  });
});

describe('states', () => {
  it('of loss and of emptiness break no accessibility rule in either theme', async () => {
    const page = await pages.open();
    await row(page, '64 × 1').waitFor();
    await page.getByRole('searchbox', { name: 'filter runs' }).fill('dims=3 nothing');
    await page.getByText('no run passes the filter').waitFor();
    await page.getByRole('button', { name: 'choose' }).click();
    expect(await violationsInThemes(page)).toEqual([]);
    await page.keyboard.press('Escape');
    const restarted = pages.server.restart();
    await page.locator('connection-badge[kind=closing]').waitFor();
    expect(await violationsInThemes(page)).toEqual([]);
    await restarted;
    await page.locator('connection-badge[kind=live]').waitFor();
  });
});

describe('a notification', () => {
  it('is asked for by its switch alone, and then tells of the end of runs while the tab is hidden', async () => {
    const page = await pages.open();
    await page.context().grantPermissions(['notifications'], { origin: pages.server.url.slice(0, -1) });
    await page.evaluate(() => {
      const told: string[] = [];
      function recorded(title: string): void {
        told.push(title);
      }
      const requestPermission = () => Promise.resolve(told.push('asked') > 0 ? 'granted' : 'denied');
      const Recorded = Object.assign(recorded, { permission: 'granted', requestPermission });
      Object.assign(globalThis, { Notification: Recorded, told });
      Object.defineProperty(document, 'hidden', { get: () => true });
    });
    const told = () => page.evaluate(() => (globalThis as unknown as { told: string[] }).told);
    await row(page, '64 × 1').waitFor();
    await pages.server.step(1);
    pages.server.trainerOf('256 × 8').end('failed', 'killed');
    await page.locator('tr.run.failed').waitFor();
    expect(await told()).toEqual([]);
    const bell = page.getByRole('button', { name: 'notify when a run ends' });
    expect(await bell.getAttribute('aria-pressed')).toBe('false');
    await bell.click();
    await expect.poll(() => bell.getAttribute('aria-pressed'), soon).toBe('true');
    await pages.server.step(50);
    await expect.poll(told, soon).toEqual(['asked', '256 × 4 completed']);
    await pages.server.step(1);
    await expect.poll(told, soon).toEqual(['asked', '256 × 4 completed', '256 × 2 completed']);
    await page.reload();
    await row(page, '64 × 1').waitFor();
    expect(await bell.getAttribute('aria-pressed')).toBe('true');
  });
});
