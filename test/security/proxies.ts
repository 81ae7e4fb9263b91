/**
 * Behind real proxies (`apt-get install nginx-light caddy`): by the README's own snippets the page and its socket come
 * through, for those with a token; by a proxy that nobody told of, nothing does.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { projectFile } from '../faults/built-file.js';
import { send, UPGRADE_HEADERS, UPGRADE_PATH } from '../support/raw-request.js';
import { RealServer } from '../support/real-server.js';
import { type Attack, Report } from './attack.js';
import { SECRETS, SecuredServer } from './secured-server.js';

const BASE = '/pentachoron';

export const proxies: Attack = {
  name: 'proxies',
  title: 'behind nginx and Caddy, as the README says, and behind an nginx that nobody told of',
  cases: 1,
  async run() {
    const report = new Report();
    for (const program of ['nginx', 'caddy'])
      try {
        execFileSync(program, [program === 'nginx' ? '-v' : 'version'], { stdio: 'ignore' });
      } catch {
        report.expect(false, `${program} is not here: apt-get install nginx-light caddy`);
        return report.outcome();
      }
    const secured = await SecuredServer.start(['--base-path', BASE, '--trust-proxy', '1']);
    try {
      const map = "map $http_upgrade $connection_upgrade { default upgrade; '' close; }";
      await through(
        'nginx',
        (port) => nginxConfig(port, `${map}\nserver { listen 127.0.0.1:${port}; ${snippet('nginx', secured.port)} }`),
        async (port) => told(port, report),
      );
      const site = (port: number): string =>
        snippet('caddyfile', secured.port).replace('runs.example.org', `http://127.0.0.1:${port}`);
      await through(
        'caddy',
        (port) => `{\nadmin off\n}\n${site(port)}`,
        async (port) => told(port, report),
      );
    } finally {
      await secured.close();
    }
    const open = await RealServer.start(['--engine', 'cpu', '--workers', '1']);
    try {
      const target = `proxy_pass http://127.0.0.1:${new URL(open.url).port};`;
      const server = (port: number): string =>
        nginxConfig(port, `server { listen 127.0.0.1:${port}; location / { ${target} } }`);
      await through('nginx', server, async (port) => {
        for (const path of ['/', '/api/runs', '/api/health']) {
          const { status } = await send(port, path, { headers: { host: 'public.example' } });
          report.expect(
            status === 401 || status === 403,
            `a stranger got ${status} for ${path} by a proxy that nobody told of`,
          );
        }
        const made = await send(port, '/api/sweeps', {
          ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"dims":[8],"heads":[1]}' },
        });
        report.expect(made.status === 401, `a stranger's sweep got ${made.status} by a proxy that nobody told of`);
      });
    } finally {
      await open.close();
    }
    return report.outcome();
  },
};

async function told(port: number, report: Report): Promise<void> {
  const at = (path: string): string => `${BASE}${path}`;
  const authorization = `Bearer ${SECRETS.viewer}`;
  const own = `http://127.0.0.1:${port}`;
  const stranger = await send(port, at('/'), { headers: { accept: 'text/html' } });
  report.expect(stranger.status === 401 && stranger.body.includes('Sign in'), `a stranger got ${stranger.status}`);
  const read = await send(port, at('/api/runs'), { headers: { authorization, origin: own } });
  report.expect(read.status === 200, `a viewer got ${read.status}: ${read.body}`);
  const evil = await send(port, at('/api/runs'), { headers: { authorization, origin: 'http://evil.example' } });
  report.expect(evil.status === 403, `another origin got ${evil.status}`);
  const opened = await send(port, at(`/?token=${SECRETS.viewer}`));
  const cookie = String(opened.headers['set-cookie']).split(';')[0]!;
  report.expect(
    opened.status === 303 && cookie.startsWith(`pentachoron-${port}`),
    `a link got ${opened.status}, ${cookie}`,
  );
  const page = await send(port, at('/'), { headers: { cookie } });
  report.expect(page.status === 200, `the page got ${page.status}`);
  const upgrade = { ...UPGRADE_HEADERS, cookie, origin: own };
  const upgraded = await send(port, at(UPGRADE_PATH), { headers: upgrade });
  report.expect(upgraded.status === 101, `the socket of a page got ${upgraded.status}: ${upgraded.body}`);
  const strange = await send(port, at(UPGRADE_PATH), { headers: { ...upgrade, origin: 'http://evil.example' } });
  report.expect(strange.status !== 101, 'the socket of another page was let in');
  const socket = io(own, {
    ...{ path: at('/socket.io'), transports: ['websocket'], reconnection: false },
    auth: { version: 2, token: SECRETS.viewer },
  });
  const trouble = await new Promise<string | null>((resolve) => {
    socket.once('connect', () => resolve(null));
    socket.once('connect_error', ({ message }) => resolve(message));
  });
  socket.disconnect();
  report.expect(trouble === null, `a program's socket got: ${trouble}`);
}

/** What the README shows, with the server's port. */
function snippet(language: string, port: number): string {
  const text = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(
    readFileSync(projectFile('README.md'), 'utf8'),
  )?.[1];
  if (text === undefined) throw new Error(`the README has no snippet for ${language}`);
  return text.replaceAll('127.0.0.1:4317', `127.0.0.1:${port}`);
}

function nginxConfig(port: number, servers: string): string {
  const folder = join(tmpdir(), `pentachoron-nginx-${port}`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}-${name};`,
  );
  return `daemon off; pid ${folder}.pid; error_log stderr crit; events {} http { access_log off; ${temporary.join(' ')} ${servers} }`;
}

async function through(
  program: 'nginx' | 'caddy',
  config: (port: number) => string,
  act: (port: number) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pentachoron-proxy-'));
  const port = await freePort();
  const file = join(folder, program === 'nginx' ? 'nginx.conf' : 'Caddyfile');
  writeFileSync(file, config(port));
  const parameters = program === 'nginx' ? ['-c', file] : ['run', '--config', file, '--adapter', 'caddyfile'];
  const child = spawn(program, parameters, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: folder },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  try {
    await listening(child, port, () => said);
    await act(port);
  } finally {
    if (child.exitCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
    for (const name of ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'])
      rmSync(join(tmpdir(), `pentachoron-nginx-${port}-${name}`), { recursive: true, force: true });
  }
}

async function listening(child: ChildProcess, port: number, said: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the proxy ended: ${said()}`);
    try {
      await send(port, '/nothing');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`the proxy does not listen: ${said()}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
