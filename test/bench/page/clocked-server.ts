/** The server as `pentachoron serve` runs it, telling its parent when frames were committed: a module to fork. */
import { register } from 'node:module';

register('./sqlite-hook.js', import.meta.url);
const { serve } = await import('../../../server/commands/run-server.js');
const { LOCAL_ACCESS } = await import('../../../server/commands/access-options.js');

const [, , data = ''] = process.argv;
process.exitCode = await serve({
  ...LOCAL_ACCESS,
  ...{ port: 0, data, engine: 'auto', ops: 'auto', workers: 2, sweep: 'none', checkpointSeconds: 5 },
});
