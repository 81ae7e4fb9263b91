/**
 * Keeps over a reload how far the page and the list of runs are scrolled. The browser would, but what stands on the page
 * comes over the socket, later than the browser waits for it.
 */

const KEY = 'pentachoron-scroll';
/** What has not grown long enough by then has become shorter. */
const GIVE_UP_MS = 8000;
const BY_HAND = ['wheel', 'touchstart', 'pointerdown', 'keydown'];

/** What scrolls, by name; undefined while it is not there. */
type Scrolled = Record<string, () => Element | null | undefined>;

/** Returns what ends it. */
export function keepScroll(parts: Scrolled): () => void {
  const save = (): void => {
    const places = Object.entries(parts).map(([name, part]) => [name, Math.round(part()?.scrollTop ?? 0)]);
    store(JSON.stringify(Object.fromEntries(places)));
  };
  addEventListener('pagehide', save);
  const stopRestoring = isReload() ? restore(parts) : () => undefined;
  return () => {
    removeEventListener('pagehide', save);
    stopRestoring();
  };
}

/** Frame by frame, until every part is where it was, or somebody scrolls. */
function restore(parts: Scrolled): () => void {
  const wanted = new Map(Object.entries(stored()).filter(([name, top]) => name in parts && top > 0));
  const until = performance.now() + GIVE_UP_MS;
  let frame = 0;
  const stop = (): void => {
    cancelAnimationFrame(frame);
    for (const event of BY_HAND) removeEventListener(event, stop, true);
  };
  const step = (): void => {
    for (const [name, top] of wanted) {
      const part = parts[name]!();
      if (part == null || part.scrollHeight - part.clientHeight < top) continue;
      part.scrollTop = top;
      wanted.delete(name);
    }
    if (wanted.size === 0 || performance.now() > until) return stop();
    frame = requestAnimationFrame(step);
  };
  for (const event of BY_HAND) addEventListener(event, stop, { capture: true, passive: true });
  step();
  return stop;
}

function isReload(): boolean {
  const [entry] = performance.getEntriesByType('navigation');
  return entry instanceof PerformanceNavigationTiming && entry.type === 'reload';
}

function store(text: string): void {
  try {
    sessionStorage.setItem(KEY, text);
  } catch {
    // Storage may be forbidden; a reload then begins at the top.
  }
}

function stored(): Record<string, number> {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Record<string, number>;
  } catch {
    return {};
  }
}
