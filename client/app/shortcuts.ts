/** The keys that the page listens to, in words, and how they are bound: not while one types, and not behind a dialog. */
import { createKeybindingsHandler } from 'tinykeys';
import type { Readable } from '../data/signals.js';
import type { View } from '../runs/experiment-page.js';
import { VIEWS } from './view-host.js';

export interface Shortcut {
  id: string;
  group: 'page' | 'views' | 'runs';
  title: string;
  /** As tinykeys reads them. */
  bindings: readonly string[];
  /** As they are written on the keys. */
  keys: readonly string[];
  /** Also while one types: it has a modifier. */
  always?: true;
  /** For those alone who may do more than look. */
  controls?: true;
}

function viewShortcut({ name, tab, letter }: View): Shortcut[] {
  if (tab === undefined || letter === undefined) return [];
  return [{ id: name, group: 'views', title: tab.toLowerCase(), bindings: [`g ${letter}`], keys: ['g', letter] }];
}

export const SHORTCUTS: readonly Shortcut[] = [
  { id: 'palette', group: 'page', title: 'all commands', bindings: ['$mod+k'], keys: ['Ctrl', 'K'], always: true },
  { id: 'help', group: 'page', title: 'this list', bindings: ['?', 'Shift+?'], keys: ['?'] },
  { id: 'filter', group: 'page', title: 'filter runs', bindings: ['/', 'Shift+/'], keys: ['/'] },
  { id: 'new-sweep', group: 'page', title: 'new sweep', bindings: ['n'], keys: ['n'], controls: true },
  { id: 'theme', group: 'page', title: 'system, light, dark theme', bindings: ['d'], keys: ['d'] },
  { id: 'cv', group: 'page', title: 'CVs as measured, or as departures', bindings: ['v'], keys: ['v'] },
  ...VIEWS.flatMap(viewShortcut),
  { id: 'next-run', group: 'runs', title: 'next run', bindings: ['j'], keys: ['j'] },
  { id: 'previous-run', group: 'runs', title: 'previous run', bindings: ['k'], keys: ['k'] },
  { id: 'pause-run', group: 'runs', title: 'pause or resume the run', bindings: ['p'], keys: ['p'], controls: true },
  { id: 'alone', group: 'runs', title: 'its line alone, or all', bindings: ['o'], keys: ['o'] },
  { id: 'log', group: 'runs', title: 'its log', bindings: ['l'], keys: ['l'] },
  { id: 'show-all', group: 'runs', title: 'show all lines', bindings: ['a'], keys: ['a'] },
];

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

type Pressed = Pick<
  KeyboardEvent,
  'key' | 'code' | 'isComposing' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey' | 'getModifierState'
>;

/**
 * Which key a shortcut is asked for by, whatever the keyboard's layout: the character that it prints, or, where the
 * layout has no Latin letters, the Latin letter in its place. Undefined where the key is not the page's: part of a character that is being composed, or one typed with AltGr.
 */
export function pressedKey(event: Pressed): KeyboardEventInit | undefined {
  const { code, isComposing, metaKey, shiftKey } = event;
  if (isComposing || ['Dead', 'Process', 'Unidentified'].includes(event.key)) return undefined;
  const key = latinKey(event.key, code);
  // AltGr is neither Ctrl nor Alt, though some systems say it is both: it makes other characters of the same keys.
  const altGraph = event.getModifierState('AltGraph');
  if (altGraph && /^\p{L}/u.test(key)) return undefined;
  const ctrlKey = event.ctrlKey && !altGraph;
  const altKey = event.altKey && !altGraph;
  return { key, code, ctrlKey, altKey, metaKey, shiftKey };
}

/** `key`, but for a letter of another script the one that stands there on a Latin keyboard. */
function latinKey(key: string, code: string): string {
  const [, letter] = /^Key([A-Z])$/.exec(code) ?? [];
  const isOther = /^[^\x20-\x7e]/.test(key) && !/\p{Script=Latin}/u.test(key);
  return letter !== undefined && isOther ? letter.toLowerCase() : key;
}
