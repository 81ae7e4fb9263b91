/** Runs that programs train elsewhere, on the page of the real server: listed, drawn, read, steered, and how one connects one. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { violationsInThemes, violationsOf } from '../support/accessibility.js';
import { ExternalProgram } from '../support/external-program.js';
import { type OpenedPage, PageBrowser, soon } from '../support/page-browser.js';
import { RealServer } from '../support/real-server.js';

const ACCEPTS = ['pause', 'resume', 'stop', 'checkpoint', 'set'];
const TRACEBACK = `Traceback (most recent call last):
  File "train.py", line 7, in <module>
    step(<img src=x onerror=alert(1)>)
ValueError: learning rate is negative`;

let browser: PageBrowser;
let server: RealServer;
let opened: OpenedPage[] = [];

beforeAll(async () => {
  [browser, server] = await Promise.all([PageBrowser.ofProcess(), RealServer.start(['--sweep', 'none'])]);
});
afterAll(async () => {
  await browser.closePages();
  await server.close();
});
afterEach(async () => {
  await Promise.all(opened.map(({ close }) => close()));
  opened = [];
});

async function open(hash: string, options: Parameters<PageBrowser['open']>[1] = {}): Promise<Page> {
  const one = await browser.open(`${server.url}#${hash}`, options);
  opened.push(one);
  return one.page;
}
const complaints = (): string[] => opened.flatMap((one) => one.complaints);
const losses = (from: number, to: number, offset = 0) =>
  Array.from({ length: to - from }, (_, index) => {
    const step = from + index;
    return [step, { 'train/loss': 1 / (1 + step) + offset, ...(step % 5 === 0 && { 'val/acc': step }) }] as const;
  });
const row = (page: Page, name: string) => page.locator('tr.run', { hasText: name });

describe('runs of other programs', () => {
  it('stand by project and group, and one that was resumed is drawn with what it went back behind', async () => {
    const first = await ExternalProgram.open(server.url, {
      id: 'resumed',
      name: 'resumed one',
      project: 'vision',
      group: 'b',
    });
    await first.log(losses(0, 30));
    const again = await ExternalProgram.open(server.url, { id: 'resumed', resume: 'must' });
    await again.log(losses(20, 40, 0.5));
    const other = await ExternalProgram.open(server.url, { name: 'other one', project: 'vision', group: 'a' });
    await other.log([[3, { 'train/loss': 0.5 }]]);
    const page = await open('sweep=own:vision');
    await row(page, 'resumed one').waitFor();
    expect(await page.locator('tr.run .main').allTextContents()).toEqual(['resumed one', 'other one']);
    await expect.poll(() => row(page, 'resumed one').locator('.epoch').textContent(), soon).toBe('39');
    expect(await row(page, 'resumed one').locator('.loss').textContent()).toBe((1 / 40 + 0.5).toFixed(4));
    await page.getByRole('img', { name: 'train/loss by step' }).waitFor();
    await expect.poll(() => page.locator('metric-chart canvas').count(), soon).toBe(2);
    for (const x of ['time', 'seq', 'seconds']) {
      await page.getByRole('combobox', { name: 'x axis' }).selectOption(x);
      await expect.poll(() => page.url(), soon).toContain(`x=${x}`);
      await expect.poll(() => page.locator('metric-chart canvas').count(), soon).toBe(2);
    }
    await page.getByLabel('filter runs').fill('group=a');
    await expect.poll(() => page.locator('tr.run .main').allTextContents(), soon).toEqual(['other one']);
    expect(await violationsOf(page)).toEqual([]);
    expect(complaints()).toEqual([]);
  });

  it('are paused, resumed and set from the page as far as they obey, and say what is not confirmed', async () => {
    const program = await ExternalProgram.open(server.url, {
      ...{ id: 'steered', name: 'steered', accepts: ACCEPTS, controls: { lr: 0.1, augment: true } },
    });
    await program.log(losses(0, 10));
    const page = await open('view=run&run=steered');
    const view = page.locator('run-view');
    await view.getByRole('button', { name: 'Pause' }).click();
    await view.locator('.status', { hasText: 'pausing' }).waitFor();
    expect((await program.asked()).control).toBe('pause');
    await program.report('paused');
    await view.getByRole('button', { name: 'Resume' }).click();
    await view.locator('.status', { hasText: 'asked to resume' }).waitFor();
    expect((await program.asked()).control).toBe('run');
    await program.report('running');
    await view.locator('.status', { hasText: 'running' }).waitFor();

    await view.getByLabel('lr', { exact: true }).fill('0.01');
    await view.getByRole('button', { name: 'set lr' }).click();
    await view.getByText('asked for 0.01, is 0.1').waitFor();
    expect((await program.asked()).values).toEqual({ lr: 0.01 });
    const reloaded = await open('view=run&run=steered');
    await reloaded.locator('run-view').getByText('asked for 0.01, is 0.1').waitFor();
    await reloaded.close();
    await program.describe({ controls: { lr: 0.01 } });
    await expect.poll(() => view.getByText('asked for 0.01').count(), soon).toBe(0);
    await view.getByLabel('lr', { exact: true }).fill('much');
    await page.keyboard.press('Enter');
    await view.getByText('lr must be a number').waitFor();

    await view.getByRole('button', { name: 'Checkpoint now' }).click();
    await expect.poll(async () => (await program.asked()).checkpoint, soon).toBe(1);
    await view.getByRole('button', { name: 'log', exact: true }).click();
    await view.getByText('asked for a checkpoint by a viewer').waitFor();
    await view.getByText('lr 0.1 → 0.01').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expect(complaints()).toEqual([]);
  });

  it('show what they are and what they printed as text, live, and keep their place for who has scrolled up', async () => {
    const program = await ExternalProgram.open(server.url, {
      ...{ id: 'printing', name: '<b>printing</b>', command: 'python train.py --x "<script>"' },
      config: { model: { name: '<img src=x onerror=alert(1)>', layers: [1, 2] } },
    });
    await program.print(...Array.from({ length: 300 }, (_, n) => `line ${n}`), { text: 'a warning', stream: 'stderr' });
    const page = await open('view=run&run=printing&part=output');
    const view = page.locator('run-view');
    const lines = view.getByRole('region', { name: 'printed lines' });
    await lines.scrollIntoViewIfNeeded();
    await lines.getByText('a warning').waitFor();
    const isAtEnd = () => lines.evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop < 3);
    await expect.poll(isAtEnd, soon).toBe(true);
    await program.print('later');
    await lines.getByText('later').waitFor();
    await expect.poll(isAtEnd, soon).toBe(true);
    await lines.evaluate((box) => (box.scrollTop = 100));
    await view.getByRole('button', { name: 'to the end' }).waitFor();
    await program.print('latest');
    await lines.getByText('latest').waitFor({ state: 'attached' });
    expect(await lines.evaluate((box) => box.scrollTop)).toBe(100);
    await view.getByRole('button', { name: 'to the end' }).click();
    await expect.poll(isAtEnd, soon).toBe(true);
    expect(await view.locator('dt', { hasText: 'model.name' }).locator('+ dd').textContent()).toBe(
      '<img src=x onerror=alert(1)>',
    );
    await view.getByRole('button', { name: 'program', exact: true }).click();
    await view.getByText('python train.py --x "<script>"').waitFor();

    await program.report('failed', TRACEBACK);
    const trace = view.getByRole('region', { name: 'traceback' });
    expect(await trace.textContent()).toBe(TRACEBACK);
    await view.locator('.reason', { hasText: 'failed: ValueError: learning rate is negative' }).waitFor();
    await row(page, 'printing').waitFor({ state: 'attached' });
    await page.locator('tr.reason', { hasText: 'ValueError: learning rate is negative; ' }).waitFor();
    expect(await view.locator('img, script').count()).toBe(0);
    expect(await violationsOf(page)).toEqual([]);
    expect(complaints()).toEqual([]);
  });

  it.each([
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ])('fit into $width pixels, in both themes', async (viewport) => {
    const page = await open('view=run&run=steered', { viewport });
    for (const part of ['series', 'output', 'program', 'log']) {
      await page.locator('run-view').getByRole('button', { name: part, exact: true }).click();
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      expect([part, await violationsInThemes(page)]).toEqual([part, []]);
    }
    expect(complaints()).toEqual([]);
  });

  it('are connected by commands that the page gives, with a token of their own where one is needed', async () => {
    const page = await open('');
    await page.getByRole('button', { name: 'connect a run' }).click();
    const dialog = page.getByRole('dialog', { name: 'Connect a run' });
    const address = server.url.replace(/\/$/, '');
    await dialog.getByText(`PENTACHORON_URL=${address} python -m pentachoron train.py`).waitFor();
    expect(await dialog.getByLabel('Programs need a token').count()).toBe(0);
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');

    // From the first token on everyone needs one; the page that made it is signed in.
    await page.evaluate(() =>
      fetch('./api/tokens', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ name: 'me', role: 'controller' }),
      }),
    );
    await page.reload();
    await page.getByRole('button', { name: 'connect a run' }).click();
    await dialog.getByText('PENTACHORON_TOKEN=TOKEN python').waitFor();
    await dialog.getByRole('button', { name: 'Make a token' }).click();
    await dialog.getByText('a name is needed').waitFor();
    await dialog.getByLabel('Programs need a token').fill('cluster');
    await page.keyboard.press('Enter');
    await dialog.getByText('The token of cluster is in the commands below').waitFor();
    const command = await dialog.getByRole('region', { name: 'unchanged: the command' }).textContent();
    const token = /PENTACHORON_TOKEN=(\S+)/.exec(command ?? '')![1]!;
    const program = await ExternalProgram.open(server.url, { name: 'by token' }, token);
    await program.log([[0, { loss: 1 }]]);
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.getByText(token).count()).toBe(0);
    await page.evaluate(() => (location.hash = 'sweep=own'));
    await row(page, 'by token').waitFor();
    expect(complaints()).toEqual([]);
  });
});
