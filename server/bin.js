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
  const build = fileURLToPath(new URL('build.js', import.meta.url));
  // Its output is news, not data: everything goes to stderr.
  const { status, error } = spawnSync(process.execPath, [build, 'kernels', 'server', 'page'], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0 || !existsSync(main)) {
    process.stderr.write(`The build failed${error ? `: ${error.message}` : ''}; run "npm run build" to see why\n`);
    process.exit(1);
  }
}

await import(main.href);
