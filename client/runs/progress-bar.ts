/** A bar's filled share. In SVG, because its width is then an attribute: the page's CSP allows no style attributes. */
import { html, svg, type TemplateResult } from 'lit';
import type { SweepProgress } from './sweep-progress.js';

/** @param share 0 to 1 */
export function progressBar(share: number): TemplateResult {
  return html`<svg class="track" aria-hidden="true">
    <rect width="${percent(share)}%" height="100%" rx="2"></rect>
  </svg>`;
}

/** What was trained and is or may be completed, then what ended otherwise, each in its colour. */
export function sweepBar({ trained, stopped, failed }: SweepProgress): TemplateResult {
  const part = (name: string, from: number, share: number): unknown =>
    svg`<rect class=${name} x="${percent(from)}%" width="${percent(share)}%" height="100%"></rect>`;
  return html`<svg class="track" aria-hidden="true">
    ${part('trained', 0, trained)}${part('stopped', trained, stopped)}${part('failed', trained + stopped, failed)}
  </svg>`;
}

function percent(share: number): number {
  return Math.min(1, Math.max(0, share)) * 100;
}
