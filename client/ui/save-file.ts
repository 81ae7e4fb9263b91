/** Gives the viewer what the page has made: as a file, or to be pasted elsewhere. */

/** @param name what stands in for series and runs may be anybody's text: whatever is no letter or digit becomes a dash */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/\.{2,}/g, '.');
  link.click();
  // The browser has taken hold of the content by the end of the turn.
  setTimeout(() => URL.revokeObjectURL(link.href));
}

/** Characters that are joined at a time: a table may be longer than a string can be. */
const PART_LENGTH = 2 ** 20;

/** @param csv whole, or line by line. */
export function saveCsv(name: string, csv: string | Iterable<string>): void {
  saveFile(name, new Blob(typeof csv === 'string' ? [csv] : [...joined(csv, PART_LENGTH)], { type: 'text/csv' }));
}

/** The same text in parts of about `length`, each a Blob of its own, which the browser may keep outside the heap. */
function* joined(lines: Iterable<string>, length: number): Generator<Blob> {
  let part = '';
  for (const line of lines) {
    part += line;
    if (part.length < length) continue;
    yield new Blob([part]);
    part = '';
  }
  yield new Blob([part]);
}

/** Whether it could be copied: a browser may forbid it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** As browsers did it before, and still do on pages that come by plain http: from a field that is selected. */
function copyBySelection(text: string): boolean {
  const before = activeElement();
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  // Beside what was pressed: behind an open dialog nothing can be selected.
  (layerOf(before) ?? document.body).append(field);
  field.select();
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other way where there is no clipboard
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.remove();
    before?.focus({ preventScroll: true });
  }
}

/** The dialog or popover that something is in, through shadow roots. */
function layerOf(element: Element | null): Element | null {
  if (element === null) return null;
  const layer = element.closest('dialog, [popover]');
  if (layer !== null) return layer;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? layerOf(root.host) : null;
}

/** What has the keyboard, in whichever shadow root. */
function activeElement(): HTMLElement | null {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement != null) active = active.shadowRoot.activeElement;
  return active instanceof HTMLElement ? active : null;
}
