/** Tables as text to take along: CSV for programs, Markdown for people. */

import { plainText } from '../../shared/plain-text.js';

/** RFC 4180 with line feeds. */
export function csvTable(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map(csvLine).join('');
}

export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(quoted).join(',')}\n`;
}

/** The first column to the left, the others to the right. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = header.map((_, index) => (index === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |\n`).join('');
}

function quoted(cell: string | number): string {
  const text = plainText(String(cell), true);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function escaped(cell: string): string {
  return plainText(cell).replaceAll('|', '\\|');
}
