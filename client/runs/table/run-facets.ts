/** Choosing runs by what they have in common: all of dim 64, all that failed. Values of one kind add up, kinds narrow. */
import type { Run } from '../../../shared/run.js';
import { experimentOf } from '../../experiments/experiments.js';

/** By kind, the values asked for; a kind without any asks for nothing. */
export type FacetChoice = Readonly<Record<string, readonly string[]>>;

export interface FacetValues {
  facet: string;
  values: readonly { value: string; count: number }[];
}

/** What its experiment tells of a run, then its status. */
function facetsOf(run: Run): Map<string, string | number> {
  return new Map<string, string | number>([...experimentOf(run).facets(run), ['status', run.status]]);
}

/** The kinds in which these runs differ, and what there is to choose from. */
export function facetValues(runs: readonly Run[]): FacetValues[] {
  const all = runs.map(facetsOf);
  const kinds = new Set(all.flatMap((facets) => [...facets.keys()].filter((facet) => facet !== 'status')));
  return [...kinds, 'status'].flatMap((facet) => {
    const counts = new Map<string | number, number>();
    for (const facets of all) {
      const value = facets.get(facet);
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    if (counts.size < 2) return [];
    const values = [...counts].sort(([a], [b]) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0));
    return [{ facet, values: values.map(([value, count]) => ({ value: String(value), count })) }];
  });
}

export function toggled(choice: FacetChoice, facet: string, value: string): FacetChoice {
  const chosen = choice[facet] ?? [];
  return { ...choice, [facet]: chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value] };
}

export function isChosen(run: Run, choice: FacetChoice): boolean {
  const facets = facetsOf(run);
  return Object.entries(choice).every(([facet, wanted]) => {
    const value = facets.get(facet);
    return wanted.length === 0 || (value !== undefined && wanted.includes(String(value)));
  });
}
