/**
 * Sees to it that the page's tests have a Chromium that starts: the one found, else Playwright's download, else
 * Debian's package. Fails with the one command to run; it never lets the tests go on without a browser.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { CHOSEN_BROWSER_FILE, chromiumCandidates } from './chromium.js';

const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;

/** Where this file runs, `node_modules` is above it; the CLI is not among the package's exports. */
const playwrightCli = join(dirname(createRequire(import.meta.url).resolve('playwright-core')), 'cli.js');

const refusals: string[] = [];

/** The first candidate that starts; a file of the right name may be a placeholder or lack libraries. */
async function startingBrowser(): Promise<string | undefined> {
  for (const executablePath of chromiumCandidates()) {
    try {
      const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: 60_000 });
      await browser.close();
      return executablePath;
    } catch (error) {
      const [firstLine = ''] = String(error instanceof Error ? error.message : error).split('\n');
      refusals.push(`${executablePath} does not start: ${firstLine}`);
    }
  }
  return undefined;
}

function run(command: string, args: string[]): boolean {
  process.stderr.write(`${command} ${args.join(' ')}\n`);
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: DOWNLOAD_TIMEOUT_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}

const mayUseApt = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
const ways: (() => boolean)[] = [
  () => true,
  () => run(process.execPath, [playwrightCli, 'install', '--only-shell', 'chromium']),
  () =>
    mayUseApt && run('apt-get', ['update']) && run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']),
];

async function chooseBrowser(): Promise<string | undefined> {
  for (const way of ways) {
    const found = way() ? await startingBrowser() : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

try {
  const chosen = await chooseBrowser();
  if (chosen === undefined) {
    const advice =
      process.platform === 'linux'
        ? 'sudo npx playwright-core install --with-deps chromium'
        : 'npx playwright-core install chromium';
    throw new Error([`No Chromium starts here, and none could be installed. Run: ${advice}`, ...refusals].join('\n  '));
  }
  mkdirSync(dirname(CHOSEN_BROWSER_FILE), { recursive: true });
  writeFileSync(CHOSEN_BROWSER_FILE, `${chosen}\n`);
  process.stderr.write(`Browser for the page's tests: ${chosen}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
