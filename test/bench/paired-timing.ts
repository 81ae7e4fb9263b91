/** Two commands in turn, so that the machine's drift hits both, and what their ratio is. */
import { median, medianInterval, type Timing } from './timed-process.js';

const UNITS = { seconds: 'wall-clock seconds', cpuSeconds: 'CPU seconds' } as const;

export interface PairedTimings {
  before: Timing[];
  after: Timing[];
}

/** Who goes second may find the machine warmer: that is each in turn. */
export async function timePairs(
  rounds: number,
  before: () => Promise<Timing>,
  after: () => Promise<Timing>,
): Promise<PairedTimings> {
  const timings: PairedTimings = { before: [], after: [] };
  for (let round = 0; round < rounds; round++) {
    const order = ['before', 'after'] as const;
    for (const which of round % 2 === 0 ? order : order.toReversed())
      timings[which].push(await (which === 'before' ? before : after)());
  }
  return timings;
}

/** A line for each unit; answers whether one of them is surely more than before. */
export function printRatios({ before, after }: PairedTimings): boolean {
  const lows = (['seconds', 'cpuSeconds'] as const).map((key) => {
    const [first, second] = [before, after].map((timings) => timings.map((timing) => timing[key]));
    const ratios = second!.map((value, round) => value / first![round]!);
    const [low, high] = medianInterval(ratios);
    console.log(
      `  ${UNITS[key].padEnd(19)} ${median(first!).toFixed(2)} → ${median(second!).toFixed(2)}, ` +
        `median ratio ${median(ratios).toFixed(3)}, 95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}`,
    );
    return low;
  });
  return lows.some((low) => low > 1);
}
