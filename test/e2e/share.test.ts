/** A server that has tokens, as a user starts it, and those who share it, each in a browser of their own. */
import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OF_COLOURS, violationsOf } from '../support/accessibility.js';
import { INSECURE_HOST } from '../support/chromium.js';
import { type OpenedPage, PageBrowser, runRow as row, soon, tableNumbers } from '../support/page-browser.js';
import { RealServer } from '../support/real-server.js';

const SECRET = 'some-secret-123';
const TOKEN = ['--token', `Ann:controller:${SECRET}`];
/** Long enough that nothing ends by itself while the test looks on. */
const EPOCHS = 5000;

let browser: PageBrowser;
let server: RealServer;
let opened: OpenedPage[];

beforeAll(async () => {
  browser = await PageBrowser.ofProcess();
});
afterAll(() => browser.closePages());
beforeEach(() => {
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map(({ close }) => close()));
  await server.close();
});

async function serve(...flags: string[]): Promise<void> {
  server = await RealServer.start(['--sweep', 'none', '--workers', '1', ...flags]);
}

/** As one who has never been here. */
async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const one = await browser.open(url, options);
  opened.push(one);
  return one.page;
}

async function begin(root = server.url): Promise<void> {
  const response = await fetch(`${root}api/sweeps`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Shared', dims: [16], heads: [1], epochs: EPOCHS }),
  });
  expect(response.status).toBe(201);
}

const complaints = (): string[] => opened.flatMap((one) => one.complaints);
const epochOf = async (page: Page): Promise<number> => Number((await tableNumbers(page))['16 × 1']?.[0]);

describe('a page that does not stand at the root', () => {
  /** Follows a run live, reads its log and its files over HTTP, and gives it a command. */
  async function works(page: Page, root: string): Promise<void> {
    await expect.poll(() => epochOf(page), soon).toBeGreaterThan(20);
    await page.getByRole('button', { name: 'Pause all' }).click();
    await row(page, '16 × 1').and(page.locator('.paused')).waitFor();
    const id = await page.locator('tr.run').getAttribute('data-run');
    await page.evaluate((hash) => (location.hash = hash), `view=run&run=${id}&part=log`);
    const view = page.locator('run-view');
    await view.getByText('paused by Ann').waitFor();
    const link = await view.getByRole('link', { name: 'log JSON' }).evaluate((a) => (a as HTMLAnchorElement).href);
    expect(link).toBe(`${root}api/runs/${id}/log`);
    expect(await page.evaluate(async (url) => (await fetch(url)).status, link)).toBe(200);
    expect(complaints()).toEqual([]);
  }

  it('works under a base path', async () => {
    await serve('--base-path', '/x', ...TOKEN);
    const root = `${server.url}x/`;
    await begin(root);
    // Whoever leaves the last slash out means the same.
    await works(await open(`${server.url}x?token=${SECRET}`), root);
  });

  it('works behind a proxy that takes the path away', async () => {
    await serve(...TOKEN);
    await begin();
    const proxy = await startProxy('/runs');
    try {
      await works(await open(`${proxy.root}?token=${SECRET}`), proxy.root);
    } finally {
      await proxy.close();
    }
  });
});

/** Listens for what the page's policy forbids; asked later. */
async function policyBreaches(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const kept = globalThis as unknown as { breaches: string[] };
    kept.breaches = [];
    addEventListener('securitypolicyviolation', (event) =>
      kept.breaches.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    );
  });
  return () => page.evaluate(() => (globalThis as unknown as { breaches: string[] }).breaches);
}

const dialog = (page: Page) => page.locator('share-dialog').getByRole('dialog');
const holder = (page: Page, name: string) => dialog(page).getByRole('listitem').filter({ hasText: name });

/** Makes a link as a controller does, and answers it. */
async function makeLink(page: Page, name: string, role: 'view' | 'control'): Promise<string> {
  await dialog(page).getByLabel('for whom').fill(name);
  await dialog(page).getByRole('button', { name: role, exact: true }).click();
  await dialog(page).getByRole('button', { name: 'Create link' }).click();
  const link = dialog(page).getByLabel(`The link of ${name}`).getByRole('textbox');
  return link.inputValue();
}

describe('sharing', () => {
  it('by a link to view: it is watched live without a control, listed, and revoked', async () => {
    await serve(...TOKEN);
    await begin();
    const page = await open(`${server.url}?token=${SECRET}#whole=1`);
    await row(page, '16 × 1').waitFor();
    await page.getByRole('button', { name: 'share' }).click();
    const breaches = await policyBreaches(page);
    const link = await makeLink(page, 'Bob', 'view');
    expect(link).toMatch(new RegExp(`^${server.url}\\?token=[\\w-]{32}#whole=1$`));
    expect(await violationsOf(page)).toEqual([]);
    await expect.poll(() => holder(page, 'Ann').textContent(), soon).toMatch(/control\s+connected\s+by --token/);
    expect(await holder(page, 'Ann').getByRole('button').count()).toBe(0);
    await expect.poll(() => holder(page, 'Bob').textContent(), soon).toMatch(/view\s+not here now/);

    const bob = await open(link);
    await expect.poll(() => epochOf(bob), soon).toBeGreaterThan(20);
    const early = await epochOf(bob);
    await expect.poll(() => epochOf(bob), soon).toBeGreaterThan(early);
    expect(bob.url()).toBe(`${server.url}#whole=1`);
    await bob.getByText('read-only').waitFor();
    await row(bob, '16 × 1').hover();
    for (const name of [/^pause/i, /^stop/i, /^delete/, 'New sweep', 'share'])
      expect([name, await bob.getByRole('button', { name }).count()]).toEqual([name, 0]);
    expect(await bob.getByText('2 watching').getAttribute('title')).toBeNull();

    await expect.poll(() => holder(page, 'Bob').textContent(), soon).toMatch(/view\s+connected/);
    await page.getByText('2 watching: Ann (control), Bob (view)').waitFor({ state: 'attached' });
    await holder(page, 'Bob').getByRole('button', { name: 'revoke Bob' }).click();
    await page.getByRole('alertdialog').getByText('Its link stops working').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    await expect.poll(() => holder(page, 'Bob').count(), soon).toBe(0);
    await bob.getByRole('button', { name: 'Sign in' }).waitFor({ timeout: 10_000 });
    await page.getByText('1 watching').waitFor();
    expect(await breaches()).toEqual([]);
    expect(complaints().filter((each) => !each.includes('401') && !each.includes('WebSocket'))).toEqual([]);
  });

  it('from an open server closes it, and this browser stays inside', async () => {
    await serve();
    const page = await open(server.url);
    await page.getByRole('button', { name: 'share' }).click();
    await dialog(page).getByText('Nobody has to sign in yet.').waitFor();
    await dialog(page).getByText('Others cannot open the link: 127.0.0.1 is').waitFor();
    await dialog(page).getByText('everyone who opens this page on this machine').waitFor();
    await dialog(page).getByRole('button', { name: 'Create link' }).click();
    await dialog(page).getByText('a name is needed').waitFor();
    await makeLink(page, 'Bob', 'control');
    await dialog(page).getByText('From now on everyone has to sign in').waitFor();
    await expect.poll(() => holder(page, 'this browser').textContent(), soon).toMatch(/control\s+connected/);
    const stranger = await open(server.url);
    await stranger.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'share' }).click();
    await dialog(page).getByLabel('for whom').fill('Bob');
    await page.keyboard.press('Enter');
    await dialog(page).getByText('there is a token of the name Bob already').waitFor();
    await dialog(page).getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('alertdialog').getByText('this browser needs a link or a token').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  it('asks for a token on a page that breaks no rule, in either theme', async () => {
    await serve(...TOKEN);
    for (const query of ['', '?token=nobody-has-this']) {
      const page = await open(`${server.url}${query}`);
      const breaches = await policyBreaches(page);
      const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      const light = await background();
      expect(await violationsOf(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await background()).not.toBe(light);
      expect(await violationsOf(page, OF_COLOURS)).toEqual([]);
      // Whatever it loads was loaded before anyone listened: the console has it.
      expect([await breaches(), complaints().filter((each) => /policy/i.test(each))]).toEqual([[], []]);
      // Its style has come through.
      const weight = await page
        .getByRole('button', { name: 'Sign in' })
        .evaluate((button) => getComputedStyle(button).fontWeight);
      expect(weight).toBe('650');
    }
  });

  it('keeps what a link shows over a sign-in, also after a token that was none', async () => {
    await serve(...TOKEN);
    const page = await open(`${server.url}#v=heatmap`);
    for (const token of ['nope', SECRET]) {
      await page.getByLabel('Token').fill(token);
      await page.getByRole('button', { name: 'Sign in' }).click();
      if (token === 'nope') await page.getByText('This token is not valid').waitFor();
    }
    await page.waitForURL((url) => url.pathname === '/');
    expect(new URL(page.url()).hash).toBe('#v=heatmap');
  });

  it('fits a phone, open, with a link made, and beside the bar’s other buttons', async () => {
    await serve(...TOKEN);
    await begin();
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const page = await open(`${server.url}?token=${SECRET}`, phone);
    await row(page, '16 × 1').waitFor({ state: 'attached' });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.getByRole('button', { name: 'share' }).click();
    await makeLink(page, 'Somebody with quite a long name indeed', 'view');
    await holder(page, 'Somebody').waitFor();
    expect(await dialog(page).evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    expect(await violationsOf(page)).toEqual([]);
  });
});

it('a page that comes by plain http begins and restarts runs, and copies, without what it lacks there', async () => {
  await serve(...TOKEN);
  const page = await open(`${server.url.replace('127.0.0.1', INSECURE_HOST)}?token=${SECRET}`);
  await page.getByRole('button', { name: 'New sweep' }).click();
  expect(await page.evaluate(() => [isSecureContext, 'randomUUID' in crypto])).toEqual([false, false]);
  await page.getByLabel('dims').fill('16');
  await page.getByLabel('heads').fill('1');
  await page.getByLabel('epochs', { exact: true }).fill('5');
  await page.getByRole('button', { name: 'Start 1 run' }).click();
  await row(page, '16 × 1').and(page.locator('.completed')).waitFor();
  await row(page, '16 × 1').hover();
  await row(page, '16 × 1').getByRole('button', { name: 'restart' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Restart' }).click();
  await expect.poll(() => page.locator('tr.run').count(), soon).toBe(2);
  expect(await page.getByRole('button', { name: 'notify when a run ends' }).count()).toBe(0);
  await page.getByRole('button', { name: 'share' }).click();
  const link = await makeLink(page, 'Bob', 'view');
  expect(await page.getByText('Others cannot open the link').count()).toBe(0);
  await dialog(page).getByRole('button', { name: 'Copy' }).click();
  await dialog(page).getByRole('button', { name: 'Copied' }).waitFor();
  await dialog(page)
    .getByLabel('for whom')
    .evaluate((input) => input.removeAttribute('maxlength'));
  await dialog(page).getByLabel('for whom').focus();
  await page.keyboard.press('Control+v');
  expect(await dialog(page).getByLabel('for whom').inputValue()).toBe(link);
  // Of the headers that only https gives a meaning to the browser says that it passes them over.
  expect(complaints().filter((each) => !/Cross-Origin-Opener-Policy|Origin-Agent-Cluster/.test(each))).toEqual([]);
});

describe('a page that loses access', () => {
  it('becomes the page that signs in, by itself and once, and the token typed in brings the runs back', async () => {
    await serve('--host', '127.0.0.1', ...TOKEN);
    await begin();
    const made = await fetch(`${server.url}api/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Bob', role: 'viewer' }),
    });
    const { secret } = (await made.json()) as { secret: string };
    const page = await open(`${server.url}?token=${secret}`);
    await row(page, '16 × 1').waitFor();
    let loads = 0;
    page.on('load', () => (loads += 1));
    await fetch(`${server.url}api/tokens/Bob`, { method: 'DELETE', headers: { authorization: `Bearer ${SECRET}` } });
    await page.getByRole('button', { name: 'Sign in' }).waitFor({ timeout: 10_000 });
    await page.waitForTimeout(1500);
    expect(loads).toBe(1);
    await page.getByLabel('Token').fill('not-the-token-1');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This token is not valid, or not any more.').waitFor();
    await page.getByLabel('Token').fill(SECRET);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await row(page, '16 × 1').waitFor();
    expect(page.url()).not.toContain(SECRET);
  });
});

/** Passes on what begins with `prefix`, without it. */
async function startProxy(prefix: string): Promise<{ root: string; close: () => Promise<unknown> }> {
  const { hostname, port } = new URL(server.url);
  const sockets = new Set<Socket>();
  const inner = (url = ''): string => url.replace(prefix, '');
  const proxy = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const passed = httpRequest({ hostname, port, method, path: inner(url), headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  proxy.on('connection', (socket) => sockets.add(socket));
  proxy.on('upgrade', ({ url, rawHeaders }, socket: Socket) => {
    const passed = connect(Number(port), hostname);
    sockets.add(passed);
    for (const each of [socket, passed]) each.on('error', () => undefined);
    const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []));
    passed.write(`GET ${inner(url)} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    socket.pipe(passed).pipe(socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    root: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${prefix}/`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => proxy.close(resolve));
    },
  };
}
