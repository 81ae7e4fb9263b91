/** Looks into the data folder of a server that is gone, without taking from the next one what it has to repair. */
import { experimentOf } from '../../server/experiments/registry.js';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { readNewestCheckpoint } from '../../server/checkpoints/checkpoint-file.js';
import { createFileCheckpoints } from '../../server/store/checkpoints.js';
import type { RunStore } from '../../server/store/run-store.js';
import { openSqliteStore } from '../../server/store/sqlite-store.js';
import { addFindings, type Findings, noFindings } from './campaign.js';

/** Whether the database is sound, every checkpoint that it names is whole, and what `look` finds besides. */
export async function inspect(
  folder: string,
  look: (store: RunStore) => Findings | Promise<Findings>,
): Promise<Findings> {
  const copy = mkdtempSync(join(tmpdir(), 'pentachoron-faults-'));
  const findings = noFindings();
  try {
    cpSync(folder, copy, { recursive: true });
    const opened = openSqliteStore(copy);
    if (!opened.ok) return { ...findings, failures: [opened.error.message] };
    const store = opened.data;
    try {
      addFindings(findings, await look(store), 'the store');
      const checkpoints = createFileCheckpoints(join(copy, 'checkpoints'));
      for (const run of store.runs()) {
        if (store.nextSeq(run.id) > 0 && run.step !== store.nextSeq(run.id) - 1)
          findings.failures.push(`run ${run.id} is at epoch ${run.step} with ${store.nextSeq(run.id)} frames`);
        for (const row of store.checkpoints(run.id)) {
          if (row.epoch >= store.nextSeq(run.id))
            findings.failures.push(`the checkpoint of epoch ${row.epoch} is ahead of the frames`);
          const place = checkpoints.place(run.id, [row]);
          const types = experimentOf(run).stateArrays;
          await readNewestCheckpoint(place, run.id, types, (_, reason) =>
            findings.failures.push(`a checkpoint: ${reason}`),
          );
        }
      }
    } finally {
      store.close();
    }
    const database = new DatabaseSync(join(copy, 'pentachoron.db'));
    const { integrity_check: check } = database.prepare('PRAGMA integrity_check').get() as { integrity_check: string };
    database.close();
    if (check !== 'ok') findings.failures.push(`the database is damaged: ${check}`);
    return findings;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
