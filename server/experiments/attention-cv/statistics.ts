/** The coefficient of variation of a sample of volumes, its standard error, and the paired error of a movement. */

/** Keeps the reference's quotient finite where all volumes vanish. */
const MEAN_OFFSET = 1e-8;
/** Below this many valid volumes there is no value. */
export const MIN_VALID = 10;

export interface VolumeStatistics {
  valid: number;
  /** Null with fewer than 10 valid volumes. */
  cv: number | null;
  mean: number;
  /** Unbiased. */
  variance: number;
}

/** CV = unbiased standard deviation / (mean + 1e-8) over the volumes that are not NaN. */
export function volumeStatistics(volumes: Float64Array): VolumeStatistics {
  let valid = 0;
  let total = 0;
  for (const volume of volumes) {
    if (Number.isNaN(volume)) continue;
    valid++;
    total += volume;
  }
  if (valid < MIN_VALID) return { valid, cv: null, mean: NaN, variance: NaN };
  const mean = total / valid;
  let squares = 0;
  for (const volume of volumes) {
    if (!Number.isNaN(volume)) squares += (volume - mean) ** 2;
  }
  const variance = squares / (valid - 1);
  return { valid, cv: Math.sqrt(variance) / (mean + MEAN_OFFSET), mean, variance };
}

/**
 * Influence of each sample on the CV, NaN where it is not valid:
 * fᵢ = c · [((vᵢ − m)² − s²) / (2s²) − (vᵢ − m) / m]; all 0 when s² = 0.
 */
function influences(volumes: Float64Array, { cv, mean, variance }: VolumeStatistics): Float64Array {
  return volumes.map((volume) => {
    if (Number.isNaN(volume)) return NaN;
    if (variance === 0) return 0;
    const deviation = volume - mean;
    return (cv ?? NaN) * ((deviation ** 2 - variance) / (2 * variance) - deviation / mean);
  });
}

/** std(values) / √n over the values that are not NaN; null below two. */
function standardErrorOfMean(values: Float64Array): number | null {
  let n = 0;
  let total = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    n++;
    total += value;
  }
  if (n < 2) return null;
  const mean = total / n;
  let squares = 0;
  for (const value of values) {
    if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  }
  return Math.sqrt(squares / (n - 1) / n);
}

/** Standard error of the CV by its influence function (the infinitesimal jackknife); null where there is no CV. */
export function standardError(volumes: Float64Array): number | null {
  const statistics = volumeStatistics(volumes);
  return statistics.cv === null ? null : standardErrorOfMean(influences(volumes, statistics));
}

/**
 * CV(now) − CV(before) on the same index sets, and its standard error over the samples valid at both, by the
 * differences of their influences: what the two share cancels. Null where a CV is missing.
 */
export function movement(
  now: Float64Array,
  before: Float64Array,
): { movement: number; movementSe: number | null } | null {
  const present = volumeStatistics(now);
  const past = volumeStatistics(before);
  if (present.cv === null || past.cv === null) return null;
  const pastInfluences = influences(before, past);
  const differences = influences(now, present).map((influence, i) => influence - pastInfluences[i]!);
  return { movement: present.cv - past.cv, movementSe: standardErrorOfMean(differences) };
}
