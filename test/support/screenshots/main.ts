/**
 * `npm run screenshots`: a picture of every scene in both themes, as a desktop and as a phone show it, from a replay of
 * the reference runs' true numbers. `--only TEXT` takes those alone whose names hold it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { PageBrowser } from '../page-browser.js';
import { ReplayServer } from '../replay-server.js';
import { type Scene, SCENES } from './scenes.js';

const DEVICES: Record<'desktop' | 'phone', BrowserContextOptions> = {
  desktop: { viewport: { width: 1440, height: 980 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};
/** No screen is as long; a browser's picture has an end, too. */
const LONGEST_PX = 9000;
/** A page that is never still is taken as it is. */
const MOST_LOOKS = 20;

const { only, out } = new Command('screenshots')
  .description('Takes pictures of every view in both themes, as a desktop and as a phone show them.')
  .option('--only <text>', 'only pictures whose names hold this', '')
  .option('--out <folder>', 'where they go', 'screenshots')
  .parse()
  .opts<{ only: string; out: string }>();

const browser = await PageBrowser.launch();
mkdirSync(out, { recursive: true });
let taken = 0;
try {
  for (const scene of SCENES)
    for (const device of ['desktop', 'phone'] as const)
      for (const theme of ['light', 'dark'] as const) {
        const name = `${scene.name}-${device}-${theme}`;
        if (!name.includes(only)) continue;
        writeFileSync(join(out, `${name}.png`), await picture(scene, device, theme));
        taken++;
      }
} finally {
  await browser.close();
}
console.log(`${taken} pictures in ${out}`);
if (taken === 0) process.exitCode = 1;

async function picture(scene: Scene, device: keyof typeof DEVICES, theme: 'light' | 'dark'): Promise<Buffer> {
  const server = await ReplayServer.start(scene.options);
  if (scene.before === undefined) await server.finish();
  else await scene.before(server);
  const at = typeof scene.at === 'function' ? scene.at(server) : scene.at;
  const options = { ...DEVICES[device], colorScheme: theme };
  const { page } = await browser.open(server.address(at), options);
  try {
    await still(page);
    await scene.then?.(page, server);
    if (device === 'phone' || scene.whole === true) await showAll(page);
    return await still(page);
  } finally {
    await page.context().close();
    await server.close();
  }
}

/** A window as long as the page, so that what is drawn only in view is drawn. */
async function showAll(page: Page): Promise<void> {
  const { width } = page.viewportSize()!;
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(LONGEST_PX, height) });
}

/** The page once it looks the same twice. */
async function still(page: Page): Promise<Buffer> {
  let before = await page.screenshot();
  for (let look = 0; look < MOST_LOOKS; look++) {
    const now = await page.screenshot();
    if (now.equals(before)) break;
    before = now;
  }
  return before;
}
