/**
 * Where a server under test and its trainers can be made to fail: loaded before them with `--import`, so that the
 * product knows nothing of it. The campaign arms a fault by a message to the server; at its n-th hit the server dies,
 * and with it the trainer that hit it, or what was about to be written fails until the campaign says that there is space
 * again. Processes share the order and its count by files in the folder FAULTS_FOLDER.
 */
import { ChildProcess } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  promises,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { register, syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { PARENT_VARIABLE } from '../../server/execution/messages.js';

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

/** The server, or one of its trainers. */
const isTrainer = process.env[PARENT_VARIABLE] !== undefined;
const inFolder = (name: string): string => join(process.env['FAULTS_FOLDER'] ?? '.', name);
const [orderFile, hitsFile, writesFile, failingFile] = ['order', 'hits', 'writes', 'failing'].map(inFolder) as [
  ...[string, string, string, string],
];

function takeOrder(order: FaultOrder): void {
  for (const file of [orderFile, hitsFile, failingFile]) rmSync(file, { force: true });
  if (order.type !== 'release') {
    writeFileSync(`${orderFile}.tmp`, JSON.stringify(order));
    renameSync(`${orderFile}.tmp`, orderFile);
  }
  const count = existsSync(writesFile) ? statSync(writesFile).size : 0;
  process.send?.({ type: 'writes', count } satisfies FaultNews);
}

function armed(): FaultOrder | null {
  try {
    return JSON.parse(readFileSync(orderFile, 'utf8')) as FaultOrder;
  } catch {
    return null;
  }
}

/** Each is a byte: whichever process appends it. */
function count(file: string): number {
  appendFileSync(file, '.');
  return statSync(file).size;
}

/** Passing by a point. */
export function pass(point: FaultPoint, side: 'before' | 'after'): void {
  const order = armed();
  if (order?.type !== 'die' || order.point !== point || order.side !== side) return;
  if (count(hitsFile) !== order.nth) return;
  // As when the power fails: both at this moment.
  if (isTrainer) process.kill(process.ppid, 'SIGKILL');
  process.kill(process.pid, 'SIGKILL');
}

/** Before every write: the error to throw instead, if any. */
export function refusal(): DiskError | null {
  count(writesFile);
  const order = armed();
  if (order?.type !== 'fail' || count(hitsFile) < order.nth) return null;
  if (!existsSync(failingFile)) {
    writeFileSync(failingFile, '');
    process.send?.({ type: 'failing' } satisfies FaultNews);
  }
  return order.code;
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

async function armFiles(): Promise<void> {
  const handle = await promises.open('/dev/null', 'r');
  const fileHandle = Object.getPrototypeOf(handle) as object;
  await handle.close();
  wrapAsync(fileHandle, 'sync', 'fsync');
  for (const name of ['write', 'writev', 'writeFile']) wrapAsync(fileHandle, name, 'write');
  wrapAsync(promises, 'rename', 'rename');
  wrapAsync(promises, 'mkdir', 'write');
  syncBuiltinESMExports();
}

async function armServer(): Promise<void> {
  process.on('message', takeOrder);
  // A campaign that was interrupted leaves no server behind.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // The campaign's end of the channel must not keep a server alive that was asked to end.
  process.channel?.unref();

  const { Server, Socket } = await import('socket.io');
  wrapEmit(Object.getPrototypeOf(new Server().to('nobody')) as object);
  wrapEmit(Socket.prototype);

  // What a trainer tells of a write that failed.
  const children = ChildProcess.prototype as unknown as { emit: Method };
  const { emit } = children;
  children.emit = function (...parameters) {
    const [event, news] = parameters as [string, FaultNews];
    return event === 'message' && news.type === 'failing' ? process.send?.(news) : emit.apply(this, parameters);
  };

  // The database is native: its class cannot be changed, so that the server is given another one.
  register('./sqlite-hook.js', import.meta.url);
}

if (isMainThread) {
  await armFiles();
  if (!isTrainer) await armServer();
}
