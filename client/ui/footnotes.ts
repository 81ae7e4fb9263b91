/** Why a table's values are missing: a letter beside the dash, and below the table what it stands for. */
import { html, nothing, type TemplateResult } from 'lit';

/** a, b, … z, aa, … */
export function footnoteLetter(index: number): string {
  return `${index >= 26 ? footnoteLetter(Math.floor(index / 26) - 1) : ''}${String.fromCharCode(97 + (index % 26))}`;
}

export function footnotes(reasons: readonly string[]): TemplateResult | typeof nothing {
  if (reasons.length === 0) return nothing;
  return html`<p class="footnotes">
    ${reasons.map((reason, index) => html`<span>– <sup>${footnoteLetter(index)}</sup> ${reason}</span>`)}
  </p>`;
}
