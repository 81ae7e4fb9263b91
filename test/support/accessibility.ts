/** What axe finds on a page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const WCAG_22_AA = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
/** Those of them that look at colours: all that another theme can break. */
export const OF_COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** Rules of WCAG 2.2 A and AA that the page breaks as it is. */
export async function violationsOf(page: Page, runOnly = WCAG_22_AA): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async (rules) => {
    const { axe } = globalThis as unknown as {
      axe: { run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const found = await axe.run({ runOnly: rules, resultTypes: ['violations'] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  }, runOnly);
}

/** Those of both themes, between which the page changes as the system does, whatever is open on it. */
export async function violationsInThemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-theme=${colorScheme}]`).waitFor({ state: 'attached' });
    const violations = await violationsOf(page, colorScheme === 'dark' ? WCAG_22_AA : OF_COLOURS);
    found.push(...violations.map((violation) => `${colorScheme}: ${violation}`));
  }
  return found;
}
