/** Gives the keyboard back to the button of what has just opened, when that closes while it has the keyboard. */
export function returnFocus(opened: HTMLElement, anchor: HTMLElement): void {
  const closes = (): void => {
    // Who has closed it by a press elsewhere is there already.
    if (opened.matches(':focus-within')) anchor.focus();
  };
  opened.addEventListener('beforetoggle', closes, { once: true });
}
