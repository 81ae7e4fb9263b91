/**
 * How the page is built: relative addresses, nothing inlined into HTML or CSS (the served CSP forbids it), and
 * compressed twins beside its files, so that the server need not compress for every viewer.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';

const OUT = join(import.meta.dirname, '../dist/client');

/** Holds back the first paint until the theme is chosen; otherwise a dark page would flash white. */
const themeBeforePaint = {
  name: 'theme-before-paint',
  transformIndexHtml: (html: string): string =>
    html.replace('<script type="module"', '<script type="module" blocking="render"'),
};

const compressedTwins = {
  name: 'compressed-twins',
  writeBundle: (): void => {
    const texts = readdirSync(OUT, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(js|css|svg)$/.test(file),
    );
    for (const file of texts.map((text) => join(OUT, text))) {
      const whole = readFileSync(file);
      for (const [ending, twin] of [
        ['.br', brotliCompressSync(whole)],
        ['.gz', gzipSync(whole, { level: 9 })],
      ] as const)
        if (twin.length < whole.length) writeFileSync(file + ending, twin);
    }
  },
};

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [themeBeforePaint, compressedTwins],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    // On a busy machine it would print which plugin took how long, to newcomers, too.
    rolldownOptions: { checks: { pluginTimings: false } },
    modulePreload: { polyfill: false },
  },
});
