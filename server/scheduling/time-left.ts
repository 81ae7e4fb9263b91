/** How long runs will take that train and wait, played through as the scheduler serves them. Pure. */

/** What a run takes beside its epochs: to be set up, to be stored, and for the next one to have its slot. */
export const HANDOVER_SECONDS = 0.1;

/** A run that trains or waits. */
export interface RunAhead {
  id: string;
  /** Of training that are left. */
  seconds: number;
}

/**
 * Seconds until each run is done.
 * @param training those that hold a slot
 * @param waiting in the order in which they begin
 */
export function secondsLeft(
  training: readonly RunAhead[],
  waiting: readonly RunAhead[],
  slots: number,
): Map<string, number> {
  const left = new Map(training.map(({ id, seconds }) => [id, seconds]));
  const free = training.map(({ seconds }) => seconds);
  while (free.length < Math.max(1, slots)) free.push(0);
  for (const { id, seconds } of waiting) {
    const slot = free.indexOf(Math.min(...free));
    free[slot]! += HANDOVER_SECONDS + seconds;
    left.set(id, free[slot]!);
  }
  return left;
}

/**
 * Rounded up to seven binary digits, so within a 64th, and in the order of the exact values: what is told of hundreds
 * of runs then changes now and then, instead of every second for each of them.
 */
export function roundedUp(seconds: number): number {
  if (seconds <= 0) return 0;
  const step = 2 ** (Math.floor(Math.log2(seconds)) - 6);
  return Math.ceil(seconds / step) * step;
}

/** Costs as near as this, as a logarithm of their ratio, count as one. */
const BAND = 1 / 64;
/** How quickly what is known of another cost loses weight. */
const NEARNESS = 0.01;

export class Speed {
  /** By the cost's logarithm: epochs trained, and the seconds that they took for each unit of cost. */
  readonly #bands = new Map<number, { epochs: number; perCost: number }>();
  #epochs = 0;

  /** How many epochs it is known from. */
  get epochs(): number {
    return this.#epochs;
  }

  /** @param cost of one epoch, by `configCost` */
  note(cost: number, epochs: number, seconds: number): void {
    const at = Math.round(Math.log(cost) / BAND);
    const band = this.#bands.get(at) ?? { epochs: 0, perCost: 0 };
    this.#bands.set(at, { epochs: band.epochs + epochs, perCost: band.perCost + seconds / cost });
    this.#epochs += epochs;
  }

  /** Of what is known, the like of it counts most. Undefined before anything was trained. */
  secondsPerEpoch(cost: number): number | undefined {
    const wanted = Math.log(cost);
    let [epochs, perCost] = [0, 0];
    for (const [at, band] of this.#bands) {
      const weight = 1 / (NEARNESS + (at * BAND - wanted) ** 2);
      epochs += weight * band.epochs;
      perCost += weight * band.perCost;
    }
    return epochs === 0 ? undefined : (cost * perCost) / epochs;
  }
}
