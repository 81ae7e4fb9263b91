/** A program that trains elsewhere, over HTTP alone: as INTERFACES has it, with curl's means. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Access } from '../../../server/access/access.js';
import { Tokens } from '../../../server/access/tokens.js';
import {
  openedSchema,
  outputSchema,
  programControlSchema,
  receivedSchema,
  runSchema,
} from '../../../server/api/calls/schemas.js';
import { call, error, fits } from '../../support/api-calls.js';
import { ask, connected, next, type RunningApp, startApp } from '../../support/running-app.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const AT = '2026-03-01T00:00:00Z';

let running: RunningApp;
beforeEach(async () => {
  running = await startApp();
});

interface Answer {
  status: number;
  body: unknown;
}

/** With a token, and a body of any type. */
async function send(
  method: string,
  path: string,
  token: string,
  body?: unknown,
  type = 'application/json',
): Promise<Answer> {
  const response = await fetch(`${running.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

async function opened(request: object = {}): Promise<{ id: string; ingestToken: string }> {
  const answer = await call(running, 'POST', '/api/runs', { accepts: ['pause', 'resume', 'stop'], ...request });
  expect([answer.status, answer.headers.get('location')]).toEqual([201, `/api/runs/${fits(openedSchema, answer).id}`]);
  return fits(openedSchema, answer);
}

const frame = (seq: number, values: object = { loss: 1 / (seq + 1) }) => ({ seq, step: 10 * seq, at: AT, values });

it('[P3] takes frames as a list and as lines, and answers them as it answers any run’s', async () => {
  const { id, ingestToken } = await opened();
  const path = `/api/runs/${id}/frames`;
  const listed = await send('POST', path, ingestToken, [frame(0), frame(1, { acc: 'NaN' })]);
  expect([listed.status, receivedSchema.parse(listed.body)]).toMatchObject([200, { nextSeq: 2, control: 'run' }]);
  const lines = `${JSON.stringify(frame(1))}\n\n${JSON.stringify(frame(2))}\n`;
  const added = await send('POST', path, ingestToken, lines, 'application/x-ndjson');
  expect(added.body).toMatchObject({ nextSeq: 3 });
  expect((await call(running, 'GET', path)).body).toEqual({
    columns: ['step', 'at', 'seconds', 'loss', 'acc'],
    fromSeq: 0,
    rows: [
      [0, '2026-03-01T00:00:00.000Z', 0, 1, null],
      [10, '2026-03-01T00:00:00.000Z', 0, null, 'NaN'],
      [20, '2026-03-01T00:00:00.000Z', 0, 1 / 3, null],
    ],
  });
  const csv = await fetch(`${running.url}${path}?format=csv`);
  expect((await csv.text()).split('\n')[2]).toBe('10,2026-03-01T00:00:00.000Z,0,,NaN');
});

it('is followed live like any run: columns as they appear, status after the frames', async () => {
  const socket = await connected(running.client());
  await ask(socket, 'runs:watch', {});
  const { id, ingestToken } = await opened({ name: 'toy' });
  const answer = (await ask(socket, 'run:subscribe', { runId: id, after: -1 })) as { data: object };
  expect(answer.data).toMatchObject({ columns: ['seconds'], dtype: 'f64', rows: 0 });
  const live = next(socket, 'run:frames');
  await send('POST', `/api/runs/${id}/frames`, ingestToken, [frame(0)]);
  expect(await live).toMatchObject([{ runId: id, fromSeq: 0, rows: 1, columns: ['seconds', 'loss'] }]);
  const changed = next(socket, 'runs:changed');
  await send('POST', `/api/runs/${id}/state`, ingestToken, { seq: 0, status: 'completed', at: AT });
  expect((await changed).runs).toContainEqual(expect.objectContaining({ id, status: 'completed' }));
});

it('[P7] a pause reaches who waits for it', async () => {
  const { id, ingestToken } = await opened();
  const control = `/api/runs/${id}/control`;
  const { version } = programControlSchema.parse((await send('GET', control, ingestToken)).body);
  const waited = send('GET', `${control}?wait=30&after=${version}`, ingestToken);
  expect((await call(running, 'POST', `/api/runs/${id}/pause`)).body).toMatchObject({ status: 'pausing' });
  expect((await waited).body).toMatchObject({ control: 'pause' });
  await send('POST', `/api/runs/${id}/state`, ingestToken, { seq: 0, status: 'paused', at: AT });
  const told = await call(running, 'GET', `/api/runs/${id}`);
  expect(fits(runSchema, told).status).toBe('paused');
});

it('[P7] a server that ends answers who waits', async () => {
  const { id, ingestToken } = await opened();
  const waited = send('GET', `/api/runs/${id}/control?wait=30&after=1e15`, ingestToken);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await running.app.close();
  expect((await waited).status).toBe(200);
});

it('[P4, P6] what it prints and says of itself is there for viewers', async () => {
  const { id, ingestToken } = await opened();
  const output = `/api/runs/${id}/output`;
  const lines = Array.from({ length: 1500 }, (_, n) => (n === 0 ? 'a' : { text: `${n}`, stream: 'stderr' }));
  await send('POST', output, ingestToken, { seq: 0, lines });
  const first = fits(outputSchema, await call(running, 'GET', output));
  expect([first.lines.length, first.next, first.lines[0]]).toEqual([1000, 999, { n: 0, text: 'a', stream: 'stdout' }]);
  const rest = fits(outputSchema, await call(running, 'GET', `${output}?after=999`));
  expect([rest.lines.length, rest.next]).toEqual([500, undefined]);
  const end = fits(outputSchema, await call(running, 'GET', `${output}?last=2`));
  expect(end).toEqual({ lines: [1498, 1499].map((n) => ({ n, text: `${n}`, stream: 'stderr' })) });
  expect(fits(outputSchema, await call(running, 'GET', `${output}?last=1000`)).lines[0]!.n).toBe(500);
  for (const [query, words] of [
    ['last=0', 'last must be'],
    ['last=1001', 'last must be'],
    ['last=2&after=3', 'not both'],
  ] as const)
    expect(await call(running, 'GET', `${output}?${query}`)).toMatchObject({
      status: 400,
      body: error('bad_input', words),
    });
  const patched = await send('PATCH', `/api/runs/${id}`, ingestToken, { summary: { best: 1 }, controls: { lr: 0.1 } });
  expect(patched.body).toMatchObject({ summary: { best: 1 }, controls: { lr: 0.1 } });
  const set = await call(running, 'POST', `/api/runs/${id}/set`, { name: 'lr', value: 0.2 });
  expect(set).toMatchObject({ status: 409, body: error('conflict', 'takes no set') });
  await send('PATCH', `/api/runs/${id}`, ingestToken, { accepts: ['set'] });
  expect((await call(running, 'POST', `/api/runs/${id}/set`, { name: 'lr', value: 0.2 })).status).toBe(202);
  const unknown = await send('PATCH', `/api/runs/${id}`, ingestToken, { accepts: ['sing'] });
  expect(unknown).toMatchObject({ status: 400, body: error('bad_input', 'accepts must be a list of') });
});

describe('refuses', () => {
  it.each([
    ['no body', undefined, 'body'],
    ['a frame that is none', [{ seq: 0 }], 'step'],
    ['a gap within the body', [frame(0), frame(2)], 'seq must count up'],
    ['another writer’s frame', [{ ...frame(0), writer: 'other' }], 'writer must be'],
    ['broken JSON', '[{', 'JSON'],
  ])('%s', async (_what, body, message) => {
    const { id, ingestToken } = await opened();
    const answer = await send('POST', `/api/runs/${id}/frames`, ingestToken, body);
    expect(answer).toMatchObject({ status: 400, body: error('bad_input', message) });
    expect((await call(running, 'GET', `/api/runs/${id}/frames`)).body).toMatchObject({ rows: [] });
  });

  it('[P3] a line that is no JSON by its number, and a body of more than a megabyte', async () => {
    const { id, ingestToken } = await opened();
    const path = `/api/runs/${id}/frames`;
    const line = await send('POST', path, ingestToken, `${JSON.stringify(frame(0))}\n{`, 'application/x-ndjson');
    expect(line).toMatchObject({ status: 400, body: error('bad_input', 'line 2') });
    const large = await send('POST', path, ingestToken, `["${'x'.repeat(2 ** 20)}"]`);
    expect(large).toMatchObject({ status: 413, body: error('too_large', '1024 kB') });
    const fits = Array.from({ length: 5000 }, (_, seq) => frame(seq));
    expect((await send('POST', path, ingestToken, fits)).body).toMatchObject({ nextSeq: 5000 });
  });

  it('[P2] whoever comes without the run’s token, or with another run’s', async () => {
    const { id } = await opened();
    const other = await opened();
    const path = `/api/runs/${id}/frames`;
    expect(await call(running, 'POST', path, [frame(0)])).toMatchObject({
      status: 401,
      body: error('unauthorized', 'ingestToken'),
    });
    for (const [method, part, body] of [
      ['POST', '/frames', [frame(0)]],
      ['POST', '/state', { seq: 0, status: 'failed', at: AT }],
      ['POST', '/output', { seq: 0, lines: [] }],
      ['GET', '/control', undefined],
      ['PATCH', '', { name: 'mine' }],
    ] as const)
      expect(await send(method, `/api/runs/${id}${part}`, other.ingestToken, body), part).toMatchObject({
        status: 403,
        body: error('forbidden', other.id),
      });
    for (const [method, path] of [
      ['GET', '/api/runs'],
      ['POST', `/api/runs/${other.id}/stop`],
      ['DELETE', `/api/runs/${other.id}`],
      ['POST', '/api/runs'],
    ] as const)
      expect((await send(method, path, other.ingestToken, method === 'POST' ? {} : undefined)).status, path).toBe(403);
    const made = await send('POST', path, 'abcdefghij.0123456789012345678901234567890a', [frame(0)]);
    expect(made).toMatchObject({ status: 401, body: error('unauthorized', 'not valid') });
  });
});

it('a writer’s token opens runs and does nothing else; the run names whose it is', async () => {
  const tokens = new Tokens(temporaryFolder());
  running = await startApp({ access: new Access({ tokens, isPublic: true }) });
  const [writer, viewer] = (['writer', 'viewer'] as const).map((role) => tokens.add(`a ${role}`, role));
  if (!writer?.ok || !viewer?.ok) throw new Error('no tokens');
  expect((await send('POST', '/api/runs', viewer.data.secret, {})).status).toBe(403);
  const made = await send('POST', '/api/runs', writer.data.secret, { id: 'mine' });
  expect(made.status).toBe(201);
  for (const path of ['/api/runs', '/api/runs/mine'])
    expect((await send('GET', path, writer.data.secret)).status).toBe(403);
  const { ingestToken } = openedSchema.parse(made.body);
  expect((await send('POST', '/api/runs/mine/frames', ingestToken, [frame(0)])).status).toBe(200);
  const log = await send('GET', '/api/runs/mine/log', viewer.data.secret);
  expect(log.body).toMatchObject([{ event: 'created', by: 'a writer' }]);
});
