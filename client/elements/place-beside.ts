/** Puts what has just opened beside its button: below it, or above where the window ends. */

const EDGE_PX = 8;

export function placeBeside(opened: HTMLElement, anchor: Element): void {
  const place = anchor.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = opened;
  const below = place.bottom + offsetHeight + EDGE_PX <= innerHeight;
  const left = Math.min(place.right, document.documentElement.clientWidth - EDGE_PX) - offsetWidth;
  opened.style.left = `${Math.max(EDGE_PX, left)}px`;
  opened.style.top = `${below ? place.bottom : Math.max(EDGE_PX, place.top - offsetHeight)}px`;
}
