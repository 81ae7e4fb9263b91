/** Which charts stand in which group, in which order: pinned ones first, then as they were moved, else as measured. */
import type { Metric, MetricGroup } from './metric.js';

export interface Arrangement {
  pinned: readonly string[];
  /** Names that were moved to the front of their group, in their order; of all groups together. */
  order: readonly string[];
  /** Whether charts of single series give way to one for each family of them. */
  ribbon: boolean;
  find: string;
}

export function arrange(standard: readonly MetricGroup[], arrangement: Arrangement): MetricGroup[] {
  const groups = standard.map((group) => (arrangement.ribbon ? { ...group, ...group.ribbons } : group));
  const { matches } = seriesSearch(arrangement.find);
  const finding = arrangement.find.trim() !== '';
  const all = new Map(groups.flatMap(({ metrics }) => metrics).map((metric) => [metric.name, metric]));
  const pinned: MetricGroup = {
    id: 'pinned',
    title: 'Pinned',
    note: '',
    open: true,
    metrics: arrangement.pinned.map((name) => all.get(name)).filter((metric) => metric !== undefined),
  };
  const rest = groups.map((group) => ({
    ...group,
    metrics: inOrder(
      group.metrics.filter(({ name }) => !arrangement.pinned.includes(name)),
      arrangement.order,
    ),
  }));
  return [pinned, ...rest]
    .map((group) => ({
      ...group,
      // What is looked for is not left folded away.
      open: group.open || finding,
      metrics: group.metrics.filter(({ name }) => matches(name)),
    }))
    .filter(({ metrics }) => metrics.length > 0);
}

/**
 * The order after `name` has taken the place of `target`.
 * @param names of its group, as they stand now.
 * @param standard the same names as they stand if none was moved: what follows from it is not kept.
 */
export function moved(
  names: readonly string[],
  standard: readonly string[],
  order: readonly string[],
  name: string,
  target: string,
): string[] {
  const without = names.filter((each) => each !== name);
  const later = names.indexOf(name) < names.indexOf(target) ? 1 : 0;
  const at = without.indexOf(target) + later;
  const now = [...without.slice(0, at), name, ...without.slice(at)];
  return [...order.filter((each) => !names.includes(each)), ...leastPrefix(now, standard)];
}

/** The shortest beginning of an order from which, with the rest as standard, all of it follows. */
function leastPrefix(order: readonly string[], standard: readonly string[]): readonly string[] {
  for (let length = 0; length < order.length; length++) {
    const prefix = order.slice(0, length);
    const rest = standard.filter((name) => !prefix.includes(name));
    if (order.slice(length).every((name, index) => name === rest[index])) return prefix;
  }
  return order;
}

function inOrder(metrics: readonly Metric[], order: readonly string[]): Metric[] {
  const rank = new Map(order.map((name, index) => [name, index]));
  const rankOf = ({ name }: Metric): number => rank.get(name) ?? order.length;
  return [...metrics].sort((a, b) => rankOf(a) - rankOf(b));
}

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
