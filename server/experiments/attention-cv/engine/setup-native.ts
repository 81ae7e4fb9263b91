/**
 * `npm run setup:native`: builds the engine `native` (with `--gpu` the engine `gpu`) in this checkout's node_modules.
 * Every step that is done already is passed over, so that it can be run again at any time; package.json and the lock
 * stay as they are. Exit codes: 0 the engine runs, 1 a step failed, 2 bad usage, 3 the machine lacks something.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { firstLineOf } from '../../../message-of.js';
import { probeEngine } from './backend.js';
import { gigabytes, missing, NODE_PACKAGE, NODE_PACKAGE_VERSION, wheelFor } from './native-recipe.js';
import { Lack, NativeFolder } from './native-folder.js';

interface Options {
  gpu?: true;
  undo?: true;
  wheel?: string;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function setUp({ gpu = false, wheel: given }: { gpu?: boolean; wheel?: string }): Promise<number> {
  const engine = gpu ? 'gpu' : 'native';
  const before = await probeEngine(engine);
  if (before.available) {
    say(`The engine ${engine} runs here already; nothing to do.`);
    return 0;
  }
  say(`The engine ${engine} does not run here yet: ${before.reason}`);

  const wheel = wheelFor(process.platform, process.arch, gpu);
  if (wheel === null)
    throw new Lack(
      `there is no libtensorflow to be had for ${process.platform} ${process.arch}; Linux x64 and arm64 have one`,
    );
  if (given !== undefined && !existsSync(given)) throw new Lack(`there is no file ${given}`);
  const folder = new NativeFolder(say);
  // What lies there already needs no fetching.
  const isUnpacked = folder.origin() === `${wheel.project} ${wheel.version}`;
  const lacks = missing(
    await folder.look(),
    isUnpacked ? { ...wheel, peakBytes: 0 } : wheel,
    isUnpacked || given !== undefined,
  );
  if (lacks.length > 0) throw new Lack(`this machine lacks\n${lacks.map((lack) => `  - ${lack}`).join('\n')}`);

  say(`1 of 4  ${NODE_PACKAGE} ${NODE_PACKAGE_VERSION}, without its own download`);
  await folder.installPackage();
  if (isUnpacked) {
    say('2 of 4  the wheel was here before');
    say('3 of 4  libtensorflow is in place');
  } else {
    const source = given ?? 'by pip; some hundred MB';
    say(`2 of 4  the wheel ${wheel.project} ${wheel.version} (${source})`);
    const file = given ?? (await folder.download(wheel));
    say(`3 of 4  libtensorflow and its headers out of it`);
    await folder.unpack(file, wheel);
  }
  say('4 of 4  the binding, compiled against it');
  await folder.compile();

  const after = await probeEngine(engine);
  if (after.available) {
    say(
      `The engine ${engine} runs: a first product came out right. It holds ${gigabytes(folder.bytes())}; npm ci takes it away, and so does npm run setup:native -- --undo.`,
    );
    return 0;
  }
  const onCpu = gpu && (await probeEngine('native')).available;
  say(
    `${onCpu ? 'The library is in place and runs as the engine native, but not on a GPU' : 'All steps were taken, but the engine does not run'}: ${after.reason}`,
  );
  return 1;
}

const program = new Command('setup:native')
  .description('builds the engine native from the libtensorflow of a Python wheel, inside node_modules')
  .option('--gpu', 'take the wheel with CUDA, for the engine gpu')
  .option('--wheel <file>', 'take this wheel instead of asking pip, where no index can be reached')
  .option('--undo', 'remove what it made')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .action(async ({ gpu, undo, wheel }: Options) => {
    try {
      if (undo) {
        new NativeFolder(say).undo();
        return;
      }
      process.exitCode = await setUp({ ...(gpu && { gpu }), ...(wheel !== undefined && { wheel: resolve(wheel) }) });
    } catch (error) {
      process.stderr.write(`setup:native: ${error instanceof Lack ? error.message : firstLineOf(error)}\n`);
      process.exitCode = error instanceof Lack ? 3 : 1;
    }
  });
await program.parseAsync();
