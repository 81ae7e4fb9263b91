/** What of the page's state stands in its address: the chosen sweep and the runs whose lines are hidden. */

export interface PageAddress {
  sweepId: string | undefined;
  hidden: ReadonlySet<string>;
}

/** Reads `#sweep=ID&hidden=ID,ID`. */
export function readAddress(hash: string): PageAddress {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const hidden =
    fields
      .get('hidden')
      ?.split(',')
      .filter((id) => id !== '') ?? [];
  return { sweepId: fields.get('sweep') ?? undefined, hidden: new Set(hidden) };
}

export function writeAddress({ sweepId, hidden }: PageAddress): string {
  const parts = [
    ...(sweepId === undefined ? [] : [`sweep=${encodeURIComponent(sweepId)}`]),
    ...(hidden.size === 0 ? [] : [`hidden=${[...hidden].map(encodeURIComponent).join(',')}`]),
  ];
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}
