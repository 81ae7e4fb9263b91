/** What the command palette finds, and in which order. */
import { describe, expect, it } from 'vitest';
import { fuzzyScore } from '../../../client/app/command-palette.js';

const TITLES = ['pause 64 × 4', 'pause 256 × 4', 'resume 64 × 4', 'Summary', 'dark theme', 'stop 64 × 8'];

function found(search: string): string[] {
  return TITLES.map((title) => ({ title, score: fuzzyScore(search, title) }))
    .filter(({ score }) => score !== undefined)
    .sort((a, b) => b.score! - a.score!)
    .map(({ title }) => title);
}

describe('search', () => {
  it.each([
    ['pause 64x4', ['pause 64 × 4']],
    ['64x4', ['pause 64 × 4', 'resume 64 × 4']],
    ['sum', ['Summary', 'resume 64 × 4']],
    ['drk', ['dark theme']],
    ['4 pause', ['pause 256 × 4', 'pause 64 × 4']],
    ['x y z', []],
  ])('%j finds %j', (search, titles) => {
    expect(found(search)).toEqual(titles);
  });

  it('finds everything by nothing', () => {
    expect(found('').length).toBe(TITLES.length);
  });

  it('prefers whole words at their beginning to letters in their order', () => {
    expect(fuzzyScore('the', 'dark theme')!).toBeGreaterThan(fuzzyScore('the', 'tenth head')!);
  });
});
