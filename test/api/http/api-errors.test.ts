/** What the API answers to what it cannot serve: unknown, planned, malformed, unexpected, too much. */
import { describe, expect, it } from 'vitest';
import { call, error, range } from '../../support/api-calls.js';
import { startApp } from '../../support/running-app.js';

describe('errors', () => {
  it.each([
    ['GET', '/api/runs/nope'],
    ['GET', '/api/runs/nope/frames'],
    ['GET', '/api/runs/nope/measurements'],
    ['GET', '/api/runs/nope/checkpoints'],
    ['GET', '/api/runs/nope/log'],
    ['POST', '/api/runs/nope/pause'],
    ['POST', '/api/runs/nope/restart'],
    ['DELETE', '/api/runs/nope'],
    ['GET', '/api/sweeps/nope'],
    ['POST', '/api/sweeps/nope/stop'],
    ['DELETE', '/api/sweeps/nope'],
  ])('[H1] %s %s: there is none of that id', async (method, path) => {
    const running = await startApp();
    expect(await call(running, method, path)).toMatchObject({ status: 404, body: error('not_found', 'nope') });
  });

  it.each([
    ['GET', '/api'],
    ['GET', '/api/nothing'],
    ['PUT', '/api/sweeps'],
    ['DELETE', '/api/health'],
    ['POST', '/api/runs/a/explode'],
    ['POST', '/api/sweeps/a/restart'],
  ])('[H1] there is no call %s %s', async (method, path) => {
    const running = await startApp();
    const message = `there is no call ${method} ${path}; GET /api/docs lists those there are`;
    expect(await call(running, method, path)).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found', message } },
    });
  });

  it.each([
    ['GET', '/api/runs/a/window?series=emb'],
    ['GET', '/metrics'],
  ])('[H8] %s %s is planned, and says so', async (method, path) => {
    const running = await startApp();
    expect(await call(running, method, path)).toMatchObject({ status: 404, body: error('not_found', 'is planned') });
  });

  it('[H6] malformed, missing, foreign and oversized bodies are told apart', async () => {
    const running = await startApp();
    const post = (body?: unknown) => call(running, 'POST', '/api/sweeps', body);
    expect(await post('{"dims": [64')).toMatchObject({
      status: 400,
      body: error('bad_input', /^the body is not valid JSON/),
    });
    expect(await post()).toMatchObject({ status: 400, body: error('bad_input', /body is missing/) });
    expect(await post('')).toMatchObject({ status: 400, body: error('bad_input', /^dims must/) });
    for (const body of ['"text"', 'null', '5', '[]'])
      expect(await post(body)).toMatchObject({ status: 400, body: error('bad_input', /^a sweep must be an object/) });
    const tooLarge = { dims: [1024], heads: [1024], vocab: 256, samples: 10_000 };
    const refused = error('bad_input', /^heads must be at most \d+ here: dim 1024 with heads 1024 may take .* GB/);
    expect(await post(tooLarge)).toMatchObject({ status: 400, body: refused });
    expect(await post({ heads: [1] })).toMatchObject({ status: 400, body: error('bad_input', /^dims must/) });
    expect(await post({ dims: [64], heads: [3] })).toMatchObject({
      status: 400,
      body: error('bad_input', '64 is not divisible by 3'),
    });
    expect(await post({ dims: [64], heads: [1], epoch: 3 })).toMatchObject({
      status: 400,
      body: error('bad_input', /epoch/),
    });
    expect(await post({ name: 'x'.repeat(70_000) })).toMatchObject({ status: 413, body: error('too_large', '64 kB') });
    const form = await fetch(`${running.url}/api/sweeps`, {
      method: 'POST',
      body: new URLSearchParams({ dims: '64' }),
    });
    expect([form.status, await form.json()]).toMatchObject([400, error('bad_input', 'Content-Type')]);
    const streamed = await fetch(`${running.url}/api/sweeps`, {
      ...{ method: 'POST', duplex: 'half', headers: { 'Content-Type': 'text/plain' } },
      body: new Blob(['{"dims": [64], "heads": [1]}']).stream(),
    });
    expect([streamed.status, await streamed.json()]).toMatchObject([400, error('bad_input', 'Content-Type')]);
    expect(running.service.runs.sweeps()).toEqual([]);
  });

  it.each([
    ['GET', '/api/runs?stat=x', undefined, 'the query has no field stat; it has sweep, status, after'],
    ['GET', '/api/sweeps?a=1&b=2', undefined, 'the query has no field a, b; it has after'],
    ['GET', '/api/runs/RUN/frames?from=3', undefined, 'the query has no field from; it has after, format'],
    ['POST', '/api/runs/RUN/pause', { total: 3 }, 'the body has no field total; it has none'],
    ['POST', '/api/runs/RUN/restart', [], 'the body must be an object'],
    ['POST', '/api/runs/RUN/extend', { total: 99, by: 3 }, 'the body has no field by; it has total, requestId'],
    ['PATCH', '/api/runs/RUN', { status: 'x' }, 'the change has no field status; it has name, notes, tags'],
  ])('[H6] %s %s %j names what is unknown and what there is', async (method, path, body, message) => {
    const running = await startApp();
    const { id } = running.service.addRun();
    const answer = await call(running, method, path.replace('RUN', id), body);
    expect(answer).toMatchObject({ status: 400, body: error('bad_input', message) });
  });

  it('[H1] a path that cannot be decoded is bad input', async () => {
    const running = await startApp();
    expect(await call(running, 'GET', '/api/runs/%E0%A4%A')).toMatchObject({
      status: 400,
      body: error('bad_input', ''),
    });
  });

  it('[H1] what is unexpected is told by an id; the log alone says what it was', async () => {
    const running = await startApp();
    running.service.runs.sweep = () => {
      throw new Error('secret of the disk');
    };
    const answer = await call(running, 'GET', '/api/sweeps/any');
    expect(answer).toMatchObject({ status: 500, body: error('internal', /unexpected error/) });
    expect(JSON.stringify(answer.body)).not.toMatch('secret');
    const id = /error (\S+);/.exec((answer.body as { error: { message: string } }).error.message)![1]!;
    expect(running.logged.join()).toMatch('secret of the disk');
    expect(running.logged.join()).toMatch(id);
  });

  it('[H1] a list that cannot be read is a failure, and not an answer that breaks off', async () => {
    const running = await startApp();
    const { id } = running.service.addRun();
    running.service.histories.log = () => {
      throw new Error('EIO: i/o error');
    };
    expect(await call(running, 'GET', `/api/runs/${id}/log`)).toMatchObject({
      status: 500,
      body: error('internal', /unexpected error/),
    });
    expect(running.logged.join()).toMatch('EIO');
  });

  it('[H9] a thousand requests at once from one address are served', async () => {
    const running = await startApp();
    const answers = await Promise.all(range(1000).map(() => call(running, 'GET', '/api/health')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  it('[H9] above the limit requests are refused for a while; the page still comes', async () => {
    const running = await startApp({ limits: { requests: 5 } });
    for (const _ of range(5)) expect((await call(running, 'GET', '/api/health')).status).toBe(200);
    const answer = await call(running, 'GET', '/api/health');
    expect(answer).toMatchObject({ status: 429, body: error('too_many_requests', 'too many requests') });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await fetch(running.url)).status).toBe(200);
  });
});
