/** What the shown runs say of each family of series at one epoch: the figure's numbers, what decides, what is in the band. */
import type { Band } from '../../charts/band.js';
import type { CvReading } from '../../charts/metric.js';
import { type BandCount, bandCounts } from './band-counts.js';
import { explain, type Explained } from './explained-variance.js';
import { gridCells } from './grid-cells.js';
import { type HeadSizeVerdict, headSizeVerdicts } from './head-size-verdict.js';
import { FAMILIES, type Quantity, readQuantity } from './quantity.js';
import { gridRuns, type MeasurementsOf, quantityRange } from './epoch-grid.js';
import type { RunColumns } from '../../data/run-columns.js';
import type { RunLine } from '../../runs/run-lines.js';
import type { FigureSpec } from './head-size-layout.js';

export interface Effect {
  quantity: Quantity;
  figure: FigureSpec;
  explained: Explained;
  /** Empty where the band means nothing. */
  counts: readonly BandCount[];
}

export interface EffectsOf {
  shown: readonly RunLine[];
  columnsOf: (runId: string) => RunColumns | undefined;
  measurementsOf: MeasurementsOf;
  /** Null = the newest of each run. */
  epoch: number | null;
  band: Band;
  /** Those of the whole sweep, ascending. */
  dims: readonly number[];
}

export function effect(quantity: Quantity, of: EffectsOf): Effect {
  const { shown, columnsOf, measurementsOf, epoch, band, dims } = of;
  const runs = gridRuns(shown, columnsOf, measurementsOf, quantity, epoch);
  const measured = runs.filter(({ value }) => !Number.isNaN(value));
  const { axis, banded } = quantity.family;
  return {
    quantity,
    figure: {
      cells: gridCells(runs),
      dims,
      axis,
      band: banded ? band : null,
      range: quantityRange(shown, columnsOf, quantity, measurementsOf),
    },
    explained: explain(measured, quantity.departs === true ? 'linear' : 'log'),
    counts: banded ? bandCounts(measured, band) : [],
  };
}

/** How the chosen quantity's head sizes stand to the band; nothing where the band means nothing. */
export function verdicts(quantity: Quantity, of: EffectsOf): HeadSizeVerdict[] {
  const { shown, columnsOf, measurementsOf, epoch, band } = of;
  if (!quantity.family.banded) return [];
  const runs = gridRuns(shown, columnsOf, measurementsOf, quantity, epoch);
  return headSizeVerdicts(
    runs.filter(({ value }) => !Number.isNaN(value)),
    band,
  );
}

/** One for every family of CVs, heads averaged. */
export function allEffects(of: EffectsOf, reading: CvReading = 'value'): Effect[] {
  return FAMILIES.filter(({ banded }) => banded).map((family) =>
    effect(readQuantity({ family, head: null }, reading), of),
  );
}
