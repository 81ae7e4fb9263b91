/** Leaves the page as it was when it was opened to the file of tests that comes next in the same process. */
import { afterAll, vi } from 'vitest';

const hasPage = typeof document !== 'undefined';
const address = hasPage ? location.href : '';

afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  if (!hasPage) return;
  // New elements, because listeners stay with the old ones.
  document.documentElement.replaceChildren(document.createElement('head'), document.createElement('body'));
  for (const { name } of [...document.documentElement.attributes]) document.documentElement.removeAttribute(name);
  localStorage.clear();
  sessionStorage.clear();
  // A test may have followed a link to where `history` does not lead back from.
  (globalThis as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(address);
});
