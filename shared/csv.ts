/** CSV (RFC 4180, with line feeds). */

/** One line with its end; null is an empty field, and text that would be read otherwise is quoted. */
export function csvRow(cells: readonly (string | number | null)[]): string {
  return `${cells.map(field).join()}\n`;
}

function field(cell: string | number | null): string {
  if (cell === null) return '';
  const text = String(cell);
  const inert = isFormula(text) ? `'${text}` : text;
  return /[",;\t\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** Spreadsheets carry out what begins like this; somebody's name may, a number does nothing. */
function isFormula(text: string): boolean {
  return /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text));
}
