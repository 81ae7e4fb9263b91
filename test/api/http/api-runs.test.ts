/** The calls of runs and of their frames: what they answer, in the shapes of the document, and what they say to bad input. */
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { valuesOf } from '../../../shared/frames.js';
import type { Seam } from '../../../shared/run.js';
import * as shapes from '../../../server/api/calls/schemas.js';
import { call, error, fits, range } from '../../support/api-calls.js';
import { valueAt } from '../../support/scripted-service.js';
import { columnsFor, timeAt } from '../../support/test-frames.js';
import { startApp } from '../../support/running-app.js';

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
    expect(await post('extend', { total: 70 })).toMatchObject({ status: 202, body: { total: 70, status: 'queued' } });
    expect(await post('extend', {})).toMatchObject({ status: 400, body: error('bad_input', /^total must/) });
    expect(await post('extend')).toMatchObject({ status: 400, body: error('bad_input', /body is missing/) });
    expect(await post('pause', { total: 3 })).toMatchObject({ status: 400, body: error('bad_input', /total/) });
  });

  it('[W6] name the epochs after which another engine went on; others have no such field', async () => {
    const running = await startApp();
    const one = running.service.addRun();
    const changed = running.service.addRun();
    const kernels = { from: '0123456789ab', to: 'ba9876543210' };
    const at = '2026-01-02T03:04:05.000Z';
    const seams: Seam[] = [
      { seq: 4, step: 3, kind: 'engine', at, from: 'wasm', to: 'cpu' },
      { seq: 6, step: 5, kind: 'engine', at, from: 'cpu', to: 'cpu', kernels },
    ];
    running.service.change({ ...changed, status: 'running', engine: 'cpu', kernels: kernels.to, seams });
    const { runs } = fits(shapes.runsSchema, await call(running, 'GET', '/api/runs'));
    expect(runs.map((run) => run.seams)).toEqual([undefined, seams]);
    expect(runs[0]).not.toHaveProperty('seams');
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
      [{ name: ' \n' }, /^name must/],
      [{ tags: [' '] }, /^each of tags must/],
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
  const columns = columnsFor(2);
  const names = ['epoch', 'at', ...columns];
  const expected = (fromSeq: number, rows: number) =>
    range(rows).map((row) => columns.map((_, column) => valueAt(fromSeq + row, column)));
  /** With step and time in front, null for no value. */
  const cells = (fromSeq: number, rows: number) =>
    expected(fromSeq, rows).map((row, index) => [
      ...[fromSeq + index, new Date(timeAt(fromSeq + index)).toISOString()],
      ...row.map((value) => (Number.isNaN(value) ? null : value)),
    ]);

  it('[H4] as JSON: the columns, and every row after the seq asked for; null for no value', async () => {
    const running = await startApp();
    const { id } = running.service.addRun(2);
    running.service.addFrames(id, 5);
    const all = fits(shapes.framesSchema, await call(running, 'GET', `/api/runs/${id}/frames`));
    expect(all).toEqual({ columns: names, fromSeq: 0, rows: cells(0, 5) });
    expect(all.rows[0]![3]).toBeNull();
    const later = await call(running, 'GET', `/api/runs/${id}/frames?after=2&format=json`);
    expect(later.body).toEqual({ columns: names, fromSeq: 3, rows: cells(3, 2) });
    const none = await call(running, 'GET', `/api/runs/${id}/frames?after=4`);
    expect(none.body).toEqual({ columns: names, fromSeq: 5, rows: [] });
  });

  it('[H4] as CSV: a header and a line per row, empty for no value', async () => {
    const running = await startApp();
    const { id } = running.service.addRun(2);
    running.service.addFrames(id, 2);
    const response = await fetch(`${running.url}/api/runs/${id}/frames?format=csv`);
    expect(response.headers.get('content-type')).toMatch('text/csv');
    const lines = (await response.text()).split('\n');
    expect(lines[0]).toBe(names.join());
    expect(lines[1]).toBe(cells(0, 1)[0]!.join());
    expect(lines.slice(3)).toEqual(['']);
  });

  it('[H4] as bytes: a line that tells what follows, then steps, times and values, little-endian', async () => {
    const running = await startApp();
    const { id } = running.service.addRun(2);
    running.service.addFrames(id, 6);
    const response = await fetch(`${running.url}/api/runs/${id}/frames?format=binary&after=1`);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    const bytes = await response.bytes();
    const end = bytes.indexOf(10);
    const head: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
    expect(head).toEqual({ fromSeq: 2, rows: 4, columns, dtype: 'f32' });
    const parts = bytes.subarray(end + 1);
    expect([...valuesOf(parts.subarray(0, 32), 'f64')]).toEqual([2, 3, 4, 5]);
    expect([...valuesOf(parts.subarray(32, 64), 'f64')]).toEqual([2, 3, 4, 5].map(timeAt));
    expect([...valuesOf(parts.subarray(64), 'f32')]).toEqual(expected(2, 4).flat());
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
    expect(bytes.byteLength - bytes.indexOf(10) - 1).toBe(5000 * (16 + columnsFor(8).length * 4));
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
