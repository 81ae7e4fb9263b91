/** What chance gives, as a chart shows it: quiet lines behind the data, each null once however many runs have it. */
import type { CvNull } from '../../shared/measurement.js';
import { type NullIfKnown, UNREMARKABLE } from '../data/cv-null.js';
import { formatCv } from '../ui/numbers.js';
import type { Range } from './chart-settings.js';
import type { Metric } from './metric.js';

export type NullOf = (runId: string, series: string) => NullIfKnown;

export interface SharedNull extends CvNull {
  runIds: ReadonlySet<string>;
}

/** A level line behind the data, and how far to either side its area reaches. */
export interface Guide {
  at: number;
  /** 0 = a line alone. */
  half: number;
  dash: readonly number[];
  alpha: number;
  /** What stands at the edge beyond which it is, where it is out of view. */
  label?: string;
}

/** With more of them, areas would cover each other and the data: lines alone are left. */
const FEW_NULLS = 4;
/** And with more than these not even lines can be told apart: that of the highlighted run is left. */
const MOST_NULLS = 8;
/** Of more runs than these, nulls are neither drawn nor asked for: each costs a request, and no line could be told apart. */
const MOST_RUNS_WITH_NULLS = 100;
const DASH: readonly number[] = [2, 3];
const OTHERS_ALPHA = 0.3;
const MOST_WIDENED = 3;

/** Largest first; of departures, and of what is no CV, none. */
export function sharedNulls(metric: Metric, runs: readonly { id: string }[], nullOf: NullOf): SharedNull[] {
  if (!metric.banded || runs.length > MOST_RUNS_WITH_NULLS) return [];
  const byValue = new Map<string, CvNull & { runIds: Set<string> }>();
  for (const { id } of runs) {
    for (const series of metric.ribbon ?? [metric.name]) {
      const known = nullOf(id, series);
      if (known == null) continue;
      const key = `${known.cv} ${known.sd}`;
      const shared = byValue.get(key) ?? { cv: known.cv, sd: known.sd, runIds: new Set() };
      byValue.set(key, shared);
      shared.runIds.add(id);
    }
  }
  return [...byValue.values()].sort((a, b) => b.cv - a.cv);
}

/** Those that a legend can name; of more, each is told with its run. */
export function namedNulls(nulls: readonly SharedNull[]): readonly SharedNull[] {
  return nulls.length <= FEW_NULLS ? nulls : [];
}

/** @param highlighted the runs of the highlighted line; undefined while none is. */
export function nullGuides(nulls: readonly SharedNull[], highlighted: readonly { id: string }[] | undefined): Guide[] {
  return nulls.flatMap(({ cv, sd, runIds }): Guide[] => {
    const isHighlighted = highlighted?.some(({ id }) => runIds.has(id)) ?? false;
    if (!isHighlighted && nulls.length > MOST_NULLS) return [];
    const hasArea = isHighlighted || (highlighted === undefined && nulls.length <= FEW_NULLS);
    const alpha = isHighlighted || highlighted === undefined ? 1 : OTHERS_ALPHA;
    const alone = nulls.length === 1 && { label: `chance ${formatCv(cv)}` };
    return [{ at: cv, half: hasArea ? sd : 0, dash: DASH, alpha, ...alone }];
  });
}

/** Of departures: no departure, and the edges of what is unremarkable. */
export const DEPARTURE_GUIDES: readonly Guide[] = [
  { at: UNREMARKABLE, half: 0, dash: DASH, alpha: 0.7 },
  { at: 0, half: 0, dash: [], alpha: 0.8 },
  { at: -UNREMARKABLE, half: 0, dash: DASH, alpha: 0.7 },
];

/** A range with these places in view, the nearest first, where that leaves what it fits a third of the height. */
export function withPlaces([low, high]: Range, places: readonly number[], log: boolean): Range {
  const scaled = log ? Math.log : (value: number): number => value;
  const away = (place: number): number => Math.max(low - place, place - high, 0);
  const most = MOST_WIDENED * (scaled(high) - scaled(low));
  let [from, to] = [low, high];
  for (const place of places.toSorted((a, b) => away(a) - away(b))) {
    const [wideFrom, wideTo] = [Math.min(from, place), Math.max(to, place)];
    if (scaled(wideTo) - scaled(wideFrom) <= most) [from, to] = [wideFrom, wideTo];
  }
  return [from, to];
}

/** Whatever a chart is built from of them, as one text; '' where it needs none and none is asked for. */
export function nullsKey(metric: Metric, runs: readonly { id: string }[], wanted: boolean, nullOf: NullOf): string {
  const isDrawn = metric.banded && wanted && runs.length <= MOST_RUNS_WITH_NULLS;
  if (metric.departs !== true && !isDrawn) return '';
  const names = metric.ribbon ?? [metric.name];
  const texts = runs.flatMap(({ id }) =>
    names.map((series) => {
      const known = nullOf(id, series);
      return known == null ? String(known) : `${known.cv} ${known.sd}`;
    }),
  );
  return texts.join();
}

/** `0.172 ± 0.015` */
export function formatNull({ cv, sd }: CvNull): string {
  return `${formatCv(cv)} ± ${formatCv(sd)}`;
}
