/** A pointer that rests in a chart while everything else changes: the tooltip tells what is below it now, or nothing. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { soon } from '../support/page-browser.js';
import { replayedPages } from '../support/replayed-pages.js';

const pages = replayedPages();
const { open, complaints } = pages;

/** What the tooltip tells; null while it is hidden. */
function told(page: Page): Promise<string | null> {
  return page.locator('chart-tooltip').evaluate((tooltip) => {
    const text = (tooltip.shadowRoot?.textContent ?? '').replace(/\s+/g, ' ').trim();
    return tooltip.matches(':popover-open') ? text : null;
  });
}

/** Changes one choice in the page's address and nothing else; null = as at first. */
function choose(page: Page, name: string, value: string | null): Promise<void> {
  return page.evaluate(
    ([key, chosen]) => {
      const fields = new URLSearchParams(location.hash.slice(1));
      if (chosen === null) fields.delete(key);
      else fields.set(key, chosen);
      location.hash = fields.toString();
    },
    [name, value] as const,
  );
}

describe('the tooltip of a pointer at rest', () => {
  it('follows every change of what is below it: zoom, x axis, smoothing, hidden and deleted runs, another view', async () => {
    await pages.server.finish();
    const page = await open('view=trajectories');
    const chart = page.locator('metric-chart', { has: page.locator('h3', { hasText: /^emb / }) });
    await chart.scrollIntoViewIfNeeded();
    const over = chart.locator('.u-over');
    await over.hover();
    await expect.poll(() => told(page), soon).toMatch(/^epoch 25 · emb/);
    await choose(page, 'zoom', '0,10');
    await expect.poll(() => told(page), soon).toMatch(/^epoch 5 · emb/);
    await choose(page, 'smooth', '0.5');
    await expect.poll(() => told(page), soon).toMatch(/smoothed/);
    await choose(page, 'zoom', null);
    await choose(page, 'smooth', null);
    await choose(page, 'x', 'seconds');
    await expect.poll(() => told(page), soon).toMatch(/^[\d.]+ s · emb/);
    await choose(page, 'x', null);
    await expect.poll(() => told(page), soon).toMatch(/^epoch 25 · emb.*128 × 4/);
    await choose(page, 'hidden', pages.server.idOf('128 × 4'));
    await expect.poll(() => told(page), soon).not.toMatch(/128 × 4/);
    const gone = pages.server.runs.filter(({ config }) => config.dim !== 64);
    for (const { id } of gone) await fetch(`${pages.server.url}api/runs/${id}`, { method: 'DELETE' });
    await expect.poll(() => told(page), soon).toMatch(/^epoch 25 · emb 64 × /);
    await expect.poll(() => told(page), soon).not.toMatch(/128|256/);
    await choose(page, 'find', 'act_Q_h0');
    // Hidden where nothing is below the pointer any more.
    await expect.poll(async () => (await told(page)) ?? '', soon).not.toMatch(/· emb/);
    await choose(page, 'find', null);
    await choose(page, 'view', 'summary');
    await expect.poll(() => told(page), soon).toBeNull();
    expect(complaints()).toEqual([]);
  });
});
