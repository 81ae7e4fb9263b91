/**
 * Which key a shortcut is asked for by, whatever the keyboard's layout: the character that it prints, or, where the
 * layout has no Latin letters, the Latin letter in its place.
 */

type Pressed = Pick<
  KeyboardEvent,
  'key' | 'code' | 'isComposing' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey' | 'getModifierState'
>;

/** Undefined where the key is not the page's: part of a character that is being composed, or one typed with AltGr. */
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
