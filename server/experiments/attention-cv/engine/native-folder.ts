/**
 * The moving part of `npm run setup:native`: the steps that put tfjs-node and a libtensorflow into node_modules, and the
 * note of what was added, by which they are undone.
 */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { LIBRARIES, NODE_PACKAGE, NODE_PACKAGE_VERSION, type Findings, type Wheel } from './native-recipe.js';

/** What the machine does not have; nothing is wrong with the set-up. */
export class Lack extends Error {}

/** Only what is needed of a wheel, which holds all of TensorFlow's Python, too. */
const UNPACK = `
import sys, zipfile
wheel, target, *libraries = sys.argv[1:]
names = {'tensorflow/' + library for library in libraries}
with zipfile.ZipFile(wheel) as archive:
    wanted = [n for n in archive.namelist() if n in names or n.startswith('tensorflow/include/')]
    if not names <= set(wanted):
        sys.exit('the wheel has no ' + ', '.join(sorted(names - set(wanted))))
    archive.extractall(target, wanted)
`;

/** Longest wait for one command: a build or a download on a slow machine. */
const COMMAND_MS = 30 * 60_000;

export class NativeFolder {
  readonly #root = checkout();
  readonly #modules = join(this.#root, 'node_modules');
  readonly #package = join(this.#modules, NODE_PACKAGE);
  readonly #note = join(this.#modules, '.pentachoron-native.json');
  readonly #cache = join(this.#modules, '.cache', 'pentachoron-native');
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  async look(): Promise<Findings> {
    const works = async (command: string, ...args: string[]): Promise<boolean> => (await run(command, args)).ok;
    const compilers = [process.env['CXX'] ?? 'g++', 'c++'];
    const [python, pip, make, ...cxx] = await Promise.all([
      works('python3', '--version'),
      works('python3', '-m', 'pip', '--version'),
      works('make', '--version'),
      ...compilers.map((compiler) => works(compiler, '--version')),
    ]);
    const { bavail, bsize } = statfsSync(this.#root);
    return { python, pip, make, compiler: cxx.includes(true), freeBytes: bavail * bsize };
  }

  /** The wheel whose libraries are in place, `project version`; null if none of ours are. */
  origin(): string | null {
    try {
      return readFileSync(this.#originFile, 'utf8').trim();
    } catch {
      return null;
    }
  }

  get #originFile(): string {
    return join(this.#package, 'deps', 'origin.txt');
  }

  async installPackage(): Promise<void> {
    if (existsSync(join(this.#package, 'dist', 'index.js'))) return;
    const before = listPackages(this.#modules);
    if (!existsSync(this.#note)) this.#writeNote({ before });
    const npm = process.env['npm_execpath'];
    const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
    args.push(`${NODE_PACKAGE}@${NODE_PACKAGE_VERSION}`);
    const { ok, output } = await (npm === undefined
      ? run('npm', args, { cwd: this.#root })
      : run(process.execPath, [npm, ...args], { cwd: this.#root }));
    if (!ok) throw new Lack(`npm could not install ${NODE_PACKAGE}:\n${output}`);
    this.#writeNote({ before: this.#readNote()?.before ?? before, after: listPackages(this.#modules) });
  }

  /** @returns the file. */
  async download({ project, version, pipTags }: Wheel): Promise<string> {
    rmSync(this.#cache, { recursive: true, force: true });
    mkdirSync(this.#cache, { recursive: true });
    const quick = ['--no-input', '--disable-pip-version-check', '--retries', '1', '--timeout', '20'];
    const args = ['-m', 'pip', 'download', '--no-deps', ...quick, ...pipTags];
    const { ok, output } = await run('python3', [...args, '--dest', this.#cache, `${project}==${version}`]);
    const file = readdirSync(this.#cache).find((name) => name.endsWith('.whl'));
    if (!ok || file === undefined)
      throw new Lack(
        `pip could not fetch ${project} ${version}; where no index can be reached, fetch the wheel elsewhere and give it with --wheel. pip said:\n${output}`,
      );
    return join(this.#cache, file);
  }

  /** Headers to `deps/include`, libraries to `deps/lib`, whole or not at all. */
  async unpack(wheel: string, { project, version }: Wheel): Promise<void> {
    const staged = join(this.#package, 'deps.unpacking');
    rmSync(staged, { recursive: true, force: true });
    const files = LIBRARIES.map(({ file }) => file);
    const { ok, output } = await run('python3', ['-c', UNPACK, wheel, staged, ...files]);
    if (!ok) throw new Error(`the wheel could not be unpacked: ${output}`);
    const unpacked = join(staged, 'tensorflow');
    mkdirSync(join(unpacked, 'lib'));
    for (const { file, link } of LIBRARIES) {
      renameSync(join(unpacked, file), join(unpacked, 'lib', file));
      symlinkSync(file, join(unpacked, 'lib', link));
    }
    writeFileSync(join(unpacked, 'origin.txt'), `${project} ${version}\n`);
    // A binding belongs to the library that it was compiled against.
    for (const old of ['deps', 'lib', 'build']) rmSync(join(this.#package, old), { recursive: true, force: true });
    renameSync(unpacked, join(this.#package, 'deps'));
    rmSync(staged, { recursive: true, force: true });
    rmSync(this.#cache, { recursive: true, force: true });
  }

  async compile(): Promise<void> {
    if (existsSync(join(this.#package, 'lib')) && !existsSync(join(this.#package, 'build'))) return;
    const preGyp = ['node_modules', '@mapbox', 'node-pre-gyp', 'bin', 'node-pre-gyp'];
    const places = [join(this.#package, ...preGyp), join(this.#root, ...preGyp)];
    const builder = places.find((place) => existsSync(place));
    if (builder === undefined) throw new Error('node-pre-gyp is not there; run it again after --undo');
    // Headers that came with this Node need no download.
    const headers = dirname(dirname(process.execPath));
    const local = existsSync(join(headers, 'include', 'node', 'node_api.h')) ? [`--nodedir=${headers}`] : [];
    const args = [builder, 'install', '--build-from-source', ...local];
    const { ok, output } = await run(process.execPath, args, { cwd: this.#package });
    if (!ok && local.length === 0)
      throw new Lack(`the binding could not be compiled; this Node came without its headers:\n${output}`);
    if (!ok) throw new Error(`the binding could not be compiled:\n${output}`);
    // Its end tells that the binding in `lib` is whole; the headers have done their work.
    for (const done of ['build', 'deps/include']) rmSync(join(this.#package, done), { recursive: true, force: true });
  }

  /** What the package holds. */
  bytes(): number {
    const size = (path: string): number =>
      readdirSync(path, { withFileTypes: true }).reduce((sum, entry) => {
        const inside = join(path, entry.name);
        return sum + (entry.isDirectory() ? size(inside) : entry.isFile() ? statSync(inside).size : 0);
      }, 0);
    return size(this.#package);
  }

  undo(): void {
    const note = this.#readNote();
    if (note === null && this.origin() === null) return this.#say('There is nothing to undo.');
    if (note !== null) {
      const original = new Set(note.before);
      const added = (note.after ?? listPackages(this.#modules)).filter((name) => !original.has(name));
      for (const name of added) rmSync(join(this.#modules, name), { recursive: true, force: true });
      this.#say(`Removed ${added.length} packages and what was built in them.`);
    }
    rmSync(this.#package, { recursive: true, force: true });
    // npm's own list of what is here would be out of date; without it npm looks for itself.
    for (const file of [this.#cache, join(this.#modules, '.package-lock.json'), this.#note])
      rmSync(file, { recursive: true, force: true });
    this.#say('The engine native is gone from node_modules; npm ci is not needed.');
  }

  #readNote(): { before: string[]; after?: string[] } | null {
    try {
      return JSON.parse(readFileSync(this.#note, 'utf8')) as { before: string[]; after?: string[] };
    } catch {
      return null;
    }
  }

  #writeNote(note: { before: string[]; after?: string[] }): void {
    writeFileSync(this.#note, JSON.stringify(note));
  }
}

/** Works from `dist` and from the sources: the folder of the next package.json upward. */
function checkout(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** Every package below `modules`, nested ones too, and the commands in `.bin`, relative to it. */
function listPackages(modules: string, prefix = ''): string[] {
  if (!existsSync(join(modules, prefix))) return [];
  return readdirSync(join(modules, prefix)).flatMap((name) => {
    const path = join(prefix, name);
    if (name === '.bin' || name.startsWith('@'))
      return readdirSync(join(modules, path)).flatMap((inner) => {
        const innerPath = join(path, inner);
        return [innerPath, ...listPackages(modules, join(innerPath, 'node_modules'))];
      });
    if (name.startsWith('.')) return [];
    return [path, ...listPackages(modules, join(path, 'node_modules'))];
  });
}

/** Collects the end of what a command says; one that cannot be started is not ok. */
function run(
  command: string,
  args: string[],
  { cwd }: { cwd?: string } = {},
): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(cwd && { cwd }) });
    // `spawn`'s own time limit outlives a command that could not be started.
    const limit = setTimeout(() => child.kill('SIGKILL'), COMMAND_MS);
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-3000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = (ok: boolean, last: string): void => {
      clearTimeout(limit);
      resolve({ ok, output: `${output}\n${last}`.trim() });
    };
    child.on('error', (error) => end(false, error.message));
    child.on('close', (code, signal) => end(code === 0, signal === null ? '' : `ended by ${signal}`));
  });
}
