/** The catalogue of measured series: their names in measuring order, groups and the valid band. */

/** CV of pentachoron volumes strictly between these is called valid. */
export const BAND = { low: 0.13, high: 0.3 } as const;

export type SeriesGroup = 'weights' | 'weight-heads' | 'activations' | 'activation-heads';

export const SERIES_GROUPS: readonly SeriesGroup[] = ['weights', 'weight-heads', 'activations', 'activation-heads'];

/**
 * The 8 + 7·heads CV series of a run, in the order in which they are measured. The order is part of the
 * numbers: in the script measurement every series draws from one random stream.
 */
export function seriesNames(heads: number): string[] {
  const perHead = (kinds: readonly string[]): string[] =>
    Array.from({ length: heads }, (_, head) => kinds.map((kind) => `${kind}_h${head}`)).flat();
  return [
    'emb',
    'Q_full',
    'K_full',
    'V_full',
    ...perHead(['Q', 'K', 'V']),
    'out_proj',
    'cls_head',
    ...perHead(['act_Q', 'act_K', 'act_V', 'act_post']),
    'act_emb',
    'act_post_full',
  ];
}

export function seriesGroup(name: string): SeriesGroup {
  const perHead = /_h\d+$/.test(name);
  if (name.startsWith('act_')) return perHead ? 'activation-heads' : 'activations';
  return perHead ? 'weight-heads' : 'weights';
}

export function inBand(cv: number | null): boolean {
  return cv !== null && cv > BAND.low && cv < BAND.high;
}
