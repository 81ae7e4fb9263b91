/** What the metrics are of noise: independent Gaussian entries of mean 0, in closed form where there is one. */
import type { MetricName } from './catalogue.js';

/** Null where no closed form is known, or the shape has no value. Where it is asymptotic, it is for large shapes. */
export function gaussianNull(metric: MetricName, rows: number, columns: number): number | null {
  if (rows < 1 || columns < 1) return null;
  // Centring takes one row's worth of freedom away.
  const free = rows - 1;
  const edge = (Math.sqrt(rows) + Math.sqrt(columns)) ** 2;
  switch (metric) {
    case 'cv':
      return simplexNull(5, rows, columns);
    case 'cv_3':
    case 'cv_4':
    case 'cv_6':
    case 'cv_7':
    case 'cv_8':
      return simplexNull(Number(metric.slice('cv_'.length)), rows, columns);
    case 'participation_ratio':
      return free < 1 ? null : (free * columns) / (free + columns + 1);
    case 'stable_rank':
      return (rows * columns) / edge;
    case 'condition_number':
      return rows === columns ? null : edge / Math.abs(rows - columns);
    case 'mean_cosine':
      return rows < 2 ? null : 0;
    case 'anisotropy':
      return free < 1 ? null : (Math.sqrt(free) + Math.sqrt(columns)) ** 2 / (free * columns);
    case 'nc3':
      return 2;
    default:
      return null;
  }
}

/** CV₀(k, D) = √(∏ (D − i) / E[χ_{D−i}]² − 1) over i = 0…k − 2. */
function simplexNull(corners: number, rows: number, columns: number): number | null {
  if (rows < corners || columns < corners - 1) return null;
  let product = 1;
  for (let i = 0; i < corners - 1; i++) product *= (columns - i) / meanChi(columns - i) ** 2;
  return Math.sqrt(product - 1);
}

/** E[χ_m] = √2 · Γ((m + 1) / 2) / Γ(m / 2), by E[χ_m] · E[χ_{m+1}] = m: no Γ overflows. */
function meanChi(freedom: number): number {
  let mean = Math.sqrt(2 / Math.PI);
  for (let m = 1; m < freedom; m++) mean = m / mean;
  return mean;
}
