/**
 * A growing column of numbers whose smallest and largest value over any stretch is found without looking at each: what
 * lets a line of a million epochs be drawn one pixel column at a time with every spike in it. NaN = no value.
 */

/** Values in a bucket of the first level, and buckets in one of each level above. */
const BASE = 8;

interface Level {
  /** How many values a bucket stands for. */
  readonly size: number;
  /** Complete buckets alone; NaN where a bucket has no value. */
  readonly min: number[];
  readonly max: number[];
}

export class Pyramid {
  readonly values: number[] = [];
  readonly #levels: Level[] = [];

  push(value: number): void {
    this.values.push(value);
    for (let depth = 0, size = BASE; this.values.length % size === 0; depth++, size *= BASE) {
      const level = (this.#levels[depth] ??= { size, min: [], max: [] });
      const [min, max] = this.range(this.values.length - size, this.values.length);
      level.min.push(min);
      level.max.push(max);
    }
  }

  /** Smallest and largest of the values [from, to); both NaN if there is none. */
  range(from: number, to: number): [min: number, max: number] {
    let [min, max] = [Infinity, -Infinity];
    const take = (low: number, high: number): void => {
      if (low < min) min = low;
      if (high > max) max = high;
    };
    let at = from;
    while (at < to) {
      const level = this.#levels.findLast(
        ({ size, min: buckets }) => at % size === 0 && at + size <= to && at / size < buckets.length,
      );
      if (level === undefined) {
        take(this.values[at]!, this.values[at]!);
        at++;
      } else {
        take(level.min[at / level.size]!, level.max[at / level.size]!);
        at += level.size;
      }
    }
    return min <= max ? [min, max] : [NaN, NaN];
  }
}
