/** The server as `pentachoron serve` runs it, telling its parent when frames were committed: a module to fork. */
import { register } from 'node:module';

register('./sqlite-hook.js', import.meta.url);
const { serve } = await import('../../../server/commands/run-server.js');

const [, , data = ''] = process.argv;
process.exitCode = await serve({
  ...{ port: 0, host: '127.0.0.1', data, engine: 'auto', ops: 'auto', workers: 2, sweep: 'none', checkpointSeconds: 5 },
});
