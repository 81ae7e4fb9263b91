/** The server as `pentachoron serve` runs it, but with checkpoints in fractions of a second: a module to fork. */
import { LOCAL_ACCESS } from '../../server/commands/access-options.js';
import { serve } from '../../server/commands/run-server.js';

const [, , port = '0', data = '', checkpointSeconds = '0.1'] = process.argv;
process.exitCode = await serve({
  ...LOCAL_ACCESS,
  ...{ port: Number(port), data, engine: 'wasm', ops: 'kernels', workers: 2, sweep: 'none' },
  checkpointSeconds: Number(checkpointSeconds),
});
