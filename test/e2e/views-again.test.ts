/** Views that are put away and come back to, in a real Chromium: they must show what is there now. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { runRow, soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages();
const { open, complaints } = pages;

const VIEWS = ['summary', 'head-size', 'heatmap', 'compare', 'run', 'trajectories'] as const;
/** What each says only when it has all of the trained sweep. */
const FINISHED: Record<(typeof VIEWS)[number], RegExp> = {
  summary: / 256 × 8 .* 50 /,
  'head-size': /after training, epoch 50/,
  heatmap: /256 × 4, undecided.*256 × 8/,
  compare: /epoch 50/,
  run: /50 epochs in/,
  trajectories: /act_post_full/,
};

/** All that the view says and marks, through every shadow root. */
function said(page: Page): Promise<string> {
  return page.locator('view-host').evaluate((host) => {
    const told = (node: Node): string => {
      if (node instanceof Text) return node.data.trim();
      if (!(node instanceof Element) || ['STYLE', 'CANVAS'].includes(node.tagName)) return '';
      const children = [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes];
      return `${node.getAttribute('class') ?? ''} ${node.getAttribute('aria-label') ?? ''} ${children.map(told).join(' ')}`;
    };
    return told(host).replace(/\s+/g, ' ');
  });
}

/** What the view says once it says the same twice, with time between for standard errors, which are asked for last. */
async function settled(page: Page): Promise<string> {
  let before = '';
  const isSame = async (): Promise<boolean> => {
    const now = await said(page);
    const same = now === before;
    before = now;
    return same;
  };
  await expect.poll(isSame, { ...soon, interval: 1000 }).toBe(true);
  return before;
}

/** The page's address with another view in it, all else as it is: a change of that would draw the view by itself. */
function addressOf(page: Page, view: string): Promise<string> {
  return page.evaluate(
    ([name, run]) => {
      const fields = new URLSearchParams(location.hash.slice(1));
      fields.set('view', name);
      // A tab leaves the run that was looked at.
      if (name === 'run') fields.set('run', run);
      return fields.toString();
    },
    [view, pages.server.idOf('64 × 4')] as const,
  );
}

async function go(page: Page, view: string): Promise<void> {
  const tab = page.locator(`nav a[href*="view=${view}"]`);
  const address = await addressOf(page, view);
  if (view === 'run') await page.evaluate((hash) => (location.hash = hash), address);
  else await (view === 'trajectories' ? page.getByRole('link', { name: 'Trajectories' }) : tab).click();
  await page.locator(`view-host ${view}-view`).waitFor();
}

describe('a view that is come back to', () => {
  it('says what a page says that is opened then, whichever view it is and whatever changed meanwhile', async () => {
    await pages.server.step(30);
    const page = await open(`view=trajectories&run=${pages.server.idOf('64 × 4')}`);
    await runRow(page, '64 × 1').waitFor();
    for (const view of VIEWS) {
      await go(page, view);
      await expect.poll(() => said(page), soon).not.toBe('');
    }
    await pages.server.finish();
    await expect.poll(() => page.locator('tr.run', { hasText: /50/ }).count(), soon).toBe(12);
    await runRow(page, '128 × 8')
      .getByRole('button', { name: /^line of/ })
      .click();
    await page.getByRole('button', { name: /^theme/ }).click();
    // What is opened tells every page how many watch, and they draw anew: all before any view is come back to.
    const fresh = new Map<string, string>();
    for (const view of VIEWS) {
      const other = await open(await addressOf(page, view));
      await other.getByRole('button', { name: /^theme/ }).click();
      await expect.poll(() => said(other), soon).toMatch(FINISHED[view]);
      fresh.set(view, await settled(other));
      await other.context().close();
    }
    await expect.poll(() => page.locator('.watching').textContent(), soon).toBe('1 watching');
    for (const view of VIEWS) {
      await go(page, view);
      await expect.poll(() => said(page), soon).toBe(fresh.get(view));
    }
    expect(complaints()).toEqual([]);
  });
});
