/** The page by keyboard alone: shortcuts, help sheet, command palette, the table, the skip link. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { violationsInThemes } from '../support/accessibility.js';
import { type OpenedPage, PageBrowser, soon } from '../support/page-browser.js';
import { ReplayServer } from '../support/replay-server.js';

let browser: PageBrowser;
let server: ReplayServer;
let opened: OpenedPage;
let page: Page;
let port = 0;

const row = (label: string) => page.locator('tr.run', { hasText: label });
/** The element that has the keyboard, through all shadow roots: its label, or its text. */
const focused = (): Promise<string> =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return (element?.getAttribute('aria-label') ?? element?.textContent ?? '').trim().replace(/\s+/g, ' ');
  });
/** Both at once: a sequence is over when the second letter comes late. */
const pressBoth = (first: string, second: string) =>
  Promise.all([page.keyboard.press(first), page.keyboard.press(second)]);
const view = () => page.locator('nav [aria-current=page]').textContent();

beforeAll(async () => {
  browser = await PageBrowser.ofProcess();
});
afterAll(() => browser.closePages());
beforeEach(async () => {
  // At one address, so that the page of the test before serves this one, too.
  server = await ReplayServer.start({}, port);
  ({ port } = server);
  opened = await browser.open(server.address());
  ({ page } = opened);
  await page.locator('tr.run').first().waitFor();
});
afterEach(async () => {
  await opened.close();
  await server.close();
});

describe('the keys', () => {
  it('open the palette and change views on a keyboard without Latin letters, and not while a text is composed', async () => {
    // Chromium prints what a layout would; only the key in its place is the same.
    const press = (key: string, code: string, more: { ctrlKey?: boolean; isComposing?: boolean } = {}) =>
      page.evaluate((init) => document.body.dispatchEvent(new KeyboardEvent('keydown', init)), {
        ...{ key, code, bubbles: true, composed: true, cancelable: true },
        ...more,
      });
    await press('п', 'KeyG', { isComposing: true });
    await press('ы', 'KeyS', { isComposing: true });
    expect(await view()).toBe('Trajectories');
    await Promise.all([press('п', 'KeyG'), press('ы', 'KeyS')]);
    await expect.poll(view, soon).toBe('Summary');
    await press('л', 'KeyK', { ctrlKey: true });
    await page.locator('command-palette').getByRole('dialog').waitFor();
    expect(opened.complaints).toEqual([]);
  });
});

describe('what opens beside its button', () => {
  it('gives the keyboard back to its button at Escape', async () => {
    for (const name of ['choose', 'more of emb', 'more settings']) {
      await page.getByRole('button', { name, exact: true }).press('Enter');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Escape');
      await expect.poll(focused, soon).toBe(name);
    }
  });

  it('gives it back to the row whose menu it was, after a dialog that was opened from there, too', async () => {
    await page.getByRole('button', { name: 'line of 64 × 4', exact: true }).focus();
    await page.getByRole('button', { name: 'actions of 64 × 4' }).press('Enter');
    await expect.poll(focused, soon).toBe('pause: frees its slot, resume goes on from there');
    await page.keyboard.press('Escape');
    await expect.poll(focused, soon).toBe('actions of 64 × 4');
    await page.keyboard.press('Enter');
    await page.locator('run-menu').getByRole('button', { name: 'log' }).press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(focused, soon).toBe('actions of 64 × 4');
  });
});

describe('shortcuts', () => {
  it('leave no run highlighted that was pointed at in the view before', async () => {
    await server.step(60);
    await pressBoth('g', 's');
    await page.locator('summary-table tbody tr', { hasText: '256 × 2' }).first().hover();
    await page.locator('tr.run.highlighted', { hasText: '256 × 2' }).waitFor();
    await pressBoth('g', 't');
    await page.locator('trajectories-view').waitFor();
    await expect.poll(() => page.locator('tr.run.highlighted').count(), soon).toBe(0);
  });

  it('go to every view, and say so in a sheet at "?"', async () => {
    for (const [letter, name] of [
      ['s', 'Summary'],
      ['h', 'Head size'],
      ['m', 'Heatmap'],
      ['c', 'Compare'],
      ['t', 'Trajectories'],
    ] as const) {
      await pressBoth('g', letter);
      await expect.poll(view, soon).toBe(name);
    }
    await page.keyboard.press('Shift+?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByText('pause or resume the run').waitFor();
    await pressBoth('g', 's');
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    expect(await view()).toBe('Trajectories');
    expect(opened.complaints).toEqual([]);
  });

  it('move through the table, hide and isolate a line, pause the run, open its log', async () => {
    await server.step(3);
    await row('256 × 8').and(page.locator('.running')).waitFor();
    await page.keyboard.press('j');
    await expect.poll(focused, soon).toBe('line of 64 × 1');
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('k');
    await expect.poll(focused, soon).toBe('line of 64 × 2');
    await page.keyboard.press('End');
    await expect.poll(focused, soon).toBe('line of 256 × 8');
    await page.keyboard.press('Home');
    await expect.poll(focused, soon).toBe('line of 64 × 1');
    await page.keyboard.press('Enter');
    await row('64 × 1').and(page.locator('.hidden')).waitFor();
    await page.keyboard.press('o');
    await expect.poll(() => page.locator('tr.run.hidden').count(), soon).toBe(11);
    await page.keyboard.press('a');
    await expect.poll(() => page.locator('tr.run.hidden').count(), soon).toBe(0);
    await page.keyboard.press('End');
    await page.keyboard.press('p');
    await row('256 × 8').and(page.locator('.pausing')).waitFor();
    await page.keyboard.press('l');
    await page.getByRole('dialog').getByText('256 × 8').first().waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(focused, soon).toBe('line of 256 × 8');
    expect(opened.complaints).toEqual([]);
  });

  it('stay on the button that was pressed, which then offers what is next, in a row and for all runs', async () => {
    await server.step(3);
    await row('256 × 8').and(page.locator('.running')).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('End');
    await page.keyboard.press('Tab');
    await expect.poll(focused, soon).toBe('pause 256 × 8');
    await page.keyboard.press('Enter');
    await expect.poll(focused, soon).toBe('resume 256 × 8');
    await page.keyboard.press('ArrowUp');
    await expect.poll(focused, soon).toBe('line of 256 × 4');
    const all = page.getByRole('button', { name: 'Pause all' });
    await all.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => all.isDisabled(), soon).toBe(true);
    const commands = server.controls.length;
    await page.keyboard.press('Enter');
    expect(await all.evaluate((button) => button.matches(':focus'))).toBe(true);
    expect(server.controls.length).toBe(commands);
  });

  it('leave letters to whoever types, and to nobody once they are turned off', async () => {
    await page.keyboard.press('/');
    await expect.poll(focused, soon).toBe('filter runs');
    await page.keyboard.type('dim=128 gs?');
    await expect
      .poll(() => page.getByRole('searchbox', { name: 'filter runs' }).inputValue(), soon)
      .toBe('dim=128 gs?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('searchbox', { name: 'filter runs' }).fill('');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+?');
    await page.getByRole('checkbox', { name: 'listen to single letters' }).uncheck();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('n');
    await page.keyboard.press('j');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.reload();
    await page.locator('tr.run').first().waitFor();
    await page.keyboard.press('n');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'commands' }).waitFor();
  });

  it('reach one row of the table by Tab, its actions by the next', async () => {
    await server.step(3);
    // The other after the one: its actions are those of a run that trains.
    for (const label of ['256 × 8', '256 × 4']) await row(label).and(page.locator('.running')).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await expect.poll(focused, soon).toBe('line of 256 × 4');
    await page.keyboard.press('Tab');
    await expect.poll(focused, soon).toBe('pause 256 × 4');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expect.poll(focused, soon).toBe('actions of 256 × 4');
    await page.keyboard.press('Tab');
    expect(await focused()).not.toContain('256 × 8');
  });

  it('skip the table by the first Tab of all', async () => {
    await page.keyboard.press('Tab');
    await expect.poll(focused, soon).toBe('skip to the view');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.evaluate(() => document.querySelector('app-shell')?.shadowRoot?.activeElement?.localName), soon)
      .toBe('main');
    expect(new URL(page.url()).hash).toBe('');
  });
});

describe('the command palette', () => {
  const open = async (): Promise<void> => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'commands' }).waitFor();
  };
  const options = () => page.locator('command-palette').getByRole('option').allTextContents();

  it('finds a run’s action by a few letters, and does it', async () => {
    await server.step(3);
    await row('256 × 4').and(page.locator('.running')).waitFor();
    await open();
    await page.keyboard.type('pau 256x4');
    await expect.poll(async () => (await options())[0], soon).toMatch(/^\s*pause 256 × 4run\s*$/);
    await page.keyboard.press('Enter');
    await row('256 × 4').and(page.locator('.pausing')).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('is a listbox of which the arrows choose one, named to the field', async () => {
    await open();
    const field = page.getByRole('combobox', { name: 'search commands' });
    const chosen = () => page.locator('command-palette').getByRole('option', { selected: true });
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => chosen().textContent(), soon).toMatch(/Summary/);
    await expect.poll(() => chosen().getAttribute('id'), soon).toBe('option-1');
    await expect.poll(() => field.getAttribute('aria-activedescendant'), soon).toBe('option-1');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    const count = await page.locator('command-palette').getByRole('option').count();
    await expect.poll(() => chosen().getAttribute('id'), soon).toBe(`option-${count - 1}`);
    await page.keyboard.type('zzz');
    await page.getByText('no command by that name').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('does what is typed, whichever command it is', async () => {
    const hidden = () => page.getByRole('dialog').waitFor({ state: 'hidden' });
    for (const [command, happened] of [
      ['heatmap', async () => expect.poll(view, soon).toBe('Heatmap')],
      ['dark theme', async () => expect.poll(() => page.locator('html').getAttribute('data-theme'), soon).toBe('dark')],
      ['new sweep', async () => page.getByRole('dialog').getByLabel('dims').waitFor()],
      ['keyboard', async () => page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()],
      ['filter runs', async () => expect.poll(focused, soon).toBe('filter runs')],
      ['stop 12 shown', async () => expect.poll(() => page.locator('tr.run.stopped').count(), soon).toBe(12)],
      ['only head size 16', async () => expect.poll(() => page.locator('tr.run.hidden').count(), soon).toBe(10)],
    ] as const) {
      await open();
      await page.keyboard.type(command);
      await page.keyboard.press('Enter');
      await happened();
      await page.keyboard.press('Escape');
      await hidden();
    }
    expect(opened.complaints).toEqual([]);
  });

  it('and the help sheet break no accessibility rule in either theme', async () => {
    await open();
    expect(await violationsInThemes(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'commands' }).waitFor({ state: 'hidden' });
    await page.keyboard.press('Shift+?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    expect(await violationsInThemes(page)).toEqual([]);
  });
});
