/** Choosing runs by what they have in common: all of dim 64, all that failed. Values of one kind add up, kinds narrow. */
import type { Run } from '../../shared/run.js';

export const FACETS = ['dim', 'head size', 'heads', 'seed', 'lr', 'status'] as const;
export type Facet = (typeof FACETS)[number];

/** By kind, the values asked for; a kind without any asks for nothing. */
export type FacetChoice = Readonly<Partial<Record<Facet, readonly string[]>>>;

export interface FacetValues {
  facet: Facet;
  values: readonly { value: string; count: number }[];
}

function valueOf({ config, status }: Run, facet: Facet): string | number {
  if (facet === 'head size') return config.headDim;
  return facet === 'status' ? status : config[facet];
}

/** The kinds in which these runs differ, and what there is to choose from. */
export function facetValues(runs: readonly Run[]): FacetValues[] {
  return FACETS.flatMap((facet) => {
    const counts = new Map<string | number, number>();
    for (const run of runs) counts.set(valueOf(run, facet), (counts.get(valueOf(run, facet)) ?? 0) + 1);
    if (counts.size < 2) return [];
    const values = [...counts].sort(([a], [b]) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0));
    return [{ facet, values: values.map(([value, count]) => ({ value: String(value), count })) }];
  });
}

export function toggled(choice: FacetChoice, facet: Facet, value: string): FacetChoice {
  const held = choice[facet] ?? [];
  return { ...choice, [facet]: held.includes(value) ? held.filter((each) => each !== value) : [...held, value] };
}

export function isChosen(run: Run, choice: FacetChoice): boolean {
  return FACETS.every((facet) => {
    const wanted = choice[facet] ?? [];
    return wanted.length === 0 || wanted.includes(String(valueOf(run, facet)));
  });
}
