/** The four columns of four rows of four: what v128 registers a, b, c, d become by a transposition. */
@inline
function transposeFour(a: v128, b: v128, c: v128, d: v128, target: usize, step: usize): void {
  const ab0 = v128.shuffle<i32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<i32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<i64>(ab0, cd0, 0, 2));
  v128.store(target + step, v128.shuffle<i64>(ab0, cd0, 1, 3));
  v128.store(target + 2 * step, v128.shuffle<i64>(ab1, cd1, 0, 2));
  v128.store(target + 3 * step, v128.shuffle<i64>(ab1, cd1, 1, 3));
}

/**
 * target (columns, rows) = sourceᵀ, source (rows, columns). Strides count floats; columns is a multiple of 4. Rows of
 * the target are written in whole groups of 4: what lies past `rows` there repeats the last one.
 */
export function transpose(
  rows: i32, columns: i32, source: usize, sourceRow: i32, target: usize, targetRow: i32,
): void {
  const step = <usize>targetRow << 2;
  const last = rows - 1;
  for (let i = 0; i < rows; i += 4) {
    const r0 = source + (<usize>(i * sourceRow) << 2);
    const r1 = source + (<usize>(min(i + 1, last) * sourceRow) << 2);
    const r2 = source + (<usize>(min(i + 2, last) * sourceRow) << 2);
    const r3 = source + (<usize>(min(i + 3, last) * sourceRow) << 2);
    let to = target + (<usize>i << 2);
    for (let j: usize = 0, end = <usize>columns << 2; j < end; j += 16) {
      transposeFour(v128.load(r0 + j), v128.load(r1 + j), v128.load(r2 + j), v128.load(r3 + j), to, step);
      to += 4 * step;
    }
  }
}
