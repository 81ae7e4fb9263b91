import { expect, test } from 'vitest';
import { z } from 'zod';
import { badInput, strictFields } from '../../shared/bad-input.js';

const schema = strictFields('a box', {
  width: z.number({ error: 'width must be a number' }),
  tags: z.array(z.string()),
});
const messageOf = (input: unknown): string => {
  const { error } = schema.safeParse(input);
  return error === undefined ? 'fits' : badInput(error).error.message;
};

test('a refusal says what is wrong and what is allowed; where zod speaks itself, the path stands in front', () => {
  expect(messageOf({ width: 1, tags: [] })).toBe('fits');
  expect(messageOf(null)).toBe('a box must be an object');
  expect(messageOf({ width: 'x', tags: [] })).toBe('width must be a number');
  expect(messageOf({ width: 1, tags: ['a', 2] })).toMatch(/^tags\.1: /);
  expect(messageOf({ width: 1, tags: [], depth: 2 })).toBe('a box has no field depth; it has width, tags');
});

test('of many unknown fields, or of a long one, it repeats no more than helps', () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`f${at}`, at]));
  expect(messageOf({ width: 1, tags: [], ...many })).toBe(
    'a box has no field f0, f1, f2, f3, f4, …; it has width, tags',
  );
  expect(messageOf({ width: 1, tags: [], ['x'.repeat(9000)]: 1 }).length).toBeLessThan(100);
});
