/** Commands that must have one effect, however often they are sent. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { randomId, RequestIds } from '../../../client/runs/run-commands.js';
import { fail, ok } from '../../../shared/errors.js';

afterEach(() => vi.unstubAllGlobals());

describe('request ids', () => {
  const counting = () => {
    let made = 0;
    return new RequestIds(() => `id-${++made}`);
  };

  it('stay the same while nothing is known of the first attempt, and differ by wish', () => {
    const ids = counting();
    expect(ids.of('restart a')).toBe('id-1');
    ids.answered('restart a', fail('unavailable', 'the server did not answer within 10 s'));
    expect(ids.of('restart a')).toBe('id-1');
    expect(ids.of('extend a 60')).toBe('id-2');
  });

  it('are new after an effect or a refusal: the same wish is then another', () => {
    const ids = counting();
    ids.of('restart a');
    ids.answered('restart a', ok(null));
    expect(ids.of('restart a')).toBe('id-2');
    ids.answered('restart a', fail('conflict', 'it is running'));
    expect(ids.of('restart a')).toBe('id-3');
  });

  it('are long, plain and differ, also where the page came by plain http', () => {
    const { getRandomValues } = crypto;
    vi.stubGlobal('crypto', { getRandomValues: getRandomValues.bind(crypto) });
    const ids = Array.from({ length: 1000 }, randomId);
    expect(new Set(ids).size).toBe(1000);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    expect(new RequestIds().of('restart a')).toMatch(/^[0-9a-f]{32}$/);
  });
});
