/** Names that would be carried out: as text in every view, in saved files and on the command line, by no policy breached. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from '../support/accessibility.js';
import { ExternalProgram } from '../support/external-program.js';
import { type OpenedPage, PageBrowser } from '../support/page-browser.js';
import { RealServer } from '../support/real-server.js';
import { startCommand } from '../support/run-command.js';

/** Markup, an attribute's end, a formula, a way out of a folder, a prototype. */
const HOSTILE = '<img src=x onerror=alert(1)>"\'><script>alert(1)</script>&=HYPERLINK("http://evil.example")';
const PATH = '../../../etc/passwd';
const FORMULA = '=1+1';

let server: RealServer;
let opened: OpenedPage;
let page: Page;
let runs: { id: string; name: string }[];

beforeAll(async () => {
  const [browser, started] = await Promise.all([PageBrowser.ofProcess(), RealServer.start(['--sweep', 'none'])]);
  server = started;
  const call = async (method: string, path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
  const sweep = { dims: [16, 32], heads: [1, 2], epochs: 4, samples: 30, name: HOSTILE };
  const { runIds } = (await call('POST', 'api/sweeps', sweep)) as { runIds: string[] };
  for (const id of runIds)
    await call('PATCH', `api/runs/${id}`, { name: HOSTILE, notes: HOSTILE, tags: ['<b>tag</b>', '__proto__'] });
  const program = await ExternalProgram.open(server.url, {
    ...{ id: 'program', name: HOSTILE, project: HOSTILE, group: PATH, command: HOSTILE },
    config: { [HOSTILE]: HOSTILE, ['__proto__x']: PATH },
  });
  await program.log(
    [0, 1, 2].map((step) => [step, { [HOSTILE]: step, [PATH]: 2 * step, [FORMULA]: step, constructor: step }]),
  );
  await program.print(HOSTILE, '\u001b[31mred\u001b[0m');
  runs = [...runIds, 'program'].map((id) => ({ id, name: HOSTILE }));
  opened = await browser.open(server.url);
  page = opened.page;
  // Before anything of the page's own, and of what the browser refuses by the page's policy, too.
  await page.addInitScript(() => {
    const kept = globalThis as unknown as { breaches: string[]; alert: (text: string) => void };
    kept.breaches = [];
    kept.alert = (text) => kept.breaches.push(`carried out: ${text}`);
    addEventListener('securitypolicyviolation', (event) =>
      kept.breaches.push(`${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  await page.reload();
});
afterAll(async () => {
  await page.context().close();
  await server.close();
});

/** One page goes through all views, as a viewer does. */
async function show(hash: string): Promise<void> {
  await page.evaluate((to) => (location.hash = to), hash);
}

async function expectInert(): Promise<void> {
  expect(await page.evaluate(() => (globalThis as unknown as { breaches: string[] }).breaches)).toEqual([]);
  expect(await page.locator('img, script:not([src])').count()).toBe(0);
  expect(opened.complaints).toEqual([]);
}

describe('hostile names', () => {
  const parts = ['series', 'measurements', 'output', 'program', 'log'];
  it.each<[view: string, hash: () => string]>([
    ...['trajectories', 'summary', 'head-size', 'heatmap'].map((view): [string, () => string] => [
      view,
      () => `view=${view}`,
    ]),
    ['trajectories', () => 'cv=departure'],
    ['compare', () => `view=compare&runs=${runs.map(({ id }) => id).join(',')}`],
    ...parts.map((part): [string, () => string] => ['run', () => `view=run&run=program&part=${part}`]),
    ['run', () => `view=run&run=${runs[0]!.id}&part=measurements`],
  ])('are text, break no rule and breach no policy: %s', async (view, hash) => {
    await show(hash());
    await page.locator(`${view}-view`).waitFor();
    await page.getByText(HOSTILE).first().waitFor({ state: 'attached' });
    expect(await violationsOf(page)).toEqual([]);
    await expectInert();
  });

  it('leave charts as well-formed SVG and CSV without formulas, in files that are called harmlessly', async () => {
    await show('view=run&run=program&part=series');
    for (const series of [HOSTILE, PATH, FORMULA]) {
      const chart = page.locator('metric-chart', { has: page.getByText(series, { exact: true }) }).first();
      await chart.locator('canvas').waitFor();
      for (const kind of ['SVG', 'CSV']) {
        await chart.hover();
        await chart.getByRole('button', { name: /^more of/ }).click();
        const [file] = await Promise.all([
          page.waitForEvent('download'),
          page.locator('chart-menu').getByRole('button', { name: kind }).click(),
        ]);
        expect(file.suggestedFilename()).toMatch(/^pentachoron-[\w.-]+\.(svg|csv)$/);
        const content = readFileSync(await file.path(), 'utf8');
        if (kind === 'CSV') {
          const header = content.split('\n')[0]!;
          expect(header).not.toMatch(/(^|,)[=+@]/);
          continue;
        }
        const read = await page.evaluate((text) => {
          const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
          const kinds = [...parsed.querySelectorAll('*')].map(({ localName }) => localName);
          return { texts: parsed.documentElement.textContent, kinds: [...new Set(kinds)] };
        }, content);
        expect(read.kinds).not.toContain('parsererror');
        expect(read.kinds).not.toContain('script');
        expect(read.kinds).not.toContain('img');
        expect(read.texts).toContain(series.slice(0, 4));
      }
    }
    await expectInert();
  });

  it.each([HOSTILE, PATH, FORMULA, '\u001b[31mred'])(
    'are no names of tokens, and leave the terminal as it is: %j',
    async (name) => {
      const { code, stdout, stderr } = await startCommand([
        ...['tokens', 'add', name, '--role', 'viewer', '--data', server.folder],
      ]).ended;
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^pentachoron tokens: name must be /);
      expect(stderr).not.toContain('\u001b');
    },
  );
});
