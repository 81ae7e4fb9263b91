/** The server as `pentachoron serve` runs it, but with checkpoints in fractions of a second: a module to fork. */
import { serve } from '../../server/commands/run-server.js';

const [, , port = '0', data = '', checkpointSeconds = '0.1'] = process.argv;
process.exitCode = await serve({
  ...{ port: Number(port), host: '127.0.0.1', data, engine: 'wasm', ops: 'kernels', workers: 2, sweep: 'none' },
  checkpointSeconds: Number(checkpointSeconds),
});
