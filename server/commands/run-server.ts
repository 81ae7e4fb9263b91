/** What `pentachoron serve` does: opens the data folder, listens, says where, and ends in order. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { destination, type Logger, pino } from 'pino';
import { filter, take } from 'rxjs';
import { fail, ok, type Result } from '../../shared/errors.js';
import { referenceSweep } from '../experiments/registry.js';
import { type App, createApp } from '../app.js';
import type { TrainerChild } from '../execution/trainer-child.js';
import type { SweepService } from '../service/sweep-service.js';
import { messageOf } from '../message-of.js';
import { Access } from '../access/access.js';
import { Tokens } from '../access/tokens.js';
import { packageVersion } from '../version.js';
import { givenTokens, isPublic, localAddress, pageAddress, readTls } from './access-options.js';
import { readLimits } from './limit-options.js';
import { listenForInterruption } from './interruption.js';
import type { LogFollower } from '../tensorboard/log-follower.js';
import { openSweeps } from './open-sweeps.js';
import { forgetAddress, noteAddress } from './server-address.js';
import type { ServeOptions } from './serve-options.js';
import { writeOutput } from './write-output.js';

/** How long the file that leads a browser to its link is there. */
const OPENED_MS = 60_000;

/**
 * Resolves with the exit code, once the server has ended.
 * @param children trainers that were started before, with these options; the server's from now on.
 */
export async function serve(options: ServeOptions, children: readonly TrainerChild[] = []): Promise<number> {
  const {
    port,
    host,
    data,
    engine,
    ops,
    workers,
    checkpointSeconds,
    maxRss,
    allowEngineChange = false,
    open,
    follow = [],
    sweep,
  } = options;
  const interruption = listenForInterruption();
  // Synchronous, so that nothing is lost when the process ends.
  const stderr = destination({ dest: 2, sync: true });
  // A full disk or a closed terminal, to which nothing can be logged, is no reason to end.
  stderr.on('error', () => undefined);
  const log = pino({ level: 'warn' }, stderr);
  const dataFolder = resolve(data);
  const tls = readTls(options);
  if (!tls.ok) return complain(tls.error.message);
  const limits = readLimits(options);
  const opened = await openSweeps({
    limits,
    engine,
    ops,
    workers,
    children,
    dataFolder,
    checkpointSeconds,
    allowEngineChange,
    log,
    ...(maxRss !== undefined && { maxRssMb: maxRss }),
  });
  if (!opened.ok) return complain(opened.error.message);
  const { service, close } = opened.data;
  let app: App | undefined;
  let follower: LogFollower | undefined;
  let code = 1;
  try {
    const [clientFolder, pythonFolder] = ['../../client', '../../python'].map((path) =>
      fileURLToPath(new URL(path, import.meta.url)),
    ) as [string, string];
    const access = accessOf(options, dataFolder, log);
    app = createApp({
      ...{ service, access, clientFolder, pythonFolder, log, limits },
      version: packageVersion(),
      basePath: options.basePath,
      frameAncestors: options.frameAncestors,
      ...(tls.data && { tls: tls.data }),
    });
    const listening = await listen(app, port, host);
    if (!listening.ok) return complain(listening.error.message);
    const url = pageAddress(options, listening.data, tls.data !== undefined);
    say(`Pentachoron is live at ${url}`);
    const link = await announceLinks(access, url);
    say(`Runs are kept in ${dataFolder}`);
    noteAddress(dataFolder, localAddress(options, listening.data, tls.data !== undefined));
    if (follow.length > 0) {
      const { LogFollower } = await import('../tensorboard/log-follower.js');
      const { serviceSink } = await import('../tensorboard/run-sink.js');
      follower = new LogFollower({ logFolders: follow, sink: serviceSink(service.external), told: say });
      say(`Following ${follow.join(', ')}`);
    }
    announceEngine(service);
    if (sweep === 'reference' && service.runs.sweeps().length === 0) {
      const created = service.createSweep(referenceSweep);
      if (!created.ok && service.storage() === null) return complain(created.error.message);
      if (!created.ok) whenStorable(service, () => service.createSweep(referenceSweep));
    }
    const notice = service.storage();
    if (notice !== null) say(`For now only what is stored can be seen: ${notice.message}.`);
    if (open)
      openBrowser(link === url ? url : leadingTo(link, dataFolder), (reason) =>
        say(`No browser could be opened (${reason}); open ${url} yourself.`),
      );
    await interrupted(app, service, interruption.signal);
    code = 0;
  } catch (error) {
    return complain(`it cannot start: ${messageOf(error)}`);
  } finally {
    await follower?.close();
    await app?.close();
    forgetAddress(dataFolder);
    const lost = await close();
    if (lost !== null) code = complain(lost);
  }
  return code;
}

/** Throws where the list of tokens cannot be read. */
function accessOf(options: ServeOptions, dataFolder: string, log: Logger): Access {
  const { token, allowOrigin, publicUrl, basePath, frameAncestors, trustProxy } = options;
  const tokens = givenTokens(token);
  if (!tokens.ok) throw new Error(tokens.error.message);
  return new Access({
    tokens: new Tokens(dataFolder, tokens.data, (message) =>
      log.error(`the list of tokens is as it was read last: ${message}`),
    ),
    isPublic: isPublic(options),
    proxyHops: trustProxy,
    allowedOrigins: [...allowOrigin, ...(publicUrl ? [publicUrl] : [])].map(({ origin }) => origin),
    basePath,
    isFramed: frameAncestors.length > 0,
  });
}

/** Prints the links that open the page where tokens are needed; answers the address for a browser on this machine. */
async function announceLinks(access: Access, url: string): Promise<string> {
  if (!access.needsToken) return url;
  const links = access.tokens.ensureStart().map(({ name, secret }) => ({ name, link: `${url}/?token=${secret}` }));
  await writeOutput(links.map(({ name, link }) => `${name}: ${link}\n`));
  if (access.tokens.list().length === 0)
    say('Nobody can sign in: every token was revoked. "pentachoron tokens add" makes one, also while the server runs.');
  else if (links.length === 0) say('Sign in with a token; "pentachoron tokens" lists, adds and revokes them.');
  return links[0]?.link ?? url;
}

/** Resolves once the server is asked to end. */
async function interrupted({ io }: App, service: SweepService, signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
  const { clientsCount: viewers } = io.engine;
  const viewersAre = viewers === 1 ? '1 viewer is' : `${viewers} viewers are`;
  const runsAre = service.storage() === null ? 'runs are kept as they are' : 'runs cannot be stored now';
  say(`\nClosing: ${runsAre}, ${viewersAre} told; once more ends at once.`);
}

/** The first trainer tells which engine it is. */
function announceEngine(service: SweepService): void {
  service.committed$
    .pipe(
      filter(() => service.engine() !== null),
      take(1),
    )
    .subscribe(() => {
      const engine = service.engine();
      if (engine !== null) say(`Engine: ${engine.name}, ops ${engine.ops} (version ${engine.version})`);
    });
}

/** Does it once the storage is well again. */
function whenStorable(service: SweepService, then: () => void): void {
  service.storage$
    .pipe(
      filter((notice) => notice === null),
      take(1),
    )
    .subscribe(then);
}

/** Answers the port taken. */
async function listen(app: App, port: number, host: string): Promise<Result<number>> {
  try {
    return ok(await app.listen(port, host));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      return fail(
        'unavailable',
        `port ${port} of ${host} is taken, maybe by another pentachoron serve; choose another with --port`,
      );
    if (code === 'EACCES')
      return fail('unavailable', `this user may not listen on port ${port}; choose one above 1023 with --port`);
    return fail('unavailable', `cannot listen on port ${port} of ${host}: ${String(error)}`);
  }
}

/** A file that its owner alone may read and that leads to the link: what a command is given, everyone on the machine sees. */
function leadingTo(link: string, folder: string): string {
  const file = join(folder, 'open.html');
  rmSync(file, { force: true });
  writeFileSync(file, `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${link}">`, {
    mode: 0o600,
    flag: 'wx',
  });
  // A browser that starts takes seconds to read it.
  setTimeout(() => rmSync(file, { force: true }), OPENED_MS).unref();
  return pathToFileURL(resolve(file)).href;
}

/**
 * Shows a page in the user's browser, where there is one.
 * @param failed hears of it when there is no way to open one; a browser that opens and then fails is not noticed.
 */
function openBrowser(url: string, failed: (reason: string) => void): void {
  const [command, ...parameters] = opener();
  const child = spawn(command, [...parameters, url], { stdio: 'ignore', detached: true });
  child.on('error', (error) => failed(error.message));
  child.on('exit', (code) => {
    if (code !== 0) failed(`${command} ended with ${code ?? 'a signal'}`);
  });
  // The server may end before the browser does.
  child.unref();
}

function opener(): [string, ...string[]] {
  switch (process.platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      // `start` takes its first quoted word for a title.
      return ['cmd', '/c', 'start', '""'];
    default:
      return ['xdg-open'];
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function complain(message: string): 1 {
  say(`pentachoron serve: ${message}`);
  return 1;
}
