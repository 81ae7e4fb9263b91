/**
 * What a page is watched with from inside: when frames arrived, when their lines were on the screen, how long it was busy
 * and how many frames it showed. `installProbe` runs in the page, so it names nothing from outside itself.
 */

export interface Probe {
  /** Messages with frames, and when all charts in view had drawn them: milliseconds since 1970. */
  shown: { at: number; frames: { runId: string; fromSeq: number; rows: number }[] }[];
  /** Milliseconds since the page was asked for. */
  firstLine: number | undefined;
  lastLine: number | undefined;
  /** Scrolls up and down for a while. */
  scroll: (seconds: number) => Promise<{ framesPerSecond: number; longestTaskMs: number }>;
}

declare global {
  interface Window {
    probe: Probe;
  }
}

/** @param options.latencies whether `shown` is kept: under load that would cost as much as the page itself. */
export function installProbe({ latencies }: { latencies: boolean }): void {
  type Block = Probe['shown'][number]['frames'][number];
  interface Waiting {
    frames: Block[];
    canvases: Set<HTMLCanvasElement>;
    drawnAt: number;
  }
  /** A chart that does not draw within this has nothing new to draw. */
  const PATIENCE_MS = 400;
  const known = new Set<HTMLCanvasElement>();
  let waiting: Waiting[] = [];
  let drawn = new Set<HTMLCanvasElement>();
  let heard = false;
  const probe: Probe = { shown: [], firstLine: undefined, lastLine: undefined, scroll };
  window.probe = probe;

  const inView = (canvas: HTMLCanvasElement): boolean => {
    const { top, bottom, height } = canvas.getBoundingClientRect();
    return canvas.isConnected && height > 0 && bottom > 0 && top < innerHeight;
  };

  class HeardSocket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (typeof data !== 'string') return;
        heard ||= data.includes('"columns"');
        if (!latencies || !data.startsWith('42["run:frames",')) return;
        const [, blocks] = JSON.parse(data.slice(2)) as [string, Block[]];
        const frames = blocks.map(({ runId, fromSeq, rows }) => ({ runId, fromSeq, rows }));
        const canvases = new Set([...known].filter(inView));
        if (canvases.size > 0) waiting.push({ frames, canvases, drawnAt: 0 });
      });
    }
  }
  window.WebSocket = HeardSocket;

  // What is posted from an animation frame's work arrives after the browser has painted that frame.
  const painted = new MessageChannel();
  painted.port1.onmessage = () => {
    const now = performance.now();
    probe.firstLine ??= now;
    probe.lastLine = now;
    for (const one of waiting) {
      for (const canvas of drawn) if (one.canvases.delete(canvas)) one.drawnAt = now;
      if (one.canvases.size > 0 && (one.drawnAt === 0 || now - one.drawnAt < PATIENCE_MS)) continue;
      probe.shown.push({ at: performance.timeOrigin + one.drawnAt, frames: one.frames });
      one.frames = [];
    }
    waiting = waiting.filter(({ frames }) => frames.length > 0);
    drawn = new Set();
  };
  const { stroke } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.stroke = function (this: CanvasRenderingContext2D, path?: Path2D): void {
    Reflect.apply(stroke, this, path === undefined ? [] : [path]);
    // Furniture is grey and hexadecimal; the runs' colours are OKLCH.
    if (!heard || typeof this.strokeStyle !== 'string' || !this.strokeStyle.startsWith('oklch')) return;
    if (drawn.size === 0) painted.port2.postMessage(null);
    if (latencies) known.add(this.canvas);
    drawn.add(this.canvas);
  };

  async function scroll(seconds: number): Promise<{ framesPerSecond: number; longestTaskMs: number }> {
    let longestTaskMs = 0;
    const tasks = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration);
    });
    tasks.observe({ type: 'longtask' });
    const begun = performance.now();
    let count = 0;
    let step = 30;
    while (performance.now() - begun < seconds * 1000) {
      await new Promise(requestAnimationFrame);
      count++;
      const end = document.documentElement.scrollHeight - innerHeight;
      if (scrollY + step > end || scrollY + step < 0) step = -step;
      scrollBy(0, step);
    }
    const took = (performance.now() - begun) / 1000;
    tasks.disconnect();
    return { framesPerSecond: count / took, longestTaskMs };
  }
}
