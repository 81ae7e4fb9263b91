/** Links of the page to its own views. */

/** Follows a link without loading the page anew; held with a key that opens it elsewhere, it is the browser's. */
export function inPlace(go: () => void): (event: MouseEvent) => void {
  return (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go();
  };
}
