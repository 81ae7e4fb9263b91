/** The page in Chromium: how soon it shows something, how far behind the store it is, what it costs to keep open. */
import Table from 'cli-table3';
import type { Command } from 'commander';
import { chromium } from 'playwright-core';
import { findChromium } from '../support/chromium.js';
import { type Line, MEASURES } from './page/measures.js';

interface PageBenchOptions {
  minutes: string;
  rounds: string;
  only?: string;
}

export function registerPageBench(program: Command): void {
  program
    .command('page')
    .description('measures the page in Chromium against its targets; ends with 1 if one is missed')
    .option('--minutes <count>', 'how long the heap is watched', '3')
    .option('--rounds <count>', 'how often a page is opened; the median counts', '5')
    .option('--only <names>', `some of ${MEASURES.map(({ name }) => name).join(', ')}`)
    .action(async ({ minutes, rounds, only }: PageBenchOptions) => {
      const chosen = MEASURES.filter(({ name }) => only === undefined || only.split(',').includes(name));
      const numbers = { minutes: Number(minutes), rounds: Number(rounds) };
      if (!(numbers.minutes > 0) || !(numbers.rounds >= 1) || chosen.length === 0)
        throw new Error('give numbers above 0, and names of what there is to measure');
      const executablePath = findChromium();
      if (executablePath === undefined) throw new Error('no Chromium found: npx playwright-core install chromium');
      const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
      const lines: Line[] = [];
      try {
        for (const { name, measure } of chosen) {
          console.error(`measuring ${name} …`);
          lines.push(...(await measure(browser, numbers)));
        }
      } finally {
        await browser.close();
      }
      report(lines);
    });
}

function report(lines: readonly Line[]): void {
  const table = new Table({ head: ['measured', 'target', 'reached', ''], style: { head: [], border: [] } });
  for (const { what, target, reached, met } of lines) table.push([what, target, reached, met ? 'met' : 'missed']);
  console.log(table.toString());
  if (lines.some(({ met }) => !met)) process.exitCode = 1;
}
