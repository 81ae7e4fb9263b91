/**
 * The parts of a group of thousands of charts: tells the charts of each whether they are near the view, and how high a
 * part is that the browser leaves out, so that the page is as long as with all of them.
 */
import type { MetricChart } from '../../charts/metric-chart.js';

const NEAR = '600px 0px';

export class ChartChunks {
  readonly #full: number;
  #watched: readonly Element[] = [];
  readonly #near = new Set<Element>();
  #observers: (IntersectionObserver | ResizeObserver)[] = [];

  /** @param full how many charts a part has, but for the last */
  constructor(full: number) {
    this.#full = full;
  }

  /** Watches these from now on, each with charts as its children, some of which may be new. */
  watch(chunks: readonly Element[]): void {
    if (this.#observers.length === 0 && chunks.length > 0) this.#observers = this.#newObservers();
    const gone = this.#watched.filter((chunk) => !chunks.includes(chunk));
    const added = chunks.filter((chunk) => !this.#watched.includes(chunk));
    this.#watched = chunks;
    for (const chunk of gone) {
      this.#near.delete(chunk);
      for (const observer of this.#observers) observer.unobserve(chunk);
    }
    for (const chunk of added) for (const observer of this.#observers) observer.observe(chunk);
    for (const chunk of chunks) this.#tell(chunk);
  }

  #newObservers(): (IntersectionObserver | ResizeObserver)[] {
    const near = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) this.#near.add(target);
          else this.#near.delete(target);
          this.#tell(target);
        }
      },
      { rootMargin: NEAR },
    );
    const sizes = new ResizeObserver((entries) =>
      entries.forEach(({ target, contentRect }) => this.#measure(target, contentRect.height)),
    );
    return [near, sizes];
  }

  #tell(chunk: Element): void {
    for (const chart of chartsOf(chunk)) chart.near = this.#near.has(chunk);
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
