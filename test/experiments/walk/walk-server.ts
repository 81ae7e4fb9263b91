/** A server over a data folder whose trainers have the walk, too; says its port, and which trainers it has. Built, forked. */
import { pino } from 'pino';
import { Access } from '../../../server/access/access.js';
import { Tokens } from '../../../server/access/tokens.js';
import { createApp } from '../../../server/app.js';
import { createTrainerPool } from '../../../server/execution/trainer-pool.js';
import { registerExperiment } from '../../../server/experiments/registry.js';
import { createSweepService } from '../../../server/service/create-sweep-service.js';
import { createFileCheckpoints } from '../../../server/store/checkpoints.js';
import { openSqliteStore } from '../../../server/store/sqlite-store.js';
import { builtFile } from '../../faults/built-file.js';
import { walk } from './walk.js';

const [folder = '', clientFolder = ''] = process.argv.slice(2);
registerExperiment(walk);
const opened = openSqliteStore(folder);
if (!opened.ok) throw new Error(opened.error.message);
const trainerPath = builtFile('test/experiments/walk/walk-trainer.js');
const service = createSweepService({
  store: opened.data,
  checkpoints: createFileCheckpoints(`${folder}/checkpoints`),
  executor: createTrainerPool({ trainerPath, engine: 'wasm', slots: 1 }),
  checkpointSeconds: 0.05,
});
const log = pino({ level: 'silent' });
const access = new Access({ tokens: new Tokens(folder), isPublic: false });
const app = createApp({ service, access, clientFolder, version: 'test', log });
process.send!({ port: await app.listen(0, '127.0.0.1') });
process.on('disconnect', () => process.exit(0));
