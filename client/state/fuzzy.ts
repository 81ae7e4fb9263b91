/** How well a typed search fits a text: every word of it must be there, whole or as letters in their order. */

const WHOLE = 100;
const AT_WORD_START = 40;
const IN_ORDER = 20;

/** Undefined where it does not fit; else the more the better. `64x4` finds `64 × 4`. */
export function fuzzyScore(search: string, text: string): number | undefined {
  const hay = plain(text);
  let score = -hay.length / 10;
  for (const word of plain(search).split(/\s+/).filter(Boolean)) {
    const part = scoreOf(word, hay);
    if (part === undefined) return undefined;
    score += part;
  }
  return score;
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll('×', 'x');
}

function scoreOf(word: string, hay: string): number | undefined {
  const at = hay.indexOf(word);
  if (at !== -1) return WHOLE + (at === 0 || /\W/.test(hay[at - 1]!) ? AT_WORD_START : 0) - at / 10;
  let from = -1;
  let gaps = 0;
  for (const letter of word) {
    const next = hay.indexOf(letter, from + 1);
    if (next === -1) return undefined;
    if (from !== -1) gaps += next - from - 1;
    from = next;
  }
  return IN_ORDER - gaps;
}
