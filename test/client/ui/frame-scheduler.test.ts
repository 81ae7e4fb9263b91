/** One animation frame for everything that asks. */
import { describe, expect, it, vi } from 'vitest';
import { FrameScheduler } from '../../../client/ui/frame-scheduler.js';

function setUp() {
  const requested: (() => void)[] = [];
  const clock = { ms: 0 };
  const scheduler = new FrameScheduler(
    (callback) => requested.push(callback),
    () => clock.ms,
  );
  return { scheduler, requested, clock, frame: () => requested.shift()?.() };
}

describe('frame scheduler', () => {
  it('asks for one frame for all, and runs the last work of each key once', () => {
    const { scheduler, requested, frame } = setUp();
    const [a, b] = [{}, {}];
    const [early, late, other] = [vi.fn(), vi.fn(), vi.fn()];
    for (let i = 0; i < 100; i++) scheduler.schedule(a, early);
    scheduler.schedule(a, late);
    scheduler.schedule(b, other);
    expect(requested).toHaveLength(1);
    frame();
    expect(early).not.toHaveBeenCalled();
    expect(late).toHaveBeenCalledTimes(1);
    expect(other).toHaveBeenCalledTimes(1);
    expect(requested).toHaveLength(0);
  });

  it('puts work that asks for more into the next frame', () => {
    const { scheduler, requested, frame } = setUp();
    const again = vi.fn();
    const key = {};
    scheduler.schedule(key, () => scheduler.schedule(key, again));
    frame();
    expect(again).not.toHaveBeenCalled();
    expect(requested).toHaveLength(1);
    frame();
    expect(again).toHaveBeenCalledTimes(1);
  });

  it('leaves to the next frame what is too much for one, first come first served, in its newest form', () => {
    const { scheduler, requested, clock, frame } = setUp();
    const done: string[] = [];
    const draw = (name: string, ms: number) => () => {
      done.push(name);
      clock.ms += ms;
    };
    const [a, b, c] = [{}, {}, {}];
    scheduler.schedule(a, () => {
      draw('a', 5)();
      scheduler.schedule(a, draw('a again', 20));
    });
    scheduler.schedule(b, draw('b', 5));
    scheduler.schedule(c, draw('c', 5));
    frame();
    expect(done).toEqual(['a', 'b']);
    expect(requested).toHaveLength(1);
    scheduler.schedule(c, draw('c newer', 1));
    frame();
    expect(done).toEqual(['a', 'b', 'c newer', 'a again']);
    expect(requested).toHaveLength(0);
  });

  it('draws at least one thing a frame, however long it takes', () => {
    const { scheduler, clock, frame } = setUp();
    const work = vi.fn(() => (clock.ms += 100));
    scheduler.schedule({}, work);
    scheduler.schedule({}, work);
    frame();
    expect(work).toHaveBeenCalledTimes(1);
    frame();
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('does not run what was cancelled', () => {
    const { scheduler, frame } = setUp();
    const key = {};
    const work = vi.fn();
    scheduler.schedule(key, work);
    scheduler.cancel(key);
    frame();
    expect(work).not.toHaveBeenCalled();
  });

  it('runs the others when one fails, and reports it', () => {
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    const { scheduler, frame } = setUp();
    const other = vi.fn();
    scheduler.schedule({}, () => {
      throw new Error('broken');
    });
    scheduler.schedule({}, other);
    frame();
    expect(other).toHaveBeenCalledTimes(1);
    expect(reported).toHaveBeenCalledTimes(1);
    vi.unstubAllGlobals();
  });

  it('draws what comes into view before what follows live values while the page is scrolled', () => {
    const { scheduler, clock, frame } = setUp();
    const done: string[] = [];
    const draw = (name: string, ms: number) => () => {
      done.push(name);
      clock.ms += ms;
    };
    const [live, other, built, next] = [{}, {}, {}, {}];
    scheduler.scrolled();
    scheduler.schedule(live, draw('live', 1), true);
    scheduler.schedule(other, draw('other', 1), true);
    scheduler.schedule(built, draw('built', 5));
    frame();
    // Five of its four milliseconds are gone: what can wait does.
    expect(done).toEqual(['built']);
    scheduler.schedule(next, draw('next', 2));
    frame();
    expect(done).toEqual(['built', 'next', 'live', 'other']);
  });

  it('draws live values four times a second while the page is scrolled, and at once when it stands', () => {
    const { scheduler, clock, frame } = setUp();
    const key = {};
    const at: number[] = [];
    const scrolling = (ms: number) => ms < 1000;
    for (clock.ms = 0; clock.ms < 1500; clock.ms += 20) {
      if (scrolling(clock.ms)) scheduler.scrolled();
      scheduler.schedule(key, () => at.push(clock.ms), true);
      frame();
    }
    expect(at.filter(scrolling)).toEqual([0, 260, 520, 780]);
    expect(at.filter((ms) => ms >= 1140)).toHaveLength(18);
  });

  it('lets nothing wait that was also asked for as urgent', () => {
    const { scheduler, frame } = setUp();
    const key = {};
    const drawn = vi.fn();
    scheduler.schedule(key, drawn, true);
    frame();
    scheduler.scrolled();
    scheduler.schedule(key, drawn);
    scheduler.schedule(key, drawn, true);
    frame();
    expect(drawn).toHaveBeenCalledTimes(2);
  });
});
