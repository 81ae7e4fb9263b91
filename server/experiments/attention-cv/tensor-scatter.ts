/**
 * Sums rows that share a target, as a tree of gathers: groups of rows are gathered and summed, then groups of their
 * sums, until each target has one. An ordinary scatter would add with atomics on a GPU, in another order every time, and
 * a run's bits would not repeat; and the backends that run anywhere lack it or are slow at it.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Rows summed at once: a level costs a pass over `BRANCH` times the groups, most of which are full. */
const BRANCH = 8;

export class TensorScatter {
  /** Per level (groups, BRANCH), row numbers into the level before; its length stands for a row of zeros. */
  readonly #levels: tf.Tensor2D[] = [];
  /** (targets), which row of the last level is a target's sum. */
  readonly #last: tf.Tensor1D;

  /** @param targetOf Of each row, ascending by row; from 0 to `targets` − 1. */
  constructor(targetOf: Int32Array, targets: number) {
    let members: number[][] = Array.from({ length: targets }, () => []);
    targetOf.forEach((target, row) => members[target]!.push(row));
    let rows = targetOf.length;
    while (members.some((ofTarget) => ofTarget.length > 1)) {
      const groups: number[][] = [];
      members = members.map((ofTarget) => {
        const sums: number[] = [];
        for (let from = 0; from < ofTarget.length; from += BRANCH) {
          sums.push(groups.length);
          groups.push(ofTarget.slice(from, from + BRANCH));
        }
        return sums;
      });
      const flat = new Int32Array(groups.length * BRANCH).fill(rows);
      groups.forEach((group, i) => flat.set(group, i * BRANCH));
      this.#levels.push(tf.tensor2d(flat, [groups.length, BRANCH], 'int32'));
      rows = groups.length;
    }
    this.#last = tf.tensor1d(
      members.map(([row]) => row ?? rows),
      'int32',
    );
  }

  /** (rows, columns) → (targets, columns); a target without rows gets zeros. Inside a tidy. */
  sum(values: tf.Tensor2D): tf.Tensor2D {
    const zeros = tf.zeros([1, values.shape[1]]);
    let level = values;
    for (const groups of this.#levels) {
      level = tf.sum(tf.gather(tf.concat2d([level, zeros as tf.Tensor2D], 0), groups), 1);
    }
    return tf.gather(tf.concat2d([level, zeros as tf.Tensor2D], 0), this.#last);
  }

  dispose(): void {
    tf.dispose([...this.#levels, this.#last]);
  }
}
