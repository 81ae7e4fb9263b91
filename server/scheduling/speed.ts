/** How fast runs were trained here, by what an epoch of their config costs. */

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
