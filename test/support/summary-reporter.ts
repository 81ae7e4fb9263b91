/**
 * Ends the test command with two plain lines: which engines were held against the reference, and `N passed, N failed`,
 * which it leaves in test/.output/summary.txt.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** A file that could not be loaded and an error outside any test count as failures, as they do for the exit code. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(testModules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const testModule of testModules) {
      for (const test of testModule.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') failed += 1;
      }
      failed += testModule.errors().length;
      for (const suite of testModule.children.allSuites()) failed += suite.errors().length;
    }
    const engines = testModules.flatMap((testModule) => testedEngines(testModule));
    const line = `${passed} passed, ${failed} failed\n`;
    const folder = join(import.meta.dirname, '../.output');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'summary.txt'), line);
    // After vitest's own summary, which is printed while this event is handed round.
    process.once('exit', () => {
      if (engines.length > 0) process.stdout.write(`engines held against the reference: ${engines.join(', ')}\n`);
      process.stdout.write(line);
    });
  }
}

/** A conformance test names its engine in its group: `the engine wasm`. One that is not here has no group. */
function testedEngines(testModule: TestModule): string[] {
  return [...testModule.children.suites()].flatMap(({ name }) => /^the engine (\S+)$/.exec(name)?.[1] ?? []);
}
