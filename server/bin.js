#!/usr/bin/env node
// The package's command. Plain JavaScript, so that an old Node is told what it lacks instead of tripping over
// syntax, and so that a checkout that was never built builds itself first. The built code is in ../dist.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OLDEST = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(`pentachoron needs Node ${OLDEST.join('.')} or newer; this is ${process.versions.node}\n`);
  process.exit(1);
}

const main = new URL('../dist/server/main.js', import.meta.url);
if (!existsSync(main)) {
  process.stderr.write('First start of this checkout: building …\n');
  // Its output is news, not data: everything goes to stderr. npm is a script on Windows and needs a shell there.
  const { status, error } = spawnSync('npm', ['run', '-s', 'build'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0 || !existsSync(main)) {
    process.stderr.write(`The build failed${error ? `: ${error.message}` : ''}; run "npm run build" to see why\n`);
    process.exit(1);
  }
}

await import(main.href);
