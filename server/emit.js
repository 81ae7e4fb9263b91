// Writes a .js into dist for every .ts of the folders named, without looking at types: node server/emit.js FOLDER…
// All types can be erased (tsconfig.base.json sees to it), so that this takes a second; what checks them is tsc.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformWithOxc } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
/** AssemblyScript, which its own compiler reads. */
const NOT_TYPESCRIPT = 'server/experiments/attention-cv/kernels/assembly/';

try {
  // All of it first: of what cannot be read nothing is written.
  const emitted = await Promise.all(process.argv.slice(2).map(emit));
  for (const [folder, files] of emitted) write(folder, files);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** What becomes of a folder: of each result the path and the code. */
async function emit(folder) {
  const sources = filesIn(folder).filter((file) => /(?<!\.d)\.ts$/.test(file) && !file.startsWith(NOT_TYPESCRIPT));
  const files = new Map();
  for (const source of sources) {
    const path = join(root, source);
    const { code } = await transformWithOxc(readFileSync(path, 'utf8'), path, { sourcemap: false });
    files.set(`dist/${source.replace(/\.ts$/, '.js')}`, code);
  }
  return [folder, files];
}

/** Only what differs is written: a server that runs may be loading it. What came of sources that are gone, goes. */
function write(folder, files) {
  const before = filesIn(`dist/${folder}`);
  for (const file of before)
    if (/\.(js|d\.ts|tsbuildinfo)$/.test(file) && !files.has(file)) rmSync(join(root, file), { force: true });
  const there = new Set(before);
  for (const [file, code] of files) {
    const path = join(root, file);
    if (there.has(file) && readFileSync(path, 'utf8') === code) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
}

/** All files below a folder; their paths are from the root, with slashes. */
function filesIn(folder) {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) =>
    entry.isDirectory() ? filesIn(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  );
}
