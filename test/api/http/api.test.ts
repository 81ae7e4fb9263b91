/** The API as a whole: health, sweeps and the document; what its calls answer, in the shapes of that document. */
import { describe, expect, it } from 'vitest';
import * as shapes from '../../../server/api/calls/schemas.js';
import { RUN_STATUSES } from '../../../shared/run.js';
import { call, error, fits } from '../../support/api-calls.js';
import { startApp } from '../../support/running-app.js';

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
    await call(running, 'POST', `/api/runs/${runIds[0]}/extend`, { total: 99 });
    await call(running, 'POST', `/api/sweeps/${id}/resume`);
    expect(running.service.sources).toEqual(Array<string>(5).fill('http'));
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
  it.each(['', '  '])('without a name that can be read (%j) are named by their grid', async (name) => {
    const running = await startApp();
    const created = await call(running, 'POST', '/api/sweeps', { dims: [8], heads: [1, 2], name });
    const { id } = fits(shapes.sweepCreatedSchema, created);
    expect(running.service.runs.sweep(id)?.name).toBe('dim 8 · heads 1, 2');
  });

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
    expect([...first.sweeps, ...second.sweeps]).toEqual(running.service.runs.sweeps());
    expect(await call(running, 'GET', '/api/sweeps?after=nope')).toMatchObject({
      status: 400,
      body: error('bad_input', /^after must/),
    });
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
        ...['GET /api/health', 'POST /api/session', 'DELETE /api/session'],
        ...['GET /api/tokens', 'POST /api/tokens', 'DELETE /api/tokens/{id}'],
        ...['GET /api/sweeps', 'POST /api/sweeps', 'GET /api/sweeps/{id}', 'DELETE /api/sweeps/{id}'],
        ...actions('sweeps', ['pause', 'resume', 'stop']),
        ...['GET /api/runs', 'GET /api/runs/{id}', 'PATCH /api/runs/{id}', 'DELETE /api/runs/{id}'],
        ...actions('runs', ['pause', 'resume', 'stop', 'restart', 'extend', 'measure', 'checkpoint', 'set']),
        ...['POST /api/runs', ...actions('runs', ['frames', 'output', 'state'])],
        ...['frames', 'measurements', 'checkpoints', 'log', 'control', 'output'].map(
          (part) => `GET /api/runs/{id}/${part}`,
        ),
      ].sort(),
    );
    expect(Object.keys(components.schemas)).toEqual(
      expect.arrayContaining(['Run', 'Sweep', 'SweepSpec', 'Error', 'Health', 'Frames', 'Measurement']),
    );
    expect(components.schemas['SweepSpec']!.properties).toHaveProperty('samplesPerClass');
    const shapeOf = (status: number, path: string, method = 'get'): string =>
      JSON.stringify(paths[path]?.[method]?.responses[status]);
    expect(shapeOf(503, '/api/health')).toContain('schemas/Health');
    for (const [path, methods] of Object.entries(paths))
      for (const method of Object.keys(methods))
        if (path !== '/api/health') expect(shapeOf(503, path, method), path).toContain('schemas/Error');
    expect(shapeOf(413, '/api/runs/{id}', 'patch')).toContain('schemas/Error');
    expect(components.schemas['SweepSpec']!.properties!['sampleSeed']).toMatchObject({ type: 'integer' });
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
