/** Binds the page's keys, but not while one types, and not behind a dialog. */
import { tinykeys } from 'tinykeys';
import { SHORTCUTS } from '../state/shortcuts.js';
import type { Readable } from '../state/value.js';

/**
 * @param actions by the shortcut's id; one that has none here does nothing now
 * @param letters whether those without a modifier are listened to
 * @returns the way to stop
 */
export function bindShortcuts(
  target: Window,
  actions: Readonly<Record<string, () => void>>,
  letters: Pick<Readable<boolean>, 'value'>,
): () => void {
  const bound = SHORTCUTS.flatMap(({ id, bindings, always }) =>
    bindings.map((binding) => [
      binding,
      (event: KeyboardEvent) => {
        const action = actions[id];
        if (action === undefined || (!always && (!letters.value || isTakenElsewhere(event)))) return;
        event.preventDefault();
        action();
      },
    ]),
  );
  return tinykeys(target, Object.fromEntries(bound) as Record<string, (event: KeyboardEvent) => void>);
}

/** Whoever types a letter into a field, or reads a dialog, means that. */
function isTakenElsewhere(event: KeyboardEvent): boolean {
  if (event.repeat && event.key !== 'j' && event.key !== 'k') return true;
  return event
    .composedPath()
    .some(
      (each) =>
        each instanceof HTMLElement &&
        (each.isContentEditable || each.matches('input:not([type=checkbox]), select, textarea, dialog, [popover]')),
    );
}
