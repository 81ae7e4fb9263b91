/** Tables as text to take along: CSV for programs, Markdown for people. */
import { csvRow } from '../../shared/csv.js';
import { plainText } from '../../shared/plain-text.js';

export function csvTable(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map(csvLine).join('');
}

/** Control characters are shown as what they are, not as what they do. */
export function csvLine(cells: readonly (string | number)[]): string {
  return csvRow(cells.map((cell) => plainText(String(cell), true)));
}

/** The first column to the left, the others to the right. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = header.map((_, index) => (index === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |\n`).join('');
}

function escaped(cell: string): string {
  return plainText(cell).replaceAll('|', '\\|');
}
