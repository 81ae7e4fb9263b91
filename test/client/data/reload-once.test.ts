/** A page that loads itself anew where that may help, and never without end. */
import { describe, expect, it, vi } from 'vitest';
import { ReloadOnce } from '../../../client/data/reload-once.js';

describe('a page that is not let in', () => {
  function page(version: number, kept: Map<string, string> | null, of: 'connection' | 'view' = 'connection') {
    const reload = vi.fn();
    const storage = kept && {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    return { reload, guard: new ReloadOnce(of, storage, reload, version) };
  }

  it('reloads once, and not again where that brings the same page', () => {
    const kept = new Map<string, string>();
    const first = page(2, kept);
    first.guard.failed('version');
    first.guard.failed('version');
    expect(first.reload).toHaveBeenCalledTimes(1);
    const same = page(2, kept);
    same.guard.failed('version');
    expect(same.reload).not.toHaveBeenCalled();
  });

  it('reloads again for the next version, and once it was let in', () => {
    const kept = new Map<string, string>();
    page(2, kept).guard.failed('version');
    const newer = page(3, kept);
    newer.guard.failed('version');
    expect(newer.reload).toHaveBeenCalledTimes(1);
    newer.guard.succeeded();
    newer.guard.failed('version');
    expect(newer.reload).toHaveBeenCalledTimes(2);
  });

  it('reloads for another reason, too', () => {
    const kept = new Map<string, string>();
    page(2, kept).guard.failed('version');
    const signedOut = page(2, kept);
    signedOut.guard.failed('access');
    signedOut.guard.failed('access');
    expect(signedOut.reload).toHaveBeenCalledTimes(1);
  });

  it('does not reload where it could not remember that it has', () => {
    const forgetful = page(2, null);
    forgetful.guard.failed('version');
    expect(forgetful.reload).not.toHaveBeenCalled();
  });

  it('remembers apart what the connection and what a view reloaded it for', () => {
    const kept = new Map<string, string>();
    page(2, kept, 'view').guard.failed('compare');
    page(2, kept).guard.succeeded();
    const again = page(2, kept, 'view');
    again.guard.failed('compare');
    expect(again.reload).not.toHaveBeenCalled();
  });
});
