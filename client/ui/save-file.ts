/** Gives the viewer what the page has made: as a file, or to be pasted elsewhere. */

export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
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
    return false;
  }
}
