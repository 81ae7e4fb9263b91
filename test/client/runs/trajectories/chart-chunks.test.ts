/** A group of thousands of charts in parts: which charts are watched, and how high a part is that is left out. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChartChunks } from '../../../../client/runs/trajectories/chart-chunks.js';

type Entry = { target: Element; isIntersecting: boolean };
let near: (entries: Entry[]) => void;
let resized: (entries: { target: Element; contentRect: { height: number } }[]) => void;
let watched: Element[] = [];

beforeEach(() => {
  watched = [];
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe = (chunk: Element) => watched.push(chunk);
      unobserve = (chunk: Element) => (watched = watched.filter((each) => each !== chunk));
      constructor(callback: typeof near) {
        near = callback;
      }
    },
  );
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe = vi.fn();
      unobserve = vi.fn();
      constructor(callback: typeof resized) {
        resized = callback;
      }
    },
  );
  vi.stubGlobal('getComputedStyle', () => ({ gridTemplateColumns: '300px 300px 300px', rowGap: '12px' }));
});
afterEach(() => void vi.unstubAllGlobals());

/** @param left whether the browser leaves it out */
function chunk(charts: number, left = false): HTMLElement {
  const element = document.createElement('div');
  for (let index = 0; index < charts; index++)
    element.append(Object.assign(document.createElement('i'), { near: false, checkVisibility: () => !left }));
  return element;
}

const nearOnes = (element: Element) =>
  [...element.children].filter((child) => (child as unknown as { near: boolean }).near).length;

describe('the parts of a large group', () => {
  it('tell their charts when they come near the view, and when they leave', () => {
    const [first, second] = [chunk(60), chunk(60)];
    new ChartChunks(60).watch([first, second]);
    expect(watched).toEqual([first, second]);
    near([
      { target: first, isIntersecting: true },
      { target: second, isIntersecting: false },
    ]);
    expect([nearOnes(first), nearOnes(second)]).toEqual([60, 0]);
    near([
      { target: first, isIntersecting: false },
      { target: second, isIntersecting: true },
    ]);
    expect([nearOnes(first), nearOnes(second)]).toEqual([0, 60]);
  });

  it('are as high as one that was laid out, the last by its rows; one that is left out says nothing', () => {
    const [out, seen, last] = [chunk(60, true), chunk(60), chunk(7)];
    const all = [out, seen, last];
    new ChartChunks(60).watch(all);
    const contentRect = { height: 20 * 200 + 19 * 12 };
    resized([
      { target: out, contentRect },
      { target: last, contentRect },
    ]);
    expect(all.map(({ style }) => style.containIntrinsicHeight)).toEqual(['', '', '']);
    resized([{ target: seen, contentRect }]);
    // Twenty rows of 200 pixels and their gaps, and three.
    expect(all.map(({ style }) => style.containIntrinsicHeight)).toEqual(['4228px', '4228px', '624px']);
  });

  it('stay watched when others come; charts that are new in one near the view are told so', () => {
    const [first, second] = [chunk(60), chunk(30)];
    const chunks = new ChartChunks(60);
    chunks.watch([first]);
    near([{ target: first, isIntersecting: true }]);
    first.append(...chunk(2).children);
    chunks.watch([first, second]);
    expect(watched).toEqual([first, second]);
    expect([nearOnes(first), nearOnes(second)]).toEqual([62, 0]);
  });

  it('are let go when there are none any more, and begin out of view when they come back', () => {
    const chunks = new ChartChunks(60);
    const only = chunk(60);
    chunks.watch([only]);
    near([{ target: only, isIntersecting: true }]);
    chunks.watch([]);
    expect(watched).toEqual([]);
    chunks.watch([only]);
    expect(nearOnes(only)).toBe(0);
  });
});
