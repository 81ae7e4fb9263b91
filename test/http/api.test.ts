/** Every call of the API: what it answers, in the shapes of its document, and what it says to bad input. */
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import * as shapes from '../../server/http/schemas.js';
import { frameColumns, framesFromBytes } from '../../shared/frames.js';
import { RUN_STATUSES } from '../../shared/run.js';
import { valueAt } from '../support/fake-sweep-service.js';
import { type RunningApp, startApp } from '../support/running-app.js';

interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

async function call({ url }: RunningApp, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body !== undefined && {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** Holds an answer against the schema that the API's document shows. */
function fits<S extends z.ZodType>(schema: S, { body }: Answer): z.output<S> {
  return schema.parse(body);
}

const error = (code: string, message: RegExp | string) => ({
  error: { code, message: expect.stringMatching(message) },
});

describe('health', () => {
  it('[H2] tells status, version, engine and uptime', async () => {
    const running = await startApp();
    const answer = await call(running, 'GET', '/api/health');
    expect(answer.status).toBe(200);
    expect(fits(shapes.healthSchema, answer)).toMatchObject({
      status: 'ok',
      version: '1.2.3',
      engine: { name: 'wasm', ops: 'kernels', version: '4.22.0', threads: 1 },
      storage: { ok: true },
    });
  });

  it('[H2] runs that cannot be stored are told of, and the server stays ready', async () => {
    const running = await startApp();
    running.service.storage$.next({ message: 'the disk is full', since: '2026-01-02T03:04:05.000Z' });
    const answer = await call(running, 'GET', '/api/health');
    expect(answer.status).toBe(200);
    const storage = { ok: false, message: 'the disk is full', since: '2026-01-02T03:04:05.000Z' };
    expect(fits(shapes.healthSchema, answer)).toMatchObject({ status: 'ok', storage });
  });

  it('commands over HTTP say so to the log of their runs', async () => {
    const running = await startApp();
    const created = await call(running, 'POST', '/api/sweeps', { dims: [8], heads: [1] });
    const { id, runIds } = created.body as { id: string; runIds: string[] };
    await call(running, 'POST', `/api/runs/${runIds[0]}/pause`);
    await call(running, 'POST', `/api/runs/${runIds[0]}/restart`);
    await call(running, 'POST', `/api/runs/${runIds[0]}/extend`, { epochs: 99 });
    await call(running, 'POST', `/api/sweeps/${id}/resume`);
    expect(running.service.sources).toEqual(['http', 'http', 'http', 'http', 'http']);
  });

  it('[H2] while the server closes it is 503, and every other call is unavailable', async () => {
    const running = await startApp();
    let finish: (() => void) | undefined;
    running.service.close = () => new Promise((resolve) => (finish = resolve));
    const closed = running.app.close();
    const health = await call(running, 'GET', '/api/health');
    expect(health.status).toBe(503);
    expect(fits(shapes.healthSchema, health).status).toBe('closing');
    const created = await call(running, 'POST', '/api/sweeps', { dims: [8], heads: [1] });
    expect(created).toMatchObject({ status: 503, body: error('unavailable', 'closing') });
    finish!();
    await closed;
  });
});

describe('sweeps', () => {
  it('[H3] are created, listed, read, steered and deleted', async () => {
    const running = await startApp();
    const created = await call(running, 'POST', '/api/sweeps', { dims: [8], heads: [1, 2], name: 'Mine' });
    expect(created.status).toBe(201);
    const { id, runIds } = fits(shapes.sweepCreatedSchema, created);
    expect(runIds).toHaveLength(2);
    expect(created.headers.get('location')).toBe(`/api/sweeps/${id}`);

    const sweep = await call(running, 'GET', `/api/sweeps/${id}`);
    expect(fits(shapes.sweepSchema, sweep)).toMatchObject({ id, runIds, name: 'Mine', counts: { queued: 2 } });
    const sweeps = await call(running, 'GET', '/api/sweeps');
    expect(fits(shapes.sweepsSchema, sweeps)).toEqual({ sweeps: [sweep.body] });

    expect(await call(running, 'DELETE', `/api/sweeps/${id}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict', details: { counts: { queued: 2 } } } },
    });
    for (const [action, status] of [
      ['pause', 'paused'],
      ['resume', 'queued'],
      ['stop', 'stopped'],
    ] as const) {
      const steered = await call(running, 'POST', `/api/sweeps/${id}/${action}`);
      expect(steered.status).toBe(202);
      expect(fits(shapes.sweepSchema, steered).counts).toEqual({ [status]: 2 });
    }
    expect(await call(running, 'DELETE', `/api/sweeps/${id}`)).toMatchObject({ status: 204, body: undefined });
    expect((await call(running, 'GET', '/api/sweeps')).body).toEqual({ sweeps: [] });
  });

  it('[H3] long lists come in parts', async () => {
    const running = await startApp();
    for (let count = 0; count < 201; count += 1) running.service.addRun();
    const first = fits(shapes.sweepsSchema, await call(running, 'GET', '/api/sweeps'));
    expect(first.sweeps).toHaveLength(200);
    const second = fits(shapes.sweepsSchema, await call(running, 'GET', `/api/sweeps?after=${first.next!}`));
    expect(second.next).toBeUndefined();
    expect([...first.sweeps, ...second.sweeps]).toEqual(running.service.store.sweeps());
    expect(await call(running, 'GET', '/api/sweeps?after=nope')).toMatchObject({
      status: 400,
      body: error('bad_input', /^after must/),
    });
  });
});

describe('runs', () => {
  it('[H3] are listed in parts, by sweep and by status, even if they change in between', async () => {
    const running = await startApp();
    const { service } = running;
    const created = service.createSweep({ dims: [8], heads: [1], seeds: range(100), lrs: [0.1, 0.2, 0.3, 0.4, 0.5] });
    const other = service.addRun();
    const list = async (query: string) => fits(shapes.runsSchema, await call(running, 'GET', `/api/runs${query}`));
    const sweepId = created.ok ? created.data.id : '';

    expect((await list(`?sweep=${other.sweepId}`)).runs).toEqual([other]);
    expect((await list('?status=paused')).runs).toEqual([]);
    expect((await list('?sweep=nope')).runs).toEqual([]);
    const ids: string[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const part: z.output<typeof shapes.runsSchema> = await list(
        `?sweep=${sweepId}&status=queued${next === '' ? '' : `&after=${next}`}`,
      );
      ids.push(...part.runs.map((run) => run.id));
      next = part.next;
      if (next !== undefined) service.setStatus(next, 'running');
    }
    expect(ids).toEqual(created.ok ? created.data.runIds : []);
  });

  it('[H5] are steered: 202 with the run, 201 with a new one, 409 with the status', async () => {
    const running = await startApp();
    const { id } = running.service.addRun();
    const post = (action: string, body?: unknown) => call(running, 'POST', `/api/runs/${id}/${action}`, body);
    const paused = await post('pause');
    expect(paused.status).toBe(202);
    expect(fits(shapes.runSchema, paused).status).toBe('paused');
    expect(await post('pause', {})).toMatchObject({ status: 202, body: { status: 'paused' } });
    expect(await post('resume')).toMatchObject({ status: 202, body: { status: 'queued' } });
    expect(await post('restart')).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict', details: { status: 'queued' } } },
    });
    expect(await post('stop')).toMatchObject({ status: 202, body: { status: 'stopped' } });
    const restarted = await post('restart', { requestId: 'once' });
    expect(restarted.status).toBe(201);
    const next = fits(shapes.runSchema, restarted);
    expect(next).toMatchObject({ attempt: 2, previousRunId: id });
    expect(restarted.headers.get('location')).toBe(`/api/runs/${next.id}`);
    expect(await post('extend', { epochs: 70 })).toMatchObject({ status: 202, body: { epochs: 70, status: 'queued' } });
    expect(await post('extend', {})).toMatchObject({ status: 400, body: error('bad_input', /^epochs must/) });
    expect(await post('extend')).toMatchObject({ status: 400, body: error('bad_input', /body is missing/) });
    expect(await post('pause', { epochs: 3 })).toMatchObject({ status: 400, body: error('bad_input', /epochs/) });
  });

  it('[W6] name the epochs after which another engine went on; others have no such field', async () => {
    const running = await startApp();
    const { store } = running.service;
    const one = running.service.addRun();
    const changed = running.service.addRun();
    const kernels = { from: '0123456789ab', to: 'ba9876543210' };
    const engineSeams = [
      { epoch: 3, from: 'wasm', to: 'cpu' } as const,
      { epoch: 5, from: 'cpu', to: 'cpu', kernels } as const,
    ];
    store.commit({ runs: [{ ...changed, engine: 'cpu', kernels: kernels.to, engineSeams }] });
    const { runs } = fits(shapes.runsSchema, await call(running, 'GET', '/api/runs'));
    expect(runs.map((run) => run.engineSeams)).toEqual([undefined, engineSeams]);
    expect(runs[0]).not.toHaveProperty('engineSeams');
    expect(runs[0]?.id).toBe(one.id);
  });

  it('[H3] are read, described and deleted', async () => {
    const running = await startApp();
    const { id } = running.service.addRun();
    const path = `/api/runs/${id}`;
    expect(fits(shapes.runSchema, await call(running, 'GET', path)).id).toBe(id);
    const patched = await call(running, 'PATCH', path, { name: 'Best', notes: 'so far', tags: ['a', 'b'] });
    expect(patched.status).toBe(200);
    expect(fits(shapes.runSchema, patched)).toMatchObject({ name: 'Best', notes: 'so far', tags: ['a', 'b'] });
    for (const [body, message] of [
      [{}, /at least one/],
      [{ nam: 'x' }, /nam/],
      [{ name: '' }, /^name must/],
      [{ tags: 'a' }, /^tags must/],
      [{ notes: 7 }, /^notes must/],
    ] as const)
      expect(await call(running, 'PATCH', path, body)).toMatchObject({
        status: 400,
        body: error('bad_input', message),
      });
    expect(await call(running, 'DELETE', path)).toMatchObject({ status: 409 });
    running.service.setStatus(id, 'completed');
    expect(await call(running, 'DELETE', path)).toMatchObject({ status: 204 });
    expect(await call(running, 'GET', path)).toMatchObject({ status: 404, body: error('not_found', id) });
  });

  it('[H3] have measurements, checkpoints and a log', async () => {
    const running = await startApp();
    const { service } = running;
    const { id: runId } = service.addRun();
    const at = '2026-01-02T03:04:05.000Z';
    const measurements = [
      { epoch: 0, sample: 'script', values: { emb: { cv: 0.2, valid: 300 } } },
      { epoch: 0, sample: 'fixed', values: { emb: { cv: null, valid: null, reason: 'fewer than 5 rows' } } },
    ] as const;
    for (const measurement of measurements) service.addMeasurement(runId, measurement);
    const checkpoint = { seq: 4, epoch: 4, at, bytes: 1000, engine: 'wasm' } as const;
    service.store.commit({
      checkpoints: [{ runId, ...checkpoint, file: 'secret/place' }],
      log: [{ runId, at, event: 'paused', by: 'controller', details: { epoch: 4 } }],
    });
    const read = (part: string) => call(running, 'GET', `/api/runs/${runId}/${part}`);
    expect(fits(shapes.measurementsSchema, await read('measurements'))).toEqual(measurements);
    expect(fits(shapes.checkpointsSchema, await read('checkpoints'))).toEqual([checkpoint]);
    expect(fits(shapes.logSchema, await read('log'))).toMatchObject([
      { event: 'created' },
      { at, event: 'paused', by: 'controller', details: { epoch: 4 } },
    ]);
  });
});

describe('frames', () => {
  const columns = frameColumns(2);
  const expected = (fromSeq: number, rows: number) =>
    range(rows).map((row) => columns.map((_, column) => valueAt(fromSeq + row, column)));

  it('[H4] as JSON: the columns, and every row after the seq asked for; null for no value', async () => {
    const running = await startApp();
    const { id } = running.service.addRun(2);
    running.service.addFrames(id, 5);
    const all = fits(shapes.framesSchema, await call(running, 'GET', `/api/runs/${id}/frames`));
    expect(all).toEqual({
      columns,
      fromSeq: 0,
      rows: expected(0, 5).map((row) => row.map((value) => (Number.isNaN(value) ? null : value))),
    });
    expect(all.rows[0]![2]).toBeNull();
    const later = await call(running, 'GET', `/api/runs/${id}/frames?after=2&format=json`);
    expect(later.body).toEqual({ columns, fromSeq: 3, rows: expected(3, 2) });
    const none = await call(running, 'GET', `/api/runs/${id}/frames?after=4`);
    expect(none.body).toEqual({ columns, fromSeq: 5, rows: [] });
  });

  it('[H4] as CSV: a header and a line per row, empty for no value', async () => {
    const running = await startApp();
    const { id } = running.service.addRun(2);
    running.service.addFrames(id, 2);
    const response = await fetch(`${running.url}/api/runs/${id}/frames?format=csv`);
    expect(response.headers.get('content-type')).toMatch('text/csv');
    const lines = (await response.text()).split('\n');
    expect(lines[0]).toBe(columns.join());
    expect(lines[1]).toBe(
      expected(0, 1)[0]!
        .map((value) => (Number.isNaN(value) ? '' : value))
        .join(),
    );
    expect(lines.slice(3)).toEqual(['']);
  });

  it('[H4] as bytes: little-endian Float32 rows, their place and sizes in the headers', async () => {
    const running = await startApp();
    const { id } = running.service.addRun(2);
    running.service.addFrames(id, 6);
    const response = await fetch(`${running.url}/api/runs/${id}/frames?format=binary&after=1`);
    const header = (name: string) => response.headers.get(name);
    expect(header('content-type')).toBe('application/octet-stream');
    expect([header('x-from-seq'), header('x-rows'), header('x-columns')]).toEqual(['2', '4', String(columns.length)]);
    expect([...framesFromBytes(await response.bytes())]).toEqual(expected(2, 4).flat());
  });

  it('[H4] a long history comes whole in every format', async () => {
    const running = await startApp();
    const { id } = running.service.addRun(8);
    running.service.addFrames(id, 5000);
    const path = `/api/runs/${id}/frames`;
    const json = fits(shapes.framesSchema, await call(running, 'GET', path));
    expect(json.rows.map((row) => row[0])).toEqual(range(5000));
    const csv = await (await fetch(`${running.url}${path}?format=csv`)).text();
    expect(csv.trimEnd().split('\n').slice(1).map(Number.parseFloat)).toEqual(range(5000));
    const bytes = await (await fetch(`${running.url}${path}?format=binary`)).bytes();
    expect(bytes.byteLength).toBe(5000 * frameColumns(8).length * 4);
  });

  it.each([
    ['after=x', /^after must/],
    ['after=-2', /^after must/],
    ['after=1.5', /^after must/],
    ['after=', /^after must/],
    ['after=1&after=2', /^after must/],
    ['format=xml', /^format must be one of json, csv, binary/],
    ['form=csv', /form/],
  ])('[H1] ?%s is refused by name', async (query, message) => {
    const running = await startApp();
    const { id } = running.service.addRun();
    expect(await call(running, 'GET', `/api/runs/${id}/frames?${query}`)).toMatchObject({
      status: 400,
      body: error('bad_input', message),
    });
  });
});

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
    ['POST', '/api/runs'],
    ['POST', '/api/runs/a/frames'],
    ['GET', '/api/runs/a/control'],
    ['GET', '/pentachoron.py'],
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
    expect(await post('"text"')).toMatchObject({ status: 400, body: error('bad_input', /JSON/) });
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
    expect(running.service.store.sweeps()).toEqual([]);
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
    running.service.store.sweeps = () => {
      throw new Error('secret of the disk');
    };
    const answer = await call(running, 'GET', '/api/sweeps');
    expect(answer).toMatchObject({ status: 500, body: error('internal', /unexpected error/) });
    expect(JSON.stringify(answer.body)).not.toMatch('secret');
    const id = /error (\S+);/.exec((answer.body as { error: { message: string } }).error.message)![1]!;
    expect(running.logged.join()).toMatch('secret of the disk');
    expect(running.logged.join()).toMatch(id);
  });

  it('[H9] a thousand requests at once from one address are served', async () => {
    const running = await startApp();
    const answers = await Promise.all(range(1000).map(() => call(running, 'GET', '/api/health')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  it('[H9] above the limit requests are refused for a while; the page still comes', async () => {
    const running = await startApp({ requestsPerWindow: 5 });
    for (const _ of range(5)) expect((await call(running, 'GET', '/api/health')).status).toBe(200);
    const answer = await call(running, 'GET', '/api/health');
    expect(answer).toMatchObject({ status: 429, body: error('too_many_requests', 'too many requests') });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await fetch(running.url)).status).toBe(200);
  });
});

describe('document', () => {
  it('lists every call with its schemas, and the page shows each of them without a script', async () => {
    const running = await startApp();
    const { body } = await call(running, 'GET', '/api/openapi.json');
    const { openapi, paths, components } = body as {
      openapi: string;
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
      components: { schemas: Record<string, { properties?: Record<string, unknown> }> };
    };
    expect(openapi).toBe('3.1.0');
    const calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const actions = (kind: string, names: string[]) => names.map((name) => `POST /api/${kind}/{id}/${name}`);
    expect(calls.sort()).toEqual(
      [
        'GET /api/health',
        ...['GET /api/sweeps', 'POST /api/sweeps', 'GET /api/sweeps/{id}', 'DELETE /api/sweeps/{id}'],
        ...actions('sweeps', ['pause', 'resume', 'stop']),
        ...['GET /api/runs', 'GET /api/runs/{id}', 'PATCH /api/runs/{id}', 'DELETE /api/runs/{id}'],
        ...actions('runs', ['pause', 'resume', 'stop', 'restart', 'extend']),
        ...['frames', 'measurements', 'checkpoints', 'log'].map((part) => `GET /api/runs/{id}/${part}`),
      ].sort(),
    );
    expect(Object.keys(components.schemas)).toEqual(
      expect.arrayContaining(['Run', 'Sweep', 'SweepSpec', 'Error', 'Health', 'Frames', 'Measurement']),
    );
    expect(components.schemas['SweepSpec']!.properties).toHaveProperty('samplesPerClass');
    const response = await fetch(`${running.url}/api/docs`);
    const page = await response.text();
    expect(response.headers.get('content-type')).toMatch('text/html');
    for (const path of Object.keys(paths)) expect(page).toContain(`<code>${path}</code>`);
    for (const status of RUN_STATUSES) expect(page).toContain(status);
    expect(page).not.toMatch(/<script|<style|<[^>]*\s(style|on\w+)=/);
  });

  it('every answer of an error is in the document’s Error shape', async () => {
    const running = await startApp();
    for (const path of ['/api/nothing', '/api/runs/nope', '/api/runs?status=x', '/nothing'])
      fits(shapes.errorSchema, await call(running, 'GET', path));
  });
});

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
