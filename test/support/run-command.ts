/** Runs the built command line as users do: `node server/bin.js …` in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../server/bin.js', import.meta.url));

export interface CommandEnd {
  /** The exit code; null if a signal ended the process. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningCommand {
  process: ChildProcess;
  /** Resolves once stderr matches; rejects if the command ends before it does. */
  stderrMatches(pattern: RegExp): Promise<void>;
  ended: Promise<CommandEnd>;
}

/**
 * Starts the command without any of the caller's own PENTACHORON_ settings; `environment` adds to what is left.
 * @param options `cwd`: where it is called; `group`: whether it leads a process group of its own, as a shell's jobs do
 */
export function startCommand(
  args: string[],
  environment: Record<string, string> = {},
  { group = false, cwd = process.cwd() } = {},
): RunningCommand {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('PENTACHORON_')),
  );
  const child = spawn(process.execPath, [bin, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited, ...environment },
    detached: group,
    cwd,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([code]): CommandEnd => ({ code: code as number | null, stdout, stderr }));
  return {
    process: child,
    ended,
    stderrMatches: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pattern.test(stderr)) resolve();
        };
        child.stderr.on('data', look);
        void ended.then(() => {
          look();
          reject(new Error(`the command ended before its stderr matched ${String(pattern)}: ${stderr}`));
        });
        look();
      }),
  };
}

export function runCommand(args: string[], environment: Record<string, string> = {}): Promise<CommandEnd> {
  return startCommand(args, environment).ended;
}
