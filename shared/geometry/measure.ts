/** Measures a matrix by the metrics asked for; what several of them need is worked out once. */
import type { MetricName } from './catalogue.js';
import { alignment, differenceNorm } from './earlier.js';
import {
  centred,
  dense,
  fault,
  none,
  rowsAllEqual,
  sumOfSquares,
  type Dense,
  type Matrix,
  type Measured,
} from './matrix.js';
import {
  classMeans,
  nearestCentreMismatch,
  selfDuality,
  simplexDistance,
  withinClassVariability,
  type ClassMeans,
} from './neural-collapse.js';
import { meanCosine, twoNearest } from './rows.js';
import { simplexCv } from './simplex-volumes.js';
import { singularValues } from './singular-values.js';
import {
  anisotropy,
  conditionNumber,
  effectiveRank,
  isoScore,
  participationRatio,
  powerLaw,
  spectralEntropy,
  stableRank,
} from './spectrum.js';

/** What the metrics need besides the matrix; one that lacks it has no value. */
export interface Context {
  /** The matrix of the epoch before. */
  earlier?: Matrix;
  /** The matrix of epoch 0. */
  initial?: Matrix;
  /** (samples, corners) row numbers, those of one simplex after the other. */
  simplexSets?: (corners: number) => Uint32Array;
  /** (rows) The class of each row, from 0. */
  labels?: ArrayLike<number>;
  /** (classes, columns) The classifier's, and its bias (classes), which is 0 where there is none. */
  weight?: Matrix;
  bias?: Float32Array | Float64Array;
}

/** Of every metric named its value, or the reason why there is none; never NaN, and never an exception. */
export function measure<Name extends MetricName>(
  names: readonly Name[],
  matrix: Matrix,
  context: Context = {},
): Record<Name, Measured> {
  const reason = fault(matrix);
  const parts = reason === null ? new Parts(matrix, context) : null;
  const measured = names.map((name) => [name, parts === null ? none(reason!) : finite(METHODS[name](parts))]);
  return Object.fromEntries(measured) as Record<Name, Measured>;
}

/** Numbers too large or too small to be squared give none. */
function finite(measured: Measured): Measured {
  const { value, se } = measured;
  return Number.isFinite(value ?? 0) && Number.isFinite(se ?? 0) ? measured : none('out of range');
}

/** A value that is worked out when it is first asked for. */
function once<T>(work: () => T): () => T {
  let done: { value: T } | undefined;
  return () => (done ??= { value: work() }).value;
}

class Parts {
  readonly matrix: Dense;
  readonly context: Context;
  /** σ and σ̃, descending. */
  readonly values = once(() => singularValues(this.matrix));
  readonly centredValues = once(() => singularValues(this.centred()));
  readonly centred = once(() => centred(this.matrix));
  readonly isConstant = once(() => rowsAllEqual(this.matrix));
  readonly classes = once(() => classMeans(this.matrix, this.context.labels!));

  constructor(matrix: Matrix, context: Context) {
    this.matrix = dense(matrix);
    this.context = context;
  }
}

const METHODS: Record<MetricName, (parts: Parts) => Measured> = {
  cv: cvOf(5),
  cv_3: cvOf(3),
  cv_4: cvOf(4),
  cv_6: cvOf(6),
  cv_7: cvOf(7),
  cv_8: cvOf(8),
  effective_rank: (parts) => effectiveRank(parts.values()),
  participation_ratio: ofVariance((values) => participationRatio(values)),
  stable_rank: (parts) => stableRank(parts.values()),
  condition_number: (parts) => conditionNumber(parts.values(), Math.max(parts.matrix.rows, parts.matrix.columns)),
  spectral_entropy: (parts) => spectralEntropy(parts.values()),
  mean_cosine: (parts) => meanCosine(parts.matrix),
  anisotropy: ofVariance((values) => anisotropy(values)),
  isoscore: ofVariance((values, columns) => isoScore(values, columns)),
  twonn: (parts) => twoNearest(parts.matrix),
  nc1: ofClasses((classes, parts) => withinClassVariability(parts.matrix, classes)),
  nc2: ofClasses((classes) => simplexDistance(classes)),
  nc3: ofClassifier((classes, weight) => selfDuality(classes, weight)),
  nc4: ofClassifier((classes, weight, { matrix, context }) =>
    nearestCentreMismatch(matrix, classes, weight, context.bias),
  ),
  cka_previous: alignmentTo('earlier'),
  cka_initial: alignmentTo('initial'),
  power_law: (parts) => powerLaw(parts.values()),
  weight_norm: (parts) => ({ value: Math.sqrt(sumOfSquares(parts.matrix)) }),
  update_norm: (parts) => {
    const before = readable(parts.context.earlier);
    return typeof before === 'string' ? none(before) : differenceNorm(parts.matrix, before);
  },
};

function cvOf(corners: number) {
  return ({ matrix, context }: Parts): Measured => simplexCv(matrix, corners, context.simplexSets);
}

/** Of metrics of the centred singular values. */
function ofVariance(metric: (centredValues: Float64Array, columns: number) => Measured) {
  return (parts: Parts): Measured => {
    if (parts.matrix.rows < 2) return none('fewer than 2 rows');
    if (parts.isConstant()) return none('all rows equal');
    return metric(parts.centredValues(), parts.matrix.columns);
  };
}

function ofClasses(metric: (classes: ClassMeans, parts: Parts) => Measured) {
  return (parts: Parts): Measured => {
    if (parts.context.labels === undefined) return none('no labels');
    const classes = parts.classes();
    return typeof classes === 'string' ? none(classes) : metric(classes, parts);
  };
}

function ofClassifier(metric: (classes: ClassMeans, weight: Dense, parts: Parts) => Measured) {
  return ofClasses((classes, parts) => {
    const { weight, bias } = parts.context;
    if (weight === undefined) return none('no classifier');
    const isFitting = weight.columns === parts.matrix.columns && weight.rows > classes.classes.at(-1)!;
    if (!isFitting || (bias !== undefined && bias.length !== weight.rows)) return none('classifier of another shape');
    if (bias?.every(Number.isFinite) === false) return none('not finite');
    const reason = fault(weight);
    return reason === null ? metric(classes, dense(weight), parts) : none(reason);
  });
}

function alignmentTo(which: 'earlier' | 'initial') {
  return (parts: Parts): Measured => {
    const before = readable(parts.context[which]);
    if (typeof before === 'string') return none(before);
    return parts.isConstant() ? none('all rows equal') : alignment(parts.centred(), before);
  };
}

/** The reason where an earlier matrix says nothing. */
function readable(earlier: Matrix | undefined): Dense | string {
  if (earlier === undefined) return 'no earlier matrix';
  const reason = fault(earlier);
  return reason === null ? dense(earlier) : `earlier matrix ${reason}`;
}
