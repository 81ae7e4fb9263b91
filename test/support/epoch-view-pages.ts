/** What the views of one epoch show: their tables, marks and cells, and the files that they give. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { soon } from './page-browser.js';

/** A table of the summary. */
export function summaryTable(page: Page, title: string): Locator {
  return page.locator('summary-table', { has: page.locator('h2', { hasText: new RegExp(`^${title}$`) }) });
}

/** The cells of the row of that label, without the words that are for screen readers alone. */
export function cellsOf(table: Locator, label: string): Promise<string[]> {
  return table
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
}

export function labelsOf(table: Locator): Promise<string[]> {
  return table.locator('tbody th span').allTextContents();
}

export function shownEpoch(page: Page): Promise<string | null> {
  return page.locator('epoch-scrubber output').textContent();
}

/** Resolves when the heatmap has the frames of all twelve runs: a number in each cell. */
export function allCells(page: Page): Promise<void> {
  const numbers = page.locator('heatmap-view td .cell > span:not(.visually-hidden)');
  return expect.poll(() => numbers.count(), soon).toBe(12);
}

/** Resolves when the large figure of head sizes has a mark for each of the twelve runs. */
export function allMarks(page: Page): Promise<void> {
  return expect.poll(() => page.locator('.large head-size-figure path[transform]').count(), soon).toBe(12);
}

export function hashOf(page: Page): string {
  return new URL(page.url()).hash;
}

/** The file that is given when `press` is pressed. */
export async function downloaded(page: Page, press: Locator): Promise<{ name: string; content: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), press.click()]);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

/** How many colours a PNG has: a picture that shows nothing has one. */
export function colorsOf(page: Page, png: Buffer): Promise<number> {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(image, 0, 0);
    return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)).size;
  }, png.toString('base64'));
}
