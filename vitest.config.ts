/** Every test: the server's in Node, the page's parts in happy-dom. Browser and end-to-end tests are among the first. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { FileOrder } from './test/support/file-order.js';

export default defineConfig({
  test: {
    pool: 'forks',
    // What the program keeps of its own accord is kept apart from the user's.
    env: { XDG_CACHE_HOME: fileURLToPath(new URL('test/.output/cache', import.meta.url)) },
    // Files that train hold a core each; more at once would only make time limits fail.
    maxWorkers: 2,
    // They end what hangs, and prove nothing: on a machine that others use, too, starting a server may take half a minute.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
    reporters: ['default', './test/support/summary-reporter.ts'],
    sequence: { sequencer: FileOrder },
    // In the order of their names, which is that of the length of their files: two workers end at about the same time.
    projects: [
      {
        extends: true,
        test: {
          // A process for each file: TensorFlow.js has one backend at a time.
          name: 'engines',
          environment: 'node',
          include: ['test/conformance/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          // What files load, a Chromium among it, is there for those that follow in the same process.
          name: 'node',
          environment: 'node',
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/client/**', 'test/conformance/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          environment: 'happy-dom',
          isolate: false,
          include: ['test/client/**/*.test.ts'],
          setupFiles: ['test/support/page-experiments.ts', 'test/support/clean-page.ts'],
        },
      },
    ],
  },
});
