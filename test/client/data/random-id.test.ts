/** Ids that nobody else makes, on every page. */
import { afterEach, expect, it, vi } from 'vitest';
import { randomId } from '../../../client/data/random-id.js';
import { RequestIds } from '../../../client/runs/run-commands.js';

afterEach(() => vi.unstubAllGlobals());

it('are long, plain and differ, also where the page came by plain http', () => {
  const { getRandomValues } = crypto;
  vi.stubGlobal('crypto', { getRandomValues: getRandomValues.bind(crypto) });
  const ids = Array.from({ length: 1000 }, randomId);
  expect(new Set(ids).size).toBe(1000);
  expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  expect(new RequestIds().of('restart a')).toMatch(/^[0-9a-f]{32}$/);
});
