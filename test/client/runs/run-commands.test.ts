/** Commands that must have one effect, however often they are sent. */
import { describe, expect, it } from 'vitest';
import { RequestIds } from '../../../client/runs/run-commands.js';
import { fail, ok } from '../../../shared/errors.js';

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
});
