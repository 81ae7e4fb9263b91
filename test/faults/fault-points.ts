/**
 * Where a server under test can be made to fail: loaded before it with `--import`, so that the product knows nothing
 * of it. The campaign arms a fault by a message; at its n-th hit the process dies, or what was about to be written
 * fails until the campaign says that there is space again.
 */
import { promises } from 'node:fs';
import { register, syncBuiltinESMExports } from 'node:module';
import { Server, Socket } from 'socket.io';

export type FaultPoint = 'commit' | 'emit' | 'rename' | 'fsync' | 'write';

export type FaultOrder =
  /** Dies at the n-th hit of the point, before or after what is done there. */
  | { type: 'die'; point: FaultPoint; side: 'before' | 'after'; nth: number }
  /** From the n-th write of any kind on, all fail. */
  | { type: 'fail'; code: DiskError; nth: number }
  /** Writes succeed again. Answered with `writes`, the number since the server began. */
  | { type: 'release' };

export type DiskError = 'ENOSPC' | 'EIO';

/** To the campaign: writes fail from now on; or what `release` asks for. */
export type FaultNews = { type: 'failing' } | { type: 'writes'; count: number };

let armed: Exclude<FaultOrder, { type: 'release' }> | null = null;
let hits = 0;
let writes = 0;
let isFailing = false;

process.on('message', (order: FaultOrder) => {
  hits = 0;
  isFailing = false;
  armed = order.type === 'release' ? null : order;
  process.send?.({ type: 'writes', count: writes } satisfies FaultNews);
});
// A campaign that was interrupted leaves no server behind.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// The campaign's end of the channel must not keep a server alive that was asked to end.
process.channel?.unref();

/** Passing by a point. */
export function pass(point: FaultPoint, side: 'before' | 'after'): void {
  if (armed?.type !== 'die' || armed.point !== point || armed.side !== side) return;
  hits += 1;
  if (hits === armed.nth) process.kill(process.pid, 'SIGKILL');
}

/** Before every write: the error to throw instead, if any. */
export function refusal(): DiskError | null {
  writes += 1;
  if (armed?.type !== 'fail') return null;
  hits += 1;
  if (hits < armed.nth) return null;
  if (!isFailing) process.send?.({ type: 'failing' } satisfies FaultNews);
  isFailing = true;
  return armed.code;
}

function systemError(code: DiskError, syscall: string): Error {
  const [errno, text] = code === 'ENOSPC' ? [-28, 'no space left on device'] : [-5, 'i/o error'];
  return Object.assign(new Error(`${code}: ${text}, ${syscall}`), { code, errno, syscall });
}

type Method = (this: unknown, ...parameters: unknown[]) => unknown;

/** Makes `holder[name]` pass by `point`; as a write it can be refused. */
function wrapAsync(holder: object, name: string, point: FaultPoint): void {
  const methods = holder as Record<string, Method>;
  const original = methods[name]!;
  methods[name] = async function (...parameters) {
    pass(point, 'before');
    const refused = refusal();
    if (refused !== null) throw systemError(refused, name);
    const result = await original.apply(this, parameters);
    pass(point, 'after');
    return result;
  };
}

function wrapEmit(prototype: object): void {
  const methods = prototype as { emit: Method };
  const original = methods.emit;
  methods.emit = function (...parameters) {
    if (parameters[0] !== 'run:frames') return original.apply(this, parameters);
    pass('emit', 'before');
    const result = original.apply(this, parameters);
    pass('emit', 'after');
    return result;
  };
}

const handle = await promises.open('/dev/null', 'r');
const fileHandle = Object.getPrototypeOf(handle) as object;
await handle.close();
wrapAsync(fileHandle, 'sync', 'fsync');
for (const name of ['write', 'writev', 'writeFile']) wrapAsync(fileHandle, name, 'write');
wrapAsync(promises, 'rename', 'rename');
wrapAsync(promises, 'mkdir', 'write');
syncBuiltinESMExports();

wrapEmit(Object.getPrototypeOf(new Server().to('nobody')) as object);
wrapEmit(Socket.prototype);

// The database is native: its class cannot be changed, so that the server is given another one.
register('./sqlite-hook.js', import.meta.url);
