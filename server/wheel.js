// Packs client/python as a wheel into dist/python, so that whoever reaches a server installs its client from there. The
// format is a zip with a list of its own files: no Python is needed to make one.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';

const root = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = join(root, 'client/python');
const RESULT = join(root, 'dist/python');
/** The oldest time that a zip can hold: the same sources make the same bytes. */
const EPOCH = '1980-01-01T00:00:00';

const { version, description, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const told = /__version__ = "([^"]+)"/.exec(readFileSync(join(SOURCE, 'pentachoron/_version.py'), 'utf8'))?.[1];
if (told !== version) {
  process.stderr.write(`client/python/pentachoron/_version.py says ${told}, package.json ${version}\n`);
  process.exit(1);
}

const info = `pentachoron-${version}.dist-info`;
const files = new Map(
  readdirSync(join(SOURCE, 'pentachoron'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.py$|(^|[\\/])py\.typed$/.test(file))
    .map((file) => `pentachoron/${file.replaceAll('\\', '/')}`)
    .sort()
    .map((file) => [file, readFileSync(join(SOURCE, file))]),
);
files.set(
  `${info}/METADATA`,
  Buffer.from(
    [
      'Metadata-Version: 2.1',
      'Name: pentachoron',
      `Version: ${version}`,
      `Summary: ${description.split(/[.:]/)[0]}`,
      `License: ${license}`,
      'Requires-Python: >=3.9',
      'Description-Content-Type: text/markdown',
      '',
      readFileSync(join(SOURCE, 'README.md'), 'utf8'),
    ].join('\n'),
  ),
);
files.set(
  `${info}/WHEEL`,
  Buffer.from('Wheel-Version: 1.0\nGenerator: pentachoron\nRoot-Is-Purelib: true\nTag: py3-none-any\n'),
);
files.set(`${info}/top_level.txt`, Buffer.from('pentachoron\n'));
const record = [...files].map(([file, bytes]) => {
  const digest = createHash('sha256').update(bytes).digest('base64url');
  return `${file},sha256=${digest},${bytes.length}`;
});
files.set(`${info}/RECORD`, Buffer.from([...record, `${info}/RECORD,,`, ''].join('\n')));

const wheel = zipSync(Object.fromEntries([...files].map(([file, bytes]) => [file, [bytes, { mtime: EPOCH }]])));
mkdirSync(RESULT, { recursive: true });
for (const file of existsSync(RESULT) ? readdirSync(RESULT) : []) rmSync(join(RESULT, file));
writeFileSync(join(RESULT, `pentachoron-${version}-py3-none-any.whl`), wheel);
