/** What the shown runs say of each family of series at one epoch: the figure's numbers, what decides, what is in the band. */
import { type Band, type BandCount, bandCounts } from '../analysis/band-judgement.js';
import { explain, type Explained } from '../analysis/explained-variance.js';
import { gridCells } from '../analysis/grid-cells.js';
import { type HeadSizeStanding, headSizeStandings, type SizedValue } from '../analysis/head-size-standing.js';
import { FAMILIES, type Quantity, quantityError } from '../analysis/quantity.js';
import type { Measurement } from '../../shared/measurement.js';
import { gridRuns, quantityRange } from '../state/epoch-grid.js';
import { measuredRow } from '../state/epoch-rows.js';
import type { RunColumns } from '../state/run-columns.js';
import type { RunLine } from '../state/run-lines.js';
import type { FigureSpec } from './head-size-layout.js';

export interface Finding {
  quantity: Quantity;
  figure: FigureSpec;
  explained: Explained;
  /** Empty where the band means nothing. */
  counts: readonly BandCount[];
}

export interface FindingsOf {
  shown: readonly RunLine[];
  columnsOf: (runId: string) => RunColumns | undefined;
  /** Null = the newest of each run. */
  epoch: number | null;
  band: Band;
  /** Those of the whole sweep, ascending. */
  dims: readonly number[];
}

export function finding(quantity: Quantity, { shown, columnsOf, epoch, band, dims }: FindingsOf): Finding {
  const runs = gridRuns(shown, columnsOf, quantity, epoch);
  const measured = runs.filter(({ value }) => !Number.isNaN(value));
  const { axis, banded } = quantity.family;
  return {
    quantity,
    figure: {
      cells: gridCells(runs),
      dims,
      axis,
      band: banded ? band : null,
      range: quantityRange(shown, columnsOf, quantity),
    },
    explained: explain(measured),
    counts: banded ? bandCounts(measured, band) : [],
  };
}

/** How the chosen quantity's head sizes stand to the band; nothing where the band means nothing. */
export function standings(quantity: Quantity, of: FindingsOf, measurementsOf: MeasurementsOf): HeadSizeStanding[] {
  const { shown, columnsOf, epoch, band } = of;
  if (!quantity.family.banded) return [];
  const errorOf = (runId: string, heads: number): number | null => {
    const columns = columnsOf(runId);
    const row = columns === undefined ? undefined : measuredRow(columns, epoch);
    const full = measurementsOf(runId)?.find((each) => each.sample === 'fixed' && each.epoch === row);
    return full === undefined ? null : quantityError(quantity, full, heads);
  };
  const values = gridRuns(shown, columnsOf, quantity, epoch).filter(({ value }) => !Number.isNaN(value));
  return headSizeStandings(
    values.map(({ id, dim, heads, headDim, value }): SizedValue => ({
      dim,
      headDim,
      value,
      standardError: errorOf(id, heads),
    })),
    band,
  );
}

type MeasurementsOf = (runId: string) => readonly Measurement[] | undefined;

/** One for every family of CVs, heads averaged. */
export function allFindings(of: FindingsOf): Finding[] {
  return FAMILIES.filter(({ banded }) => banded).map((family) => finding({ family, head: null }, of));
}
