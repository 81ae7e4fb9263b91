/** Where a Chromium for the page's tests may be found, and how it is started. Installs nothing: install-browser.ts does. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Holds the path of the browser that install-browser.ts has seen start, so that no other is tried after it. */
export const CHOSEN_BROWSER_FILE = 'test/.output/chromium-path.txt';

/**
 * The address bar's list is made of two pages that each window loads, which costs as much time as ours. This switch
 * replaces the one of Playwright, so it also names what would ask the network, wait before painting, or open a panel.
 */
const UNUSED_FEATURES = [
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'],
  ...['AimEnabled', 'HttpsFirstBalancedModeAutoEnable', 'HttpsUpgrades', 'LensOverlay', 'MediaRouter'],
  ...['NetworkTimeServiceQuerying', 'OptimizationHints', 'PaintHolding', 'PreconnectToSearch'],
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'ThirdPartyStoragePartitioning'],
];

/** A name that leads to this machine and is not loopback to the browser: its pages lack what only secure ones have. */
export const INSECURE_HOST = 'page.test';

/** How the tests start it. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  `--disable-features=${UNUSED_FEATURES.join(',')}`,
  `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
];

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const MAC_APPS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const WINDOWS_APP = 'Google/Chrome/Application/chrome.exe';
/** Names of the binary in Playwright's folders, which changed over its versions and differ by system. */
const PLAYWRIGHT_BINARIES =
  /^(chrome|headless_shell|chrome-headless-shell|Chromium|Google Chrome for Testing)(\.exe)?$/;

/**
 * Every Chromium that might start here, best first: the one named by `CHROMIUM_PATH` alone if that is set, else the
 * one chosen before, the system's, Playwright's. Throws if `CHROMIUM_PATH` names a file that does not exist.
 */
export function chromiumCandidates(): string[] {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, but there is no such file`);
    return [named];
  }
  const chosen = existsSync(CHOSEN_BROWSER_FILE) ? [readFileSync(CHOSEN_BROWSER_FILE, 'utf8').trim()] : [];
  return [...new Set([...chosen, ...systemBrowsers(), ...playwrightBrowsers()])].filter((path) => existsSync(path));
}

/** The first of `chromiumCandidates`, or undefined if there is none. */
export function findChromium(): string | undefined {
  return chromiumCandidates()[0];
}

function systemBrowsers(): string[] {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => COMMANDS.map((command) => join(folder, command)));
  const windows = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, WINDOWS_APP));
  return [...onPath, ...MAC_APPS, ...windows];
}

function playwrightBrowsers(): string[] {
  return entries(playwrightCache())
    .filter((name) => /^chromium(_headless_shell)?-\d+$/.test(name))
    .sort()
    .reverse()
    .map((name) => binaryBelow(join(playwrightCache(), name), 5))
    .filter((path) => path !== undefined);
}

function playwrightCache(): string {
  const named = process.env.PLAYWRIGHT_BROWSERS_PATH;
  if (named) return named;
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches/ms-playwright');
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA ?? homedir(), 'ms-playwright');
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ms-playwright');
}

/** A mac app keeps its binary five folders down; elsewhere it is in the second. */
function binaryBelow(folder: string, depth: number): string | undefined {
  if (depth === 0) return undefined;
  const names = entries(folder);
  const binary = names.find((name) => PLAYWRIGHT_BINARIES.test(name));
  if (binary !== undefined) return join(folder, binary);
  for (const name of names) {
    const found = binaryBelow(join(folder, name), depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Names in a folder; none if it is not a folder that can be read. */
function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
