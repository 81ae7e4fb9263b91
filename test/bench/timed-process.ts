/** Times a command from start to exit, as its user waits for it, and watches what it and its children take. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Timing {
  /** Wall-clock seconds. */
  seconds: number;
  /** Of the process and its children together, user and system; NaN where /proc does not tell. */
  cpuSeconds: number;
  /** Most resident memory of the process and its children together, MB; NaN where /proc does not tell. */
  peakMb: number;
}

const LOOK_MS = 50;

/** One run; CPU time is right for one at a time. @throws when it exits with another code than 0. */
export function timeProcess(command: string, args: string[], env?: NodeJS.ProcessEnv): Promise<Timing> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const cpuBefore = cpuSecondsOfChildren();
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
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
      const cpuSeconds = cpuSecondsOfChildren() - cpuBefore;
      if (code === 0) resolve({ seconds: (performance.now() - started) / 1000, cpuSeconds, peakMb });
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

/** Of all that have ended: fields 16 and 17 of this process's `stat`, in hundredths of a second. */
function cpuSecondsOfChildren(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return NaN;
  }
}

/** Of a process that lives, user and system: fields 14 and 15 of its `stat`, in hundredths of a second. */
export function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Two of the values that hold the median of what they are drawn from 95 % of the time, whatever its distribution; from
 * less than six values, the least and the largest, which hold it less often.
 */
export function medianInterval(values: number[]): [low: number, high: number] {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  // How many may be left out on either side: the chance that no more of n lie beyond the median is at most 2.5 %.
  let out = 0;
  let ways = 1;
  for (let beyond = ways; 2 * (beyond + (ways * (n - out)) / (out + 1)) <= 0.05 * 2 ** n; out++) {
    ways *= (n - out) / (out + 1);
    beyond += ways;
  }
  return [sorted[out]!, sorted[n - 1 - out]!];
}
