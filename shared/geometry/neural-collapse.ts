/**
 * Neural collapse (Papyan, Han & Donoho 2020): how far the features of the last layer are on their way to one point a
 * class, at the corners of a regular simplex, with the classifier's weight along them.
 */
import { addMultiple, centred, dot, none, sumOfSquares, type Dense, type Measured } from './matrix.js';
import { orthogonalRows } from './orthogonal-rows.js';

/** Classes are those that a label names; c counts them in the order of their numbers. */
export interface ClassMeans {
  /** (C) The numbers of the classes, ascending. */
  classes: number[];
  /** (N) c of each sample. */
  classOf: Int32Array;
  /** (C, D) */
  means: Dense;
  /** (C, D) The class means less their own mean, which is not the samples' where classes differ in size. */
  spread: Dense;
}

/**
 * @param features (N, D)
 * @param labels (N) integers from 0.
 * @returns the reason where there are no two classes that differ.
 */
export function classMeans(features: Dense, labels: ArrayLike<number>): ClassMeans | string {
  const { values, rows, columns } = features;
  if (labels.length !== rows) return 'not as many labels as rows';
  const classes = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  if (!classes.every((label) => Number.isInteger(label) && label >= 0)) return 'labels that are not classes';
  if (classes.length < 2) return 'fewer than 2 classes';
  const index = new Map(classes.map((label, c) => [label, c]));
  const classOf = Int32Array.from(labels, (label) => index.get(label)!);
  const means = new Float64Array(classes.length * columns);
  const sizes = new Float64Array(classes.length);
  for (let i = 0; i < rows; i++) {
    sizes[classOf[i]!]!++;
    addMultiple(means, classOf[i]! * columns, 1, values, i * columns, columns);
  }
  for (let k = 0; k < means.length; k++) means[k]! /= sizes[Math.floor(k / columns)]!;
  const shape = { rows: classes.length, columns };
  // Twice: far from the origin the first mean's rounding would look like one more axis.
  const spread = centred(centred({ values: means, ...shape }));
  // Equal means differ by the rounding of their sums.
  const rounding = rows * 2 ** -52 * Math.sqrt(sumOfSquares({ values: means, ...shape }));
  if (Math.sqrt(sumOfSquares(spread)) <= rounding) return 'class means all equal';
  return { classes, classOf, means: { values: means, ...shape }, spread };
}

/**
 * NC1: tr(Σ_W Σ_B⁺) / C. With M̃ = U Σ Vᵀ the pseudoinverse is C · V Σ⁻² Vᵀ, so that it is the mean over the samples of
 * ‖Σ⁻¹ Vᵀ (h − μ)‖²: no (D, D) matrix is needed.
 */
export function withinClassVariability(features: Dense, { classOf, means, spread }: ClassMeans): Measured {
  const { columns } = means;
  const { rows: axes, squares } = orthogonalRows(spread);
  const deviation = new Float64Array(columns);
  let total = 0;
  for (let i = 0; i < features.rows; i++) {
    deviation.set(features.values.subarray(i * columns, (i + 1) * columns));
    addMultiple(deviation, 0, -1, means.values, classOf[i]! * columns, columns);
    axes.forEach((axis, k) => (total += (dot(axis, 0, deviation, 0, columns) / squares[k]!) ** 2));
  }
  return { value: total / features.rows };
}

/** NC2: ‖M̃M̃ᵀ / ‖M̃M̃ᵀ‖_F − (I − 11ᵀ/C) / √(C − 1)‖_F. */
export function simplexDistance({ spread: { values, rows, columns } }: ClassMeans): Measured {
  const gram = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < rows; j++) gram[i * rows + j] = dot(values, i * columns, values, j * columns, columns);
  const norm = Math.sqrt(dot(gram, 0, gram, 0, gram.length));
  let squares = 0;
  gram.forEach((value, k) => {
    const simplex = ((k % (rows + 1) === 0 ? 1 : 0) - 1 / rows) / Math.sqrt(rows - 1);
    squares += (value / norm - simplex) ** 2;
  });
  return { value: Math.sqrt(squares) };
}

/** NC3: ‖W / ‖W‖_F − M̃ / ‖M̃‖_F‖_F², over the rows of W (a row for every class number) whose classes there are. */
export function selfDuality({ classes, spread }: ClassMeans, weight: Dense): Measured {
  const { rows, columns } = spread;
  const present = new Float64Array(rows * columns);
  classes.forEach((label, c) =>
    present.set(weight.values.subarray(label * columns, (label + 1) * columns), c * columns),
  );
  const weightNorm = Math.sqrt(dot(present, 0, present, 0, present.length));
  if (weightNorm === 0) return none('all of the weight zero');
  const spreadNorm = Math.sqrt(sumOfSquares(spread));
  let squares = 0;
  present.forEach((value, k) => (squares += (value / weightNorm - spread.values[k]! / spreadNorm) ** 2));
  return { value: squares };
}

/** NC4: the share of samples where argmax(W h + b) is not the class of the nearest mean; the first wins a tie. */
export function nearestCentreMismatch(
  features: Dense,
  { classes, means }: ClassMeans,
  weight: Dense,
  bias: ArrayLike<number> | undefined,
): Measured {
  const { rows, columns, values } = features;
  let mismatches = 0;
  for (let i = 0; i < rows; i++) {
    const from = i * columns;
    const decided = firstGreatest(
      weight.rows,
      (c) => dot(weight.values, c * columns, values, from, columns) + (bias?.[c] ?? 0),
    );
    const nearest = firstGreatest(means.rows, (c) => {
      let distance = 0;
      for (let j = 0; j < columns; j++) distance += (values[from + j]! - means.values[c * columns + j]!) ** 2;
      return -distance;
    });
    if (decided !== classes[nearest]) mismatches++;
  }
  const share = mismatches / rows;
  return { value: share, se: Math.sqrt((share * (1 - share)) / rows) };
}

function firstGreatest(count: number, valueOf: (index: number) => number): number {
  let best = 0;
  let greatest = -Infinity;
  for (let index = 0; index < count; index++) {
    const value = valueOf(index);
    if (value > greatest) {
      greatest = value;
      best = index;
    }
  }
  return best;
}
