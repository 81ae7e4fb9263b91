/** Float32 fused multiply-add, which PyTorch's vectorised CPU kernels use and JavaScript lacks. */

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const f = Math.fround;

/**
 * x·w + a rounded once to float32; all three are float32 values.
 *
 * The product of two float32 is exact in a double, so only the sum rounds before the final rounding. The two
 * roundings differ from one only if the double lies exactly between two float32: then the sum's own error, found
 * by TwoSum, decides. Subnormal results are outside its domain.
 */
export function fma32(x: number, w: number, a: number): number {
  const product = x * w;
  const sum = product + a;
  double[0] = sum;
  if ((words[0]! & 0x1fffffff) === 0x10000000) {
    const rounded = sum - product;
    const error = product - (sum - rounded) + (a - rounded);
    if (error !== 0) {
      // One unit in the double's last place towards the error: magnitude grows when the signs agree.
      words[0] = error > 0 === sum > 0 ? words[0]! + 1 : words[0]! - 1;
      return f(double[0]);
    }
  }
  return f(sum);
}
