import { expect, test } from 'vitest';
import { unhurried } from '../../server/http/frame-formats.js';

test('between two parts of a long history whatever waits has its turn', async () => {
  const heard: string[] = [];
  for await (const part of unhurried(['first', 'second'])) {
    heard.push(part);
    setImmediate(() => heard.push('another viewer'));
  }
  expect(heard).toEqual(['first', 'another viewer', 'second', 'another viewer']);
});
