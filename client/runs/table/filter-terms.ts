/**
 * The grammar of the table's filter. Terms stand side by side: `64x4 tag=good|better loss<0.1 "two words"`.
 *
 *     term       = comparison | values
 *     comparison = field operator values       spaces around the operator may be left out or not
 *     operator   = "=" | "!=" | "<" | "<=" | ">" | ">=", also written "==", ":", "≠", "≤", "≥"
 *     values     = value { ("|" | ",") value }
 *     value      = "in quotes, with \" for a quote" | dim×heads | anything without spaces
 */

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export interface FilterValue {
  text: string;
  /** Then it means its letters and nothing else. */
  quoted: boolean;
}

export interface FilterTerm {
  /** As it was typed. */
  text: string;
  /** Absent for text to look for. */
  comparison?: { field: string; operator: Operator };
  values: FilterValue[];
}

const OPERATOR = String.raw`(?:<=|>=|!=|==|=|<|>|≤|≥|≠)`;
/** A colon is part of a name, as in `emb:twonn>3`, where an operator follows; else it is one. */
const METRIC = String.raw`(?::[\p{L}][\p{L}\d_]*(?=\s*${OPERATOR}))?`;
const NAME = String.raw`(?:head[ _]?(?:dim|size)|learning rate|[\p{L}_][\p{L}\d_]*(?:[.-][\p{L}\d_]+)*${METRIC})`;
const QUOTED = String.raw`"(?:\\.|[^"\\])*"?`;
const GRID = String.raw`\d+\s*[x×*/]\s*\d+(?![\p{L}\d_.])`;
const BARE = String.raw`(?:!(?!=)|[^\s"|,<>=!≤≥≠])+`;
/** The next comparison is no value of the one before it, which is still without. */
const VALUE = `(?!${NAME}\\s*${OPERATOR})(?:${QUOTED}|${GRID}|${BARE})`;
const VALUES = `(?:${VALUE}(?:\\s*[|,]\\s*(?:${VALUE})?)*)`;

const COMPARISON = new RegExp(`(${NAME})(?:\\s*(${OPERATOR})\\s*|:(?=\\S))(${VALUES})?`, 'iuy');
const WORDS = new RegExp(VALUES, 'iuy');
const EACH_VALUE = new RegExp(`${QUOTED}|${GRID}|${BARE}`, 'giu');

const ALIKE: Record<string, Operator> = { '==': '=', '≠': '!=', '≤': '<=', '≥': '>=' };

/** @param isField tells `tag:good` from text with a colon in it. */
export function filterTerms(text: string, isField: (name: string) => boolean): FilterTerm[] {
  const terms: FilterTerm[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const comparison = take(COMPARISON);
    if (comparison !== null && (comparison[2] !== undefined || isField(comparison[1]!))) {
      const [whole, field, operator = '=', values = ''] = comparison;
      terms.push({
        text: whole.trim(),
        comparison: { field: field!.toLowerCase(), operator: ALIKE[operator] ?? (operator as Operator) },
        values: valuesOf(values),
      });
      at += whole.length;
      continue;
    }
    const words = take(WORDS)?.[0] ?? '';
    if (words !== '') terms.push({ text: words.trim(), values: valuesOf(words) });
    // Operators that compare nothing, and spaces.
    at += Math.max(1, words.length);
  }
  return terms;
}

function valuesOf(text: string): FilterValue[] {
  return [...text.matchAll(EACH_VALUE)].map(([value]) =>
    value.startsWith('"')
      ? {
          text: value
            .slice(1)
            .replace(/(?<!\\)"$/, '')
            .replace(/\\(.)/g, '$1'),
          quoted: true,
        }
      : { text: value, quoted: false },
  );
}

/** A value as it has to be written in a filter. */
export function filterValue(text: string): string {
  return /^[\p{L}\d_.+-]+$/u.test(text) ? text : `"${text.replace(/["\\]/g, String.raw`\$&`)}"`;
}

export function hasTerm(filter: string, term: string): boolean {
  return termsOf(filter).includes(term);
}

/** The filter with a term, or without it where it has it already. */
export function toggleTerm(filter: string, term: string): string {
  const terms = termsOf(filter);
  return (terms.includes(term) ? terms.filter((each) => each !== term) : [...terms, term]).join(' ');
}

function termsOf(filter: string): string[] {
  return filterTerms(filter, () => true).map(({ text }) => text);
}
