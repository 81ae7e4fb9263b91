/** Times a command from start to exit, as its user waits for it, and watches what it and its children hold in memory. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Timing {
  /** Wall-clock seconds. */
  seconds: number;
  /** Most resident memory of the process and its children together, MB; NaN where /proc does not tell. */
  peakMb: number;
}

const LOOK_MS = 50;

/** One run. @throws when it exits with another code than 0. */
export function timeProcess(command: string, args: string[]): Promise<Timing> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let peakMb = NaN;
    const look = setInterval(() => {
      const mb = residentMb(child.pid!);
      if (!(mb <= peakMb)) peakMb = mb;
    }, LOOK_MS);
    let lastWords = '';
    child.stderr.on('data', (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-2000)));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearInterval(look);
      if (code === 0) resolve({ seconds: (performance.now() - started) / 1000, peakMb });
      else reject(new Error(`${command} ended with ${signal ?? code}: ${lastWords}`));
    });
  });
}

/** Of a process and all below it. */
function residentMb(pid: number): number {
  try {
    const resident = /^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const below = children === '' ? [] : children.split(' ').map(Number);
    return Number(resident ?? 0) / 1024 + below.reduce((sum, each) => sum + (residentMb(each) || 0), 0);
  } catch {
    // Gone meanwhile, or no such system.
    return NaN;
  }
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
