/** Binds the page's keys, but not while one types, and not behind a dialog. */
import { createKeybindingsHandler } from 'tinykeys';
import { pressedKey } from '../state/pressed-key.js';
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
  let pressed: KeyboardEvent | undefined;
  const bound = SHORTCUTS.flatMap(({ id, bindings, always }) =>
    bindings.map((binding): [string, (event: KeyboardEvent) => void] => [
      binding,
      ({ key }) => {
        const action = actions[id];
        if (action === undefined || pressed === undefined) return;
        if (!always && (!letters.value || isTakenElsewhere(pressed, key))) return;
        pressed.preventDefault();
        action();
      },
    ]),
  );
  const handle = createKeybindingsHandler(Object.fromEntries(bound));
  let afterDeadKey = false;
  const listen = (event: KeyboardEvent): void => {
    const init = afterDeadKey && !isModifier(event) ? undefined : pressedKey(event);
    if (!isModifier(event)) afterDeadKey = event.key === 'Dead';
    if (init === undefined) return;
    pressed = event;
    handle(new KeyboardEvent('keydown', init));
    pressed = undefined;
  };
  target.addEventListener('keydown', listen);
  return () => target.removeEventListener('keydown', listen);
}

function isModifier({ key }: KeyboardEvent): boolean {
  return ['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock'].includes(key);
}

/** Whoever types a letter into a field, or reads a dialog, means that. */
function isTakenElsewhere(event: KeyboardEvent, key: string): boolean {
  if (event.repeat && key !== 'j' && key !== 'k') return true;
  return event
    .composedPath()
    .some(
      (each) =>
        each instanceof HTMLElement &&
        (each.isContentEditable || each.matches('input:not([type=checkbox]), select, textarea, dialog, [popover]')),
    );
}
