/** A completed run that is measured again, from its page: told what its own entries give in random order, and nothing else. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Measurement } from '../../shared/measurement.js';
import type { Run } from '../../shared/run.js';
import { violationsOf } from '../support/accessibility.js';
import { PageBrowser, soon } from '../support/page-browser.js';
import { RealServer } from '../support/real-server.js';

let server: RealServer;
let browser: PageBrowser;
let runId: string;

async function call<T>(path: string, method = 'GET', body?: object): Promise<T> {
  const response = await fetch(`${server.url}api/${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}
const run = (): Promise<Run> => call(`runs/${runId}`);
const measurements = (): Promise<Measurement[]> => call(`runs/${runId}/measurements`);
const frames = (): Promise<unknown> => call(`runs/${runId}/frames`);

beforeAll(async () => {
  [browser, server] = await Promise.all([PageBrowser.ofProcess(), RealServer.start(['--sweep', 'none'])]);
});
afterAll(() => server.close());

it('tells the null of shuffled entries of its last epoch, and leaves all else as it was', async () => {
  const { runIds } = await call<{ runIds: string[] }>('sweeps', 'POST', {
    dims: [16],
    heads: [2],
    epochs: 4,
    samples: 40,
  });
  [runId] = runIds as [string];
  await expect.poll(async () => (await run()).status, soon).toBe('completed');
  const { page, complaints, close } = await browser.open(`${server.url}#view=run&run=${runId}`);
  const before = { run: await run(), measurements: await measurements(), frames: await frames() };
  await page.getByRole('button', { name: 'measurements', exact: true }).click();
  const table = page.getByRole('table', { name: 'Full measurements' });
  await table.getByRole('row', { name: /^emb / }).waitFor();
  expect(await table.getByRole('columnheader', { name: 'shuffled' }).count()).toBe(0);

  await page.getByRole('button', { name: 'shuffled null' }).click();
  await expect.poll(() => table.getByRole('columnheader', { name: 'shuffled' }).count(), soon).toBe(3);
  await expect.poll(() => page.getByText('being measured …').count(), soon).toBe(0);
  // There is nothing left to be told.
  expect(await page.getByRole('button', { name: 'shuffled null' }).count()).toBe(0);

  const after = { run: await run(), measurements: await measurements(), frames: await frames() };
  expect(after.frames).toEqual(before.frames);
  expect(after.run).toEqual({ ...before.run, config: { ...before.run.config, nulls: ['gaussian', 'shuffled'] } });
  for (const [index, { epoch, sample, values }] of after.measurements.entries()) {
    for (const [series, value] of Object.entries(values)) {
      const { shuffled, ...others } = value.nulls ?? {};
      const known = before.measurements[index]!.values[series]!;
      expect({ ...value, ...(value.nulls && { nulls: others }) }, series).toEqual(known);
      const isTold = epoch === 4 && sample === 'fixed' && value.cv !== null;
      expect(shuffled !== undefined, `${series} ${epoch} ${sample}`).toBe(isTold);
    }
  }
  const log = await call<{ event: string; by?: string }[]>(`runs/${runId}/log`);
  expect(log.slice(-2)).toMatchObject([{ event: 'measure-requested', by: 'viewer' }, { event: 'measured' }]);
  expect(await violationsOf(page)).toEqual([]);
  expect(complaints).toEqual([]);

  const again = await call<Run>(`runs/${runId}/measure`, 'POST');
  expect(again).toEqual(after.run);
  await close();
});
