/** The reasons why some of several runs did not do as they were told, each once, with the runs that it holds for. */

/** Names beyond these are counted. */
const NAMED = 4;

/** `64 × 2, 64 × 4: a run that is completed cannot be told to stop; …` */
export function refusals(refused: readonly { name: string; reason: string }[]): string {
  return [...new Set(refused.map(({ reason }) => reason))]
    .map((reason) => {
      const some = refused.filter((each) => each.reason === reason);
      const more = some.length > NAMED + 1 ? ` and ${some.length - NAMED} more` : '';
      const names = some.slice(0, more === '' ? some.length : NAMED).map(({ name }) => name);
      return `${names.join(', ')}${more}: ${reason}`;
    })
    .join('; ');
}
