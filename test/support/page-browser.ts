/** A Chromium for tests of the page, which collects everything that a page should never say. */
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { CHROMIUM_ARGS, findChromium } from './chromium.js';

/** For what is polled: seconds enough for a slow machine; the wait ends with the condition. */
export const soon = { timeout: 60_000 };

export interface OpenedPage {
  page: Page;
  /** Console errors and warnings (CSP violations are among them), uncaught errors, failed requests. */
  complaints: string[];
  /** Closes the page, and those that were opened beside it. */
  close: () => Promise<void>;
}

const VIEWPORT = { width: 1440, height: 980 };
/** Without an icon of its own the browser would ask the server for one, and the next test would hear that there is none. */
const PARKED = '<link rel="icon" href="data:,">';

export class PageBrowser {
  static #ofProcess: PageBrowser | undefined;
  readonly #browser: Browser;
  /** Parked pages, each alone in its window, by the options that the windows were made with. */
  readonly #idle = new Map<string, Page[]>();

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(): Promise<PageBrowser> {
    const executablePath = findChromium();
    if (executablePath === undefined) throw new Error('no Chromium found: npx playwright-core install chromium');
    // Half a minute, which is the default, may not be enough on a machine that others use, too.
    return new PageBrowser(await chromium.launch({ executablePath, args: CHROMIUM_ARGS, timeout: 150_000 }));
  }

  /**
   * The one of all test files that share a process, because it takes seconds of a core to start; one that crashed is
   * replaced. It ends with the process.
   */
  static async ofProcess(): Promise<PageBrowser> {
    const present = PageBrowser.#ofProcess;
    if (present !== undefined && present.#browser.isConnected()) return present;
    return (PageBrowser.#ofProcess = await PageBrowser.launch());
  }

  /** Each page that is open has a context of its own, as another viewer would. */
  async open(url: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
    const parked = this.#idle.get(JSON.stringify(options))?.pop();
    const context = parked?.context() ?? (await this.#browser.newContext({ viewport: VIEWPORT, ...options }));
    const page = await pageAt(url, context, parked);
    page.setDefaultTimeout(60_000);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => {
      // A page that is left, as by a reload, breaks off what it was asking for; that is no fault.
      const cause = request.failure()?.errorText ?? 'failed';
      if (cause !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${cause}`);
    });
    await page.goto(url);
    let closing: Promise<void> | undefined;
    // Once: the window may be another test's by then.
    const close = (): Promise<void> => (closing ??= this.#release(page, options));
    return { page, complaints, close };
  }

  /**
   * Another test may have the window, and where its server has the same address the page, too: to make them takes as
   * long as to load ours. Nothing is left in them.
   */
  async #release(page: Page, options: BrowserContextOptions): Promise<void> {
    const context = page.context();
    if (!this.#browser.contexts().includes(context)) return;
    if (options.permissions !== undefined) return context.close();
    const others = context.pages().filter((each) => each !== page);
    await Promise.all(others.map((each) => each.close()));
    // What a page that is gone has stored can be cleared no more.
    if (page.isClosed() || !(await park(page, options))) return context.close();
    await context.clearCookies();
    await context.clearPermissions();
    const key = JSON.stringify(options);
    this.#idle.set(key, [...(this.#idle.get(key) ?? []), page]);
  }

  /** Those that are open, with what they keep. */
  async closePages(): Promise<void> {
    this.#idle.clear();
    await Promise.all(this.#browser.contexts().map((context) => context.close()));
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

/** The parked page where it is one of the same server: to another one the browser would begin a process for it. */
async function pageAt(url: string, context: BrowserContext, parked: Page | undefined): Promise<Page> {
  if (parked !== undefined && new URL(parked.url()).origin === new URL(url).origin) return parked;
  await parked?.close();
  return context.newPage();
}

/** Leaves nothing of a test on the page, nor what it stored; false where it is at no server's address any more. */
async function park(page: Page, options: BrowserContextOptions): Promise<boolean> {
  page.removeAllListeners();
  try {
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    const parking = new URL('/parked', page.url()).href;
    await page.route(parking, (route) => route.fulfill({ contentType: 'text/html', body: PARKED }));
    await page.goto(parking);
    await page.unrouteAll();
    await page.evaluate(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
    const { viewport = VIEWPORT, colorScheme = 'light', reducedMotion = 'no-preference' } = options;
    await page.emulateMedia({ media: null, colorScheme, reducedMotion, forcedColors: options.forcedColors ?? 'none' });
    if (viewport !== null) await page.setViewportSize(viewport);
    return true;
  } catch {
    return false;
  }
}

/** The share of a chart's width that lines reach; 0 before any. What the eye sees, read from the pixels. */
export async function reachOfLines(page: Page, metric: string): Promise<number> {
  const canvas = page
    .locator('metric-chart', { has: page.locator('h3', { hasText: new RegExp(`^${metric} `) }) })
    .locator('canvas');
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    // Read from a copy: reading the chart's own canvas would slow it down, and the browser would complain.
    const copy = Object.assign(document.createElement('canvas'), { width, height });
    const context = copy.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(element as HTMLCanvasElement, 0, 0);
    const pixels = context.getImageData(0, 0, width, height).data;
    for (let x = width - 1; x >= 0; x--) {
      for (let y = 0; y < height; y++) {
        const at = 4 * (y * width + x);
        const [red, green, blue, alpha] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!, pixels[at + 3]!];
        // Furniture is grey; only lines are coloured.
        if (alpha > 128 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) return x / width;
      }
    }
    return 0;
  });
}

/** The table's rows of the run with this label, and of those that were made of it. */
export function runRow(page: Page, label: string): Locator {
  return page.locator('tr.run', { hasText: label });
}

/** What the table says of each run, by its label: [progress, loss, accuracy, act_emb]. */
export async function tableNumbers(page: Page): Promise<Record<string, string[]>> {
  return page.locator('run-table').evaluate((table) => {
    const rows = [...table.shadowRoot!.querySelectorAll('tr.run')];
    return Object.fromEntries(
      rows.map((row) => [
        row.querySelector('.main')!.textContent,
        ['.epoch', 'td.loss', 'td.acc', 'td.cv'].map((selector) => row.querySelector(selector)!.textContent.trim()),
      ]),
    );
  });
}
