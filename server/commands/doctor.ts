/** `pentachoron doctor`: which engines can run here, which one `auto` takes, why the others cannot and what they need. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { switchOption } from '../config.js';
import { type EngineProbe, engines as loadEngines } from '../experiments/registry.js';
import { colorsFor } from './terminal.js';
import { isStdoutClosed, writeOutput } from './write-output.js';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('tells which engines can run here, why the others cannot, and how to get them')
    .addOption(switchOption('--json', 'print one JSON document instead of a table'))
    .addHelpText('after', '\nExits with 1 if no engine can run here.')
    .action(async ({ json }: { json?: true }) => {
      if (json && isStdoutClosed()) {
        process.stderr.write('pentachoron doctor: stdout is closed, and --json would be lost\n');
        process.exitCode = 1;
        return;
      }
      // Loaded when asked for: help and other commands need none of it.
      const { AUTO_ORDER, probeEngines } = await loadEngines();
      const engines = await probeEngines();
      const auto =
        AUTO_ORDER.find((name) => engines.some((engine) => engine.name === name && engine.available)) ?? null;
      const machine = { node: process.versions.node, platform: `${process.platform} ${process.arch}` };
      const report = { ...machine, cores: availableParallelism(), auto, engines };
      const written = await writeOutput([json ? `${JSON.stringify(report, null, 2)}\n` : await table(report)]);
      if (auto === null || !written) process.exitCode = 1;
    });
}

interface DoctorReport {
  node: string;
  platform: string;
  cores: number;
  /** What `--engine auto` takes; null if nothing can run. */
  auto: string | null;
  engines: EngineProbe[];
}

async function table({ node, platform, cores, auto, engines }: DoctorReport): Promise<string> {
  const { default: CliTable } = await import('cli-table3');
  const { bold, green, red } = colorsFor(process.stdout);
  const width = process.stdout.isTTY ? Math.min(process.stdout.columns, 120) : 100;
  const rows = new CliTable({
    head: ['engine', 'runs here', 'version, or why not and what it takes'].map(bold),
    // Reasons are sentences: let them use the width there is, and no more.
    colWidths: [10, 13, Math.max(40, width - 27)],
    wordWrap: true,
    // The table's own colours would ignore NO_COLOR and pipes.
    style: { head: [], border: [] },
  });
  for (const engine of engines) {
    const mark = engine.name === auto ? 'yes ← auto' : 'yes';
    rows.push([engine.name, engine.available ? green(mark) : red('no'), detail(engine)]);
  }
  const choice = auto === null ? 'No engine can run here.' : `--engine auto takes ${auto}.`;
  return `Node ${node}, ${platform}, ${cores} cores\n${rows.toString()}\n${choice}\n`;
}

function detail({ name, available, version, threads, ops = 'kernels', kernels, reason, how }: EngineProbe): string {
  if (available) {
    // With their own kernels alone, wasm's trainers need no TensorFlow.js.
    const who = name === 'wasm' && ops === 'kernels' ? 'Pentachoron' : 'TensorFlow.js';
    const each = `${threads ?? 1} thread${threads === 1 ? '' : 's'} a trainer`;
    return `${who} ${version ?? '?'}, kernels ${kernels ?? '?'}, ${each}, ops ${ops}`;
  }
  return [reason, how].filter((text) => text !== undefined && text !== '').join(' — ');
}
