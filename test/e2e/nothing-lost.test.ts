/** What a night may bring, on the real server: half of a sweep paused on the page, a restart, resumed on the page. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { expectTrajectory, type GoldenTrajectory } from '../support/conformance.js';
import { golden } from '../support/golden.js';
import { PageBrowser } from '../support/page-browser.js';
import { RealServer } from '../support/real-server.js';

const soon = { timeout: 90_000 };
/** Heads of the sweep's runs, in the order in which they train; two at a time do. */
const HEADS = [8, 4, 2, 1];
/** One that trains, and one that waits. */
const PAUSED = [8, 1];

let browser: PageBrowser;
let server: RealServer;

beforeAll(async () => {
  browser = await PageBrowser.ofProcess();
});
afterAll(() => browser.closePages());
beforeEach(async () => {
  server = await RealServer.start(['--sweep', 'none', '--workers', '2', '--engine', 'wasm']);
});
afterEach(() => server.close());

const row = (page: Page, heads: number) => page.locator('tr.run', { hasText: `256 × ${heads}` });

async function press(page: Page, heads: number, action: string): Promise<void> {
  await row(page, heads).hover();
  await row(page, heads).getByRole('button', { name: action }).click();
}

async function api<T>(path: string, body?: object): Promise<T> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return (await (await fetch(`${server.url}api/${path}`, body && post)).json()) as T;
}

it('ends with the golden numbers when half of it was paused over a restart of the server', async () => {
  const { page, complaints } = await browser.open(server.url);
  await page.getByRole('button', { name: 'New sweep' }).waitFor();
  const { runIds } = await api<{ runIds: string[] }>('sweeps', { dims: [256], heads: HEADS });
  for (const heads of PAUSED) await press(page, heads, 'pause');
  for (const heads of PAUSED) await row(page, heads).and(page.locator('.paused')).waitFor();
  const before = complaints.length;
  await server.restart();
  // Lost connections are told on the console; after that there is nothing to complain of.
  await page.locator("connection-badge[kind='live']").waitFor();
  for (const heads of PAUSED) await row(page, heads).and(page.locator('.paused')).waitFor();
  for (const heads of PAUSED) await press(page, heads, 'resume');
  await expect.poll(() => page.locator('tr.run.completed').count(), soon).toBe(HEADS.length);
  // The page asks over HTTP why there is no socket, and hears that the server closes or starts.
  const isOfRestart = (text: string): boolean => /WebSocket|ERR_CONNECTION|poll error|status of 503/.test(text);
  expect(complaints.slice(before).filter((text) => !isOfRestart(text))).toEqual([]);

  for (const [i, heads] of HEADS.entries()) {
    const { rows } = await api<{ rows: (number | null)[][] }>(`runs/${runIds[i]}/frames?format=json`);
    // Step and time stand before the columns.
    const frames = rows.map((row) => row.slice(2));
    expectTrajectory(golden<GoldenTrajectory>(`trajectory_d256_h${heads}`), frames);
    const events = (await api<{ event: string }[]>(`runs/${runIds[i]}/log`)).map(({ event }) => event);
    expect(events.filter((event) => event === 'paused')).toHaveLength(PAUSED.includes(heads) ? 1 : 0);
    expect(events).not.toContain('begun-again');
    expect(events.at(-1)).toBe('completed');
  }
}, 240_000);
