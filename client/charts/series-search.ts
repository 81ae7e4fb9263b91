/** Finds charts by name: part of it, or a regular expression, in upper or lower case. */

export interface SeriesSearch {
  matches: (name: string) => boolean;
  /** Why what was typed is no regular expression; it is then looked for as it stands. */
  trouble: string | undefined;
}

export function seriesSearch(typed: string): SeriesSearch {
  const wanted = typed.trim();
  if (wanted === '') return { matches: () => true, trouble: undefined };
  try {
    const pattern = new RegExp(wanted, 'i');
    return { matches: (name) => pattern.test(name), trouble: undefined };
  } catch (error) {
    const plain = wanted.toLowerCase();
    return { matches: (name) => name.toLowerCase().includes(plain), trouble: reasonOf(error) };
  }
}

/** `Invalid regular expression: /act_(/i: Unterminated group` without what everybody sees. */
function reasonOf(error: unknown): string {
  const reason = (error instanceof Error ? error.message.split(': ').at(-1)! : String(error)).toLowerCase();
  return `not a regular expression (${reason}): searched as text`;
}
