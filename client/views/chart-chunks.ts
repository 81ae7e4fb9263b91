/**
 * The parts of a group of thousands of charts: tells the charts of each whether they are near the view, and how high a
 * part is that the browser leaves out, so that the page is as long as with all of them.
 */
import type { MetricChart } from '../charts/metric-chart.js';

const NEAR = '600px 0px';

export class ChartChunks {
  readonly #full: number;
  #watched: readonly Element[] = [];
  #observers: (IntersectionObserver | ResizeObserver)[] = [];

  /** @param full how many charts a part has, but for the last */
  constructor(full: number) {
    this.#full = full;
  }

  /** Watches these from now on, each with charts as its children, some of which may be new. */
  watch(chunks: readonly Element[]): void {
    for (const observer of this.#observers.splice(0)) observer.disconnect();
    this.#watched = chunks;
    if (chunks.length === 0) return;
    const near = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries)
          for (const chart of chartsOf(target)) chart.near = isIntersecting;
      },
      { rootMargin: NEAR },
    );
    const sizes = new ResizeObserver((entries) =>
      entries.forEach(({ target, contentRect }) => this.#measure(target, contentRect.height)),
    );
    this.#observers = [near, sizes];
    for (const chunk of chunks) for (const observer of this.#observers) observer.observe(chunk);
  }

  /** All full parts are equally high; the last one has fewer rows. */
  #measure(chunk: Element, height: number): void {
    const charts = chartsOf(chunk);
    // One that is left out is as high as it was said to be.
    if (charts.length < this.#full || !charts[0]!.checkVisibility({ contentVisibilityAuto: true })) return;
    const { gridTemplateColumns, rowGap } = getComputedStyle(chunk);
    const columns = gridTemplateColumns.split(' ').length;
    const gap = parseFloat(rowGap) || 0;
    const rowsOf = (count: number): number => Math.ceil(count / columns);
    const row = (height + gap) / rowsOf(this.#full);
    for (const each of this.#watched)
      (each as HTMLElement).style.containIntrinsicHeight = `${row * rowsOf(chartsOf(each).length) - gap}px`;
  }
}

function chartsOf(chunk: Element): MetricChart[] {
  return [...chunk.children] as MetricChart[];
}
