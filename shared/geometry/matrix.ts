/** What the metrics read and give, and the few operations on rows that they have in common. All arithmetic is float64. */

/** (rows, columns) numbers, row after row; row i begins at i · stride. */
export interface Matrix {
  values: Float32Array | Float64Array;
  rows: number;
  columns: number;
  /** Elements from one row's begin to the next one's; `columns` where the rows stand close. */
  stride?: number;
}

/** What a metric says of a matrix. */
export interface Measured {
  /** Null = no value, and then there is a `reason`. */
  value: number | null;
  /** Standard error of `value`, of the metrics that know one. */
  se?: number | null;
  /** How many of the sampled simplices were valid; the CVs alone. */
  valid?: number;
  reason?: string;
}

/** (rows, columns) float64, row after row without gaps: a copy that may be overwritten. */
export interface Dense {
  values: Float64Array;
  rows: number;
  columns: number;
}

export function none(reason: string): Measured {
  return { value: null, reason };
}

/** Why nothing can be said of a matrix; null where something can. */
export function fault({ values, rows, columns, stride = columns }: Matrix): string | null {
  if (rows === 0 || columns === 0) return 'empty';
  for (let i = 0; i < rows; i++)
    for (let j = i * stride; j < i * stride + columns; j++) if (!Number.isFinite(values[j])) return 'not finite';
  return null;
}

export function dense({ values, rows, columns, stride = columns }: Matrix): Dense {
  const copy = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) copy.set(values.subarray(i * stride, i * stride + columns), i * columns);
  return { values: copy, rows, columns };
}

export function transposed({ values, rows, columns }: Dense): Dense {
  const turned = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[j * rows + i] = values[i * columns + j]!;
  return { values: turned, rows: columns, columns: rows };
}

/** The matrix less the mean of its rows. */
export function centred({ values, rows, columns }: Dense): Dense {
  const mean = new Float64Array(columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) mean[j]! += values[i * columns + j]!;
  for (let j = 0; j < columns; j++) mean[j]! /= rows;
  return { values: values.map((value, index) => value - mean[index % columns]!), rows, columns };
}

/** Whether every row equals the first: rounding of the mean would leave a residue that looks like a spread. */
export function rowsAllEqual({ values, columns }: Dense): boolean {
  return values.every((value, index) => value === values[index % columns]);
}

/** Σ aᵢ bᵢ over `length` elements from `fromA` and `fromB`; four sums side by side keep the processor busy. */
export function dot(a: Float64Array, fromA: number, b: Float64Array, fromB: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    s0 += a[fromA + i]! * b[fromB + i]!;
    s1 += a[fromA + i + 1]! * b[fromB + i + 1]!;
    s2 += a[fromA + i + 2]! * b[fromB + i + 2]!;
    s3 += a[fromA + i + 3]! * b[fromB + i + 3]!;
  }
  for (; i < length; i++) s0 += a[fromA + i]! * b[fromB + i]!;
  return s0 + s1 + (s2 + s3);
}

/** a ← a + factor · b over `length` elements; four at a time halve the time. */
export function addMultiple(
  a: Float64Array,
  fromA: number,
  factor: number,
  b: Float64Array,
  fromB: number,
  length: number,
): void {
  let i = 0;
  for (; i + 3 < length; i += 4) {
    a[fromA + i]! += factor * b[fromB + i]!;
    a[fromA + i + 1]! += factor * b[fromB + i + 1]!;
    a[fromA + i + 2]! += factor * b[fromB + i + 2]!;
    a[fromA + i + 3]! += factor * b[fromB + i + 3]!;
  }
  for (; i < length; i++) a[fromA + i]! += factor * b[fromB + i]!;
}

/** Σ xᵢ² of all elements. */
export function sumOfSquares({ values }: Dense): number {
  return dot(values, 0, values, 0, values.length);
}
