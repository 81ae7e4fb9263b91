/** What has changed of a run or a sweep, and how its holder brings it up to date. */

/** Absent: as before. Null: gone, or null where that is a value of the field. */
export type Delta<T extends { id: string }> = { id: string } & { [Field in keyof T]?: T[Field] | null };

/** Fields for which null is a value, and not the lack of one. */
const NULLABLE: readonly string[] = ['sweepId', 'total', 'engine'];

/** Null where nothing has changed. Of one that was not known, all of it. */
export function deltaOf<T extends { id: string }>(before: T | undefined, after: T): Delta<T> | null {
  if (before === undefined) return { ...after };
  if (before === after) return null;
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof T & string>;
  const changed = [...fields]
    .filter((field) => !isSame(before[field], after[field]))
    .map((field) => [field, after[field] ?? null]);
  return changed.length === 0 ? null : ({ id: after.id, ...Object.fromEntries(changed) } as Delta<T>);
}

/** `before` with what has changed. @throws nothing: of one that is not known, `delta` must be all of it */
export function withDelta<T extends { id: string }>(before: T | undefined, delta: Delta<T>): T {
  const fields: [field: string, value: unknown][] = Object.entries({ ...before, ...delta });
  return Object.fromEntries(fields.filter(([field, value]) => value !== null || NULLABLE.includes(field))) as T;
}

/** The two in one: what `later` does not name stays as `earlier` has it. */
export function joinedDelta<T extends { id: string }>(earlier: Delta<T> | undefined, later: Delta<T>): Delta<T> {
  return { ...earlier, ...later };
}

/** Documents of a few fields; long lists are mostly the same array, and then need no look. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  return JSON.stringify(one) === JSON.stringify(other);
}
