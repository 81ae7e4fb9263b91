/** How JavaScript is emitted: by the real tool, in a folder that has the packages of this one. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { projectFile } from './faults/built-file.js';
import { temporaryFolder } from './support/temporary-folder.js';

const root = temporaryFolder();

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function emit(...folders: string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'server/emit.js'), ...folders], {
    encoding: 'utf8',
  });
  return { status, stderr };
}

const emitted = (file: string): string => readFileSync(join(root, 'dist', file), 'utf8');

beforeAll(() => {
  put('package.json', '{"type":"module"}');
  for (const file of ['server/emit.js', 'tsconfig.base.json', 'shared/tsconfig.json', 'server/tsconfig.json'])
    cpSync(projectFile(file), join(root, file));
  symlinkSync(projectFile('node_modules'), join(root, 'node_modules'));
  put('shared/run.ts', `export type Run = { id: string };\nexport const first: Run = { id: 'r1' };\n`);
  put(
    'server/deep/main.ts',
    `import { first, type Run } from '../../shared/run.js';
    import '../noted.js';
    class Held { #held: Run = first; get id(): string { return this.#held.id; } }
    export const id: string = new Held().id;
    export const wrong: number = 'a type error';`,
  );
  put('server/noted.ts', `(globalThis as Record<string, unknown>)['noted'] = true;\n`);
  put('server/ambient.d.ts', `declare const ambient: string;\n`);
  put('server/experiments/attention-cv/kernels/assembly/index.ts', `export function double(x: f64): f64 {}`);
  put('dist/server/experiments/attention-cv/kernels/kernels.wasm', 'wasm');
  expect(emit('shared', 'server')).toEqual({ status: 0, stderr: '' });
});

it('every file becomes one that runs, side effects of imports included, whatever its types', async () => {
  const main = (await import(/* @vite-ignore */ pathToFileURL(join(root, 'dist/server/deep/main.js')).href)) as unknown;
  expect({ ...(main as object) }).toEqual({ id: 'r1', wrong: 'a type error' });
  expect((globalThis as Record<string, unknown>)['noted']).toBe(true);
});

it('neither declarations nor AssemblyScript become JavaScript', () => {
  expect(existsSync(join(root, 'dist/server/ambient.d.js'))).toBe(false);
  expect(existsSync(join(root, 'dist/server/experiments/attention-cv/kernels/assembly'))).toBe(false);
});

it('what came of a source that is gone is removed, and what others built stays', () => {
  put('server/gone.ts', 'export {};');
  emit('server');
  expect(existsSync(join(root, 'dist/server/gone.js'))).toBe(true);
  rmSync(join(root, 'server/gone.ts'));
  emit('server');
  expect(existsSync(join(root, 'dist/server/gone.js'))).toBe(false);
  expect(emitted('server/experiments/attention-cv/kernels/kernels.wasm')).toBe('wasm');
  expect(existsSync(join(root, 'dist/shared/run.js'))).toBe(true);
});

it('only what differs is written, what was damaged too', () => {
  const before = statSync(join(root, 'dist/server/deep/main.js'), { bigint: true }).mtimeNs;
  const noted = emitted('server/noted.js');
  writeFileSync(join(root, 'dist/server/noted.js'), 'damaged');
  emit('server');
  expect(emitted('server/noted.js')).toBe(noted);
  expect(statSync(join(root, 'dist/server/deep/main.js'), { bigint: true }).mtimeNs).toBe(before);
});

it('what cannot be read fails by its name, and nothing is written', () => {
  const before = emitted('shared/run.js');
  put('server/broken.ts', 'export const = 1;');
  put('shared/run.ts', 'export const first = { id: 2 };');
  expect(emit('shared', 'server')).toEqual({ status: 1, stderr: expect.stringContaining('server/broken.ts') });
  expect(emitted('shared/run.js')).toBe(before);
});
