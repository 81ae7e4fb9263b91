/** Where what a button opens stands, and where the keyboard goes when that closes. */

const EDGE_PX = 8;

/** Puts what has just opened beside its button: below it, or above where the window ends. */
export function placeBeside(opened: HTMLElement, anchor: Element): void {
  const place = anchor.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = opened;
  const below = place.bottom + offsetHeight + EDGE_PX <= innerHeight;
  const left = Math.min(place.right, document.documentElement.clientWidth - EDGE_PX) - offsetWidth;
  opened.style.left = `${Math.max(EDGE_PX, left)}px`;
  opened.style.top = `${below ? place.bottom : Math.max(EDGE_PX, place.top - offsetHeight)}px`;
}

/** Gives the keyboard back to the button of what has just opened, when that closes while it has the keyboard. */
export function returnFocus(opened: HTMLElement, anchor: HTMLElement): void {
  const closes = (): void => {
    // Who has closed it by a press elsewhere is there already.
    if (opened.matches(':focus-within')) anchor.focus();
  };
  opened.addEventListener('beforetoggle', closes, { once: true });
}
