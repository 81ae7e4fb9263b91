/** Runs of other programs over a data folder, without a server and without trainers: what waits there goes on waiting. */
import { ok, type Result } from '../../shared/errors.js';
import { ExternalRuns } from '../external/external-runs.js';
import { RunRegistry } from '../runs/run-registry.js';
import { RunStream } from '../runs/run-stream.js';
import { silentLog } from '../runs/service-log.js';
import { StorageHealth } from '../runs/storage-health.js';
import { StoreCommands } from '../service/store-commands.js';
import { openSqliteStore } from '../store/sqlite-store.js';

const RETRY_MS = 1000;

export interface OpenedPrograms {
  external: ExternalRuns;
  /** Lets go of the data folder. */
  close: () => void;
}

/** Fails as `openSqliteStore` does. */
export function openPrograms(dataFolder: string): Result<OpenedPrograms> {
  const opened = openSqliteStore(dataFolder);
  if (!opened.ok) return opened;
  const store = opened.data;
  const now = (): Date => new Date();
  const registry = new RunRegistry(store);
  const health = new StorageHealth(now);
  const stream = new RunStream({
    ...{ store, registry, retryMs: RETRY_MS },
    refused: (error) => void health.refused('runs', error),
    accepted: () => health.accepted('runs'),
  });
  const commands = new StoreCommands(store, stream, silentLog);
  // None that is there already is watched: whether their programs are silent, the next server finds.
  const external = new ExternalRuns({ store, stream, health, commands, excess: () => null, now }, []);
  return ok({
    external,
    close: () => {
      external.close();
      stream.close();
      store.close();
    },
  });
}
