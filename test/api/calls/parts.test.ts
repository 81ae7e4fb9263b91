/** Lists of any length as JSON, in parts. */
import { expect, it, test } from 'vitest';
import { Turns } from '../../../server/api/turns.js';
import { startApp } from '../../support/running-app.js';

test('pieces of work have a round of the event loop each, and who asked first is first', async () => {
  const turns = new Turns();
  let round = 0;
  const count = (): void => {
    round += 1;
    if (round < 10) setImmediate(count);
  };
  setImmediate(count);
  const heard: string[] = [];
  const work = async (name: string): Promise<void> => {
    for (let piece = 0; piece < 2; piece += 1) {
      await turns.next();
      heard.push(`${name} in round ${round}`);
    }
  };
  await Promise.all([work('one'), work('two')]);
  expect(heard).toEqual(['one in round 1', 'two in round 2', 'one in round 3', 'two in round 4']);
});

it.each([0, 1, 199, 200, 201, 400, 450])('a log of %i entries is the list of them', async (count) => {
  const { url, service } = await startApp();
  const run = service.addRun();
  const log = Array.from({ length: count }, (_, index) => ({
    ...{ runId: run.id, at: '2026-01-02T03:04:05.000Z', event: 'checkpoint', details: { epoch: index } },
  }));
  service.store.commit({ log });
  const answer = (await (await fetch(`${url}/api/runs/${run.id}/log`)).json()) as { event: string }[];
  expect(answer).toHaveLength(count + 1);
  expect(answer.slice(1)).toEqual(log.map(({ runId: _runId, ...entry }) => entry));
});
