/** A real server over a fresh data folder, in a process of its own that tells when it committed which frames. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtFile } from '../../faults/built-file.js';
import type { CommitNews } from './clocked-sqlite.js';

export interface ClockedProcess {
  url: string;
  /** `run seq` → when it was in the store, milliseconds since 1970. */
  committed: ReadonlyMap<string, number>;
  close: () => Promise<void>;
}

export async function startClockedServer(): Promise<ClockedProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'pentachoron-bench-'));
  const child = fork(builtFile('test/bench/page/clocked-server.js'), [folder], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const committed = new Map<string, number>();
  child.on('message', ({ at, frames }: CommitNews) => {
    for (const [runId, seq] of frames) committed.set(`${runId} ${seq}`, at);
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (found !== undefined) resolve(`${found}/`);
    });
    child.once('exit', () => reject(new Error(`the server ended: ${said}`)));
  });
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, committed, close };
}
