/** What is measured of the page, each over a server and a page of its own: numbers in, a line of the table out. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import type { Run } from '../../../shared/run.js';
import { startClockedServer } from './clocked-process.js';
import { MadeServer, type MadeSweep } from './made-server.js';
import { heldBytes, takeSnapshot } from './heap-content.js';
import { installProbe } from './probe.js';

import { type Point, quantile, slopeOf } from './slope.js';

export interface Line {
  what: string;
  target: string;
  reached: string;
  met: boolean;
}

export interface Measure {
  /** For `--only`. */
  name: string;
  measure: (browser: Browser, options: { minutes: number; rounds: number }) => Promise<Line[]>;
}

const PATIENCE_MS = 300_000;
/** No line for this long: everything is drawn. */
const IDLE_MS = 700;
const SCROLL_SECONDS = 8;
/** As many as there are charts with all groups of the reference sweep open. */
const IDLE_CANVASES = 66;
/** The reference sweep on two cores of a laptop: 612 frames in 12 s; the heap is watched at ten times that. */
const REPLAY_FRAMES_PER_SECOND = 500;
const SWEEPS_BETWEEN_SNAPSHOTS = 10;
/** A pointer for every run that was ever there would be seven times that. */
const NEGLIGIBLE_KB_PER_MINUTE = 0.5;

export const MEASURES: readonly Measure[] = [
  { name: 'live', measure: live },
  { name: 'fifty', measure: fifty },
  { name: 'load', measure: (browser) => load(browser, '240 frames/s, 12 runs, all groups', { epochs: 3000 }) },
  {
    name: 'charts',
    // 2 + 8 + 7 · 572 charts.
    measure: (browser) =>
      load(browser, '4,014 charts, 240 frames/s, 2 runs', { dims: [572], heads: [572], seeds: [1, 2], epochs: 12_000 }),
  },
  { name: 'heap', measure: heap },
  { name: 'script', measure: script },
];

/** Frames from trainers to pixels while the reference sweep trains, and opening the page once it is finished. */
async function live(browser: Browser, { rounds }: { rounds: number }): Promise<Line[]> {
  const server = await startClockedServer();
  try {
    const page = await open(browser, server.url, { latencies: true });
    const created = await fetch(`${server.url}api/sweeps`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ dims: [64, 128, 256], heads: [1, 2, 4, 8] }),
    });
    if (!created.ok) throw new Error(await created.text());
    await until(async () => {
      const { runs } = (await (await fetch(`${server.url}api/runs`)).json()) as { runs: Run[] };
      return runs.length === 12 && runs.every(({ status }) => status === 'completed');
    });
    await idle(page);
    const latencies = (await page.evaluate(() => window.probe.shown)).flatMap(({ at, frames }) =>
      frames.flatMap(({ runId, fromSeq, rows }) => {
        const committed = server.committed.get(`${runId} ${fromSeq + rows - 1}`);
        return committed === undefined || at < committed ? [] : [at - committed];
      }),
    );
    await page.context().close();
    const p95 = quantile(latencies, 0.95);
    const opening: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const next = await open(browser, server.url);
      opening.push((await firstLine(next)) / 1000);
      await next.context().close();
    }
    const first = quantile(opening, 0.5);
    return [
      {
        what: `frame committed → pixels drawn, two trainers at full speed, p95 (${latencies.length} frames)`,
        ...{ target: '< 150 ms', reached: `${p95.toFixed(0)} ms (median ${quantile(latencies, 0.5).toFixed(0)})` },
        met: p95 < 150,
      },
      {
        what: `first chart with data, 12 finished runs, median of ${rounds}`,
        ...{ target: '≤ 1.0 s', reached: `${first.toFixed(2)} s`, met: first <= 1 },
      },
    ];
  } finally {
    await server.close();
  }
}

async function fifty(browser: Browser, { rounds }: { rounds: number }): Promise<Line[]> {
  const seeds = Array.from({ length: 50 }, (_, index) => index + 1);
  const server = await MadeServer.start({ dims: [64], heads: [8], seeds });
  server.finish();
  try {
    const all: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const page = await open(browser, server.url);
      await firstLine(page);
      await idle(page);
      all.push((await page.evaluate(() => window.probe.lastLine ?? NaN)) / 1000);
      await page.context().close();
    }
    const drawn = quantile(all, 0.5);
    return [
      {
        what: `all charts in view drawn, 50 runs × 64 series × 50 epochs, median of ${rounds}`,
        ...{ target: '≤ 2.0 s', reached: `${drawn.toFixed(2)} s`, met: drawn <= 2 },
      },
    ];
  } finally {
    await server.close();
  }
}

async function load(browser: Browser, what: string, sweep: MadeSweep): Promise<Line[]> {
  const server = await MadeServer.start(sweep);
  try {
    server.setPace(240);
    const idleBefore = await idleFrames(browser);
    const page = await open(browser, server.url);
    await firstLine(page);
    const closed = page.locator('chart-group button[aria-expanded=false]');
    // All at once: one that has opened meanwhile would be waited for.
    await closed.evaluateAll((buttons) => buttons.forEach((button) => (button as HTMLElement).click()));
    const series = Math.max(...server.runs.map(({ run }) => run.series.length));
    const charts = 2 + series;
    await until(async () => (await page.locator('metric-chart').count()) === charts);
    await page.evaluate(() => window.probe.scroll(1));
    const { framesPerSecond, longestTaskMs } = await page.evaluate(
      (seconds) => window.probe.scroll(seconds),
      SCROLL_SECONDS,
    );
    await page.context().close();
    const idlePage = (idleBefore + (await idleFrames(browser))) / 2;
    const longest = longestTaskMs === 0 ? 'none above 50 ms' : `${longestTaskMs.toFixed(0)} ms`;
    return [
      {
        what: `${what} (${charts} charts): longest task while scrolling`,
        ...{ target: '≤ 100 ms', reached: longest, met: longestTaskMs <= 100 },
      },
      {
        what: `${what}: frames per second while scrolling (beside it what ${IDLE_CANVASES} canvases alone reach)`,
        ...{ target: '≥ 50', reached: `${framesPerSecond.toFixed(0)} (${idlePage.toFixed(0)})` },
        met: framesPerSecond >= 50,
      },
    ];
  } finally {
    await server.close();
  }
}

/** Frames per second of scrolling over canvases that were drawn once: more than this machine gives no page can show. */
async function idleFrames(browser: Browser): Promise<number> {
  const page = await open(browser, 'about:blank');
  await page.evaluate((count) => {
    for (let index = 0; index < count; index++) {
      const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 190 });
      const context = canvas.getContext('2d')!;
      for (let line = 0; line < 12; line++) context.strokeRect(10 * line, 5 * line, 100, 100);
      document.body.append(canvas);
    }
  }, IDLE_CANVASES);
  const { framesPerSecond } = await page.evaluate((seconds) => window.probe.scroll(seconds), SCROLL_SECONDS / 2);
  await page.context().close();
  return framesPerSecond;
}

/** The reference sweep again and again at ten times its pace, a new one in the old one's place, as over days. */
async function heap(browser: Browser, { minutes }: { minutes: number }): Promise<Line[]> {
  const server = await MadeServer.start({});
  try {
    server.setPace(REPLAY_FRAMES_PER_SECOND);
    const context = await browser.newContext({ viewport: { width: 1440, height: 980 } });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(server.url);
    const devtools = await context.newCDPSession(page);
    await devtools.send('HeapProfiler.enable');
    const [all, held]: Point[][] = [[], []];
    const begun = performance.now();
    for (let sweeps = 0; performance.now() - begun < minutes * 60_000; sweeps++) {
      await page.getByText('12 of 12 done').waitFor();
      await devtools.send('HeapProfiler.collectGarbage');
      const x = (performance.now() - begun) / 60_000;
      // Objects, what the browser holds for them (elements, listeners), and the bytes of arrays.
      const { usedSize, embedderHeapUsedSize, backingStorageSize } = await devtools.send('Runtime.getHeapUsage');
      all!.push({ x, y: (usedSize + embedderHeapUsedSize + backingStorageSize) / 1024 });
      if (sweeps % SWEEPS_BETWEEN_SNAPSHOTS === 0) {
        held!.push({ x, y: (heldBytes(await takeSnapshot(devtools)) + backingStorageSize) / 1024 });
      }
      server.renew();
      await page.getByText('12 of 12 done').waitFor({ state: 'hidden' });
    }
    await context.close();
    const { slope, standardError } = slopeOf(settled(held!));
    const noise = Math.max(2 * (standardError ?? NaN), NEGLIGIBLE_KB_PER_MINUTE);
    const told = (points: Point[]): string => {
      const line = slopeOf(settled(points));
      return `${line.slope.toFixed(1)} ± ${line.standardError?.toFixed(1) ?? '–'} kB/min`;
    };
    const level =
      quantile(
        settled(all!).map(({ y }) => y),
        0.5,
      ) / 1024;
    return [
      {
        what: `held by the page after collection (beside it with compiled code and the browser's own), ${all!.length} sweeps in ${minutes} min, ${REPLAY_FRAMES_PER_SECOND} frames/s, ${level.toFixed(1)} MB`,
        target: 'slope within noise',
        reached: `${told(held!)} (${told(all!)})`,
        met: slope < noise,
      },
    ];
  } finally {
    await server.close();
  }
}

/** At first code is compiled, and tables grow to what they need. */
function settled(points: readonly Point[]): Point[] {
  return points.slice(Math.ceil(points.length / 3));
}

/** What the page asks for before its first chart, and all that its views, dialogs and so on can ask for later. */
async function script(browser: Browser): Promise<Line[]> {
  const server = await MadeServer.start({});
  server.finish();
  const folder = join(process.cwd(), 'dist/client');
  const kilobytes = (file: string): number => gzipSync(readFileSync(file)).length / 1000;
  const sum = (files: readonly string[]): number => files.reduce((total, file) => total + kilobytes(file), 0);
  try {
    const page = await (await browser.newContext()).newPage();
    const asked = new Set<string>();
    page.on('request', (request) => {
      if (request.resourceType() === 'script') asked.add(join(folder, new URL(request.url()).pathname));
    });
    await page.goto(server.url);
    await page.locator('metric-chart canvas').first().waitFor();
    await page.context().close();
    const all = sum(
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.js'))
        .map((name) => join(folder, name)),
    );
    return [
      {
        what: 'JavaScript sent, gzip: all there is (of it before the first chart)',
        ...{ target: '< 250 kB', reached: `${all.toFixed(0)} kB (${sum([...asked]).toFixed(0)})`, met: all < 250 },
      },
    ];
  } finally {
    await server.close();
  }
}

async function open(browser: Browser, url: string, { latencies = false } = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 980 } });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.addInitScript(installProbe, { latencies });
  await page.goto(url);
  return page;
}

async function firstLine(page: Page): Promise<number> {
  await page.waitForFunction(() => window.probe.firstLine !== undefined);
  return page.evaluate(() => window.probe.firstLine ?? NaN);
}

async function idle(page: Page): Promise<void> {
  await page.waitForFunction((ms) => performance.now() - (window.probe.lastLine ?? Infinity) > ms, IDLE_MS);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${PATIENCE_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
