/** Every test: the server's in Node, the page's parts in happy-dom. Browser and end-to-end tests are among the first. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'forks',
    // Files that train hold a core each; more at once would only make time limits fail.
    maxWorkers: 2,
    // They end what hangs, and prove nothing: on a machine that others use, too, starting a server may take half a minute.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
    reporters: ['default', './test/support/summary-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/client/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          environment: 'happy-dom',
          include: ['test/client/**/*.test.ts'],
          setupFiles: ['test/support/page-experiments.ts'],
        },
      },
    ],
  },
});
