/** Whether a process lives, by its id. */
import { readFileSync } from 'node:fs';

/** A zombie is dead: it only waits for its parent to hear of it. */
export function isAlive(pid: number): boolean {
  if (process.platform === 'linux') {
    try {
      // The name, in parentheses, may hold anything; the state follows it.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
      return state !== 'Z' && state !== 'X';
    } catch {
      return false;
    }
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
