/** Numbers as text has them: no digit that says nothing, and none too few. */

/** Nine significant digits hold every float32 exactly; a double's seventeen would only print its tail of noise. */
export function shortened(float32: number | undefined): number | null {
  return float32 === undefined || !Number.isFinite(float32) ? null : Number(float32.toPrecision(9));
}
