/**
 * Text that users give, as it may stand anywhere: in a picture, a table, a terminal or a sentence. Control characters
 * make files that no parser opens and steer terminals; bidirectional overrides show another text than is there.
 */

/** Controls, lone surrogates, line separators, bidirectional overrides and isolates, noncharacters. */
const FORBIDDEN = '\\p{Cc}\\p{Cs}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufffe\\uffff';
const IN_A_LINE = new RegExp(`[${FORBIDDEN}]`, 'gu');
const IN_LINES = new RegExp(`(?![\\t\\n\\r])[${FORBIDDEN}]`, 'gu');

/** Whether it may be taken in. @param lines whether it may have several */
export function isPlainText(text: string, lines = false): boolean {
  return text.search(lines ? IN_LINES : IN_A_LINE) === -1;
}

/** What is left of a text that was taken in before that was looked at, or comes from elsewhere. */
export function plainText(text: string, lines = false): string {
  return lines ? text.replace(IN_LINES, '') : text.replace(/\s*[\t\n\r\u2028\u2029]+\s*/g, ' ').replace(IN_A_LINE, '');
}
