/** How the page is built: relative addresses, nothing inlined into HTML or CSS (the served CSP forbids it). */
import { defineConfig } from 'vite';

/** Holds back the first paint until the theme is chosen; otherwise a dark page would flash white. */
const themeBeforePaint = {
  name: 'theme-before-paint',
  transformIndexHtml: (html: string): string =>
    html.replace('<script type="module"', '<script type="module" blocking="render"'),
};

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [themeBeforePaint],
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    modulePreload: { polyfill: false },
  },
});
