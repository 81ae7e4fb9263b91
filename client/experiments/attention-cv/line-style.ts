/** The looks of an attention run: hue = dim, lightness and dash = heads; other seeds take another dash. */
import { type LineStyle, rankedStyle } from '../../charts/line-style.js';
import type { Theme } from '../../ui/theme-choice.js';

/**
 * @param config.variant the rank of the run among those of the same dim and heads: of its seed, rate and sweep.
 * @param dims, heads the distinct values that were asked for, ascending: ranks among them decide, so that a hidden or
 * deleted run changes nobody's colour.
 * @param replaced whether a newer run of the same config stands for it.
 */
export function lineStyle(
  config: { dim: number; heads: number; variant?: number },
  dims: readonly number[],
  heads: readonly number[],
  theme: Theme,
  replaced = false,
): LineStyle {
  const rank = {
    hue: Math.max(0, dims.indexOf(config.dim)),
    shade: Math.max(0, heads.indexOf(config.heads)),
    variant: config.variant ?? 0,
  };
  return rankedStyle(rank, heads.length, theme, replaced);
}
