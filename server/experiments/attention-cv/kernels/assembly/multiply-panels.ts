import { eightColumns, fourColumns } from './multiply';
import { fourColumnsExact } from './multiply-exact';
import { transpose } from './transpose';

/** Floats of `panel`: so many rows of B at a time, eight columns of each, stay in the first cache. */
export const PANEL_ROWS: i32 = 384;

/**
 * So many products are summed from 0 before their sum is added to C: a float32 sum loses with every term, and the more
 * the larger it is. Short runs cost time at each end, which is felt where the sums are long.
 */
const SHORT_RUN: i32 = 16;
const LONG_RUN: i32 = 128;
const MOST_IN_SHORT_RUNS: i32 = 96;

/**
 * `multiply` for large B, of which eight columns at a time are copied side by side into `panel`, (PANEL_ROWS, 8):
 * without that, rows a power of two apart push each other out of the cache. B (k, n) may also be given by its
 * transpose (n, k), with `bTransposed` and `bRow` that one's stride; then k is a multiple of 4. `exact`: PANEL_ROWS
 * products at a time are summed in float64.
 */
export function multiplyPanels(
  m: i32, n: i32, k: i32,
  a: usize, aRow: i32,
  b: usize, bRow: i32, bTransposed: bool,
  c: usize, cRow: i32,
  accumulate: bool, panel: usize, exact: bool,
): void {
  const longest = k <= MOST_IN_SHORT_RUNS ? SHORT_RUN : LONG_RUN;
  for (let p = 0; p < k; p += PANEL_ROWS) {
    const depth = min(PANEL_ROWS, k - p);
    const from = a + (<usize>p << 2);
    const onto = accumulate || p > 0;
    for (let j = 0; j < n; j += 8) {
      const columns = min(8, n - j);
      if (bTransposed) transpose(columns, depth, b + (<usize>(j * bRow + p) << 2), bRow, panel, columns);
      else gather(depth, columns, b + (<usize>(p * bRow + j) << 2), bRow, panel);
      const to = c + (<usize>j << 2);
      if (exact) {
        for (let q = 0; q < columns; q += 4) {
          const offset = <usize>q << 2;
          fourColumnsExact(m, depth, from, aRow, panel + offset, columns, to + offset, cRow, onto);
        }
        continue;
      }
      for (let q = 0; q < depth; q += longest) {
        const run = min(longest, depth - q), rowsFrom = from + (<usize>q << 2), more = onto || q > 0;
        const rows = panel + (<usize>(q * columns) << 2);
        if (columns == 8) eightColumns(m, run, rowsFrom, aRow, 1, rows, 8, to, cRow, more);
        else fourColumns(m, run, rowsFrom, aRow, 1, rows, 4, to, cRow, more);
      }
    }
  }
}

@inline
function gather(rows: i32, columns: i32, source: usize, sourceRow: i32, panel: usize): void {
  const step = <usize>sourceRow << 2;
  for (let i = 0; i < rows; i++) {
    v128.store(panel, v128.load(source));
    if (columns == 8) v128.store(panel, v128.load(source, 16), 16);
    panel += <usize>columns << 2;
    source += step;
  }
}
