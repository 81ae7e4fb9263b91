/** For the tests of a file: the Chromium of their process, and for each test a replay server and the pages that are opened on it. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type OpenedPage, PageBrowser } from './page-browser.js';
import { type ReplayOptions, ReplayServer } from './replay-server.js';

export interface ReplayedPages {
  /** Of the test at hand; nothing trains unless it says so. */
  readonly server: ReplayServer;
  /** Ends that server and starts another one in its place. */
  serve(options: ReplayOptions): Promise<void>;
  /** A page as another viewer would open it. @param hash without its #. @param url without hash, of another server than this one */
  open(hash?: string, options?: BrowserContextOptions, url?: string): Promise<Page>;
  /** What the pages of the test complained of so far. */
  complaints(): string[];
}

/**
 * Called once in a file.
 * @param begin what is done to every server before a page sees it
 * @param ofAll of the servers that tests find
 */
export function replayedPages(
  begin: (server: ReplayServer) => Promise<void> | void = () => undefined,
  ofAll: ReplayOptions = {},
): ReplayedPages {
  let browser: PageBrowser;
  let server: ReplayServer;
  let opened: OpenedPage[] = [];
  /** Of the servers of all tests, one after the other, so that a page that is there serves the next one, too. */
  let port = 0;

  const start = async (options: ReplayOptions): Promise<void> => {
    // A page that is open already would come back to it.
    server = await ReplayServer.start(options, opened.length === 0 ? port : 0);
    if (opened.length === 0) ({ port } = server);
    await begin(server);
  };
  beforeAll(async () => {
    browser = await PageBrowser.ofProcess();
  });
  afterAll(() => browser.closePages());
  beforeEach(() => start(ofAll));
  afterEach(async () => {
    await Promise.all(opened.map((each) => each.close()));
    opened = [];
    await server.close();
  });

  return {
    get server() {
      return server;
    },

    async serve(options) {
      await server.close();
      await start(options);
    },

    async open(hash = '', options = {}, url) {
      const address = url === undefined ? server.address(hash) : `${url}#${hash}`;
      const one = await browser.open(address, options);
      opened.push(one);
      return one.page;
    },

    complaints: () => opened.flatMap(({ complaints }) => complaints),
  };
}
