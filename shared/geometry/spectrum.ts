/** Metrics of singular values alone: σ (of the matrix) and σ̃ (of the matrix less its mean row), both descending. */
import { none, type Measured } from './matrix.js';

/** RankMe adds it to every share, so that none is 0. */
const SHARE_OFFSET = 1e-7;

/** exp(−Σ pᵢ ln pᵢ), pᵢ = σᵢ / Σσ + 1e-7: RankMe (Garrido et al. 2023), after Roy & Vetterli 2007. In dimensions. */
export function effectiveRank(values: Float64Array): Measured {
  const total = sum(values);
  if (total === 0) return none('all zero');
  return { value: Math.exp(entropy(values.map((value) => value / total + SHARE_OFFSET))) };
}

/** −Σ pᵢ ln pᵢ, pᵢ = σᵢ² / Σσ². In nats. */
export function spectralEntropy(values: Float64Array): Measured {
  const squares = squared(values);
  const total = sum(squares);
  if (total === 0) return none('all zero');
  return { value: entropy(squares.map((value) => value / total)) };
}

/** ‖X‖_F² / σ₁² (Rudelson & Vershynin 2007). */
export function stableRank(values: Float64Array): Measured {
  if (values[0] === 0) return none('all zero');
  return { value: sum(values.map((value) => (value / values[0]!) ** 2)) };
}

/** σ₁ / σ_r of a matrix whose longer side is `longer`; a σ_r that rounding could have made counts as 0. */
export function conditionNumber(values: Float64Array, longer: number): Measured {
  const largest = values[0]!;
  const smallest = values.at(-1)!;
  return smallest <= largest * longer * 2 ** -52 ? none('singular') : { value: largest / smallest };
}

/** (Σλ̃)² / Σλ̃², λ̃ = σ̃² (Gao & Ganguli 2015; Gao et al. 2017). In dimensions. */
export function participationRatio(centredValues: Float64Array): Measured {
  const eigenvalues = squared(centredValues);
  return { value: sum(eigenvalues) ** 2 / sum(squared(eigenvalues)) };
}

/** λ̃₁ / Σλ̃: the share of the variance along the first principal axis (Razzhigaev et al. 2024; Godey et al. 2024). */
export function anisotropy(centredValues: Float64Array): Measured {
  const eigenvalues = squared(centredValues);
  return { value: eigenvalues[0]! / sum(eigenvalues) };
}

/**
 * ι = (D φ − 1) / (D − 1), φ = (D − δ² (D − √D))² / D², δ = ‖v̂ − 1‖ / √(2 (D − √D)), v̂ = √D · λ̃ / ‖λ̃‖, padded with
 * zeros to D = `columns` entries (Rudman et al. 2022). A share.
 */
export function isoScore(centredValues: Float64Array, columns: number): Measured {
  if (columns < 2) return none('fewer than 2 columns');
  const eigenvalues = squared(centredValues);
  const norm = Math.sqrt(sum(squared(eigenvalues)));
  const root = Math.sqrt(columns);
  const seen = sum(eigenvalues.map((value) => ((root * value) / norm - 1) ** 2));
  const padding = columns - eigenvalues.length;
  // δ² (D − √D) = ‖v̂ − 1‖² / 2.
  const used = (columns - (seen + padding) / 2) ** 2 / columns ** 2;
  return { value: (columns * used - 1) / (columns - 1) };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function squared(values: Float64Array): Float64Array {
  return values.map((value) => value * value);
}

function entropy(shares: Float64Array): number {
  // From 0, so that no −0 comes out.
  return 0 - sum(shares.map((share) => (share === 0 ? 0 : share * Math.log(share))));
}
