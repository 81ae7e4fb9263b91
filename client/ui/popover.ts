/** Where what a button opens stands, and where the keyboard goes when that closes. */

const EDGE_PX = 8;

/** What is about to close: it still matches `:popover-open`, and must not be hidden once more. */
const closing = new WeakSet<HTMLElement>();

/** Puts what has just opened beside its button: below it, or above where the window ends. */
export function placeBeside(opened: HTMLElement, anchor: Element): void {
  const place = anchor.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = opened;
  const below = place.bottom + offsetHeight + EDGE_PX <= innerHeight;
  const left = Math.min(place.right, document.documentElement.clientWidth - EDGE_PX) - offsetWidth;
  opened.style.left = `${Math.max(EDGE_PX, left)}px`;
  opened.style.top = `${below ? place.bottom : Math.max(EDGE_PX, place.top - offsetHeight)}px`;
}

/**
 * Opens what belongs to a button beside it, and gives `first` of what is in it the keyboard; closes it where there is no
 * button. What is open stays where it is.
 * @param closed called before it is gone, when the keyboard is back: whoever draws it anew then finds it closed
 */
export function openBeside(
  opened: HTMLElement,
  anchor: HTMLElement | undefined,
  closed: () => void,
  first = 'button:enabled',
): void {
  const isOpen = opened.matches(':popover-open');
  if (anchor === undefined) {
    if (isOpen && !closing.has(opened)) opened.hidePopover();
    return;
  }
  if (isOpen) return;
  closing.delete(opened);
  opened.showPopover();
  placeBeside(opened, anchor);
  returnFocus(opened, anchor, () => {
    closing.add(opened);
    closed();
  });
  opened.querySelector<HTMLElement>(first)?.focus();
}

/**
 * Gives the keyboard back to the button of what has just opened, when that closes while it has the keyboard.
 * @param closed called right after that
 */
export function returnFocus(opened: HTMLElement, anchor: HTMLElement, closed?: () => void): void {
  const closes = (): void => {
    // Who has closed it by a press elsewhere is there already.
    if (opened.matches(':focus-within')) anchor.focus();
    closed?.();
  };
  opened.addEventListener('beforetoggle', closes, { once: true });
}
