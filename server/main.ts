/**
 * The command line: one file per command in commands/. Exit codes: 0 ok, 1 failure, 2 bad usage, 130 interrupted.
 * Data goes to stdout, everything else to stderr.
 */
import { Command, CommanderError } from 'commander';
import { registerDoctor } from './commands/doctor.js';
import { registerImport } from './commands/import.js';
import { registerServe } from './commands/serve.js';
import { registerSweep } from './commands/sweep.js';
import { registerTokens } from './commands/tokens.js';
import { writeOutput } from './commands/write-output.js';
import { packageVersion } from './version.js';

async function main(): Promise<void> {
  const help: string[] = [];
  const program = new Command('pentachoron')
    .description('Trains sweeps of small attention models and follows the geometry of their weights and activations.')
    .version(packageVersion())
    .showHelpAfterError('(--help lists what is allowed)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => void help.push(text) })
    .exitOverride();
  registerSweep(program);
  registerServe(program);
  registerImport(program);
  registerTokens(program);
  registerDoctor(program);

  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and the version were asked for; the rest is bad usage, and commander has said what is wrong with it.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
  if (!(await writeOutput(help))) process.exitCode = 1;
}

process.stdout.on('error', () => {
  // Whoever writes hears of it, and says so.
});
process.stderr.on('error', () => {
  // Nobody listens to progress any more; the data on stdout may still be wanted.
});

main().catch((error: unknown) => {
  const told = `pentachoron: unexpected error\n${error instanceof Error ? error.stack : String(error)}\n`;
  // Trainers that were started already would keep this process; they end with it.
  process.stderr.write(told, () => process.exit(1));
});
