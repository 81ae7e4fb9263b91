/** A bar's filled share. In SVG, because its width is then an attribute: the page's CSP allows no style attributes. */
import { html, type TemplateResult } from 'lit';

/** @param share 0 to 1 */
export function progressBar(share: number): TemplateResult {
  return html`<svg class="track" aria-hidden="true">
    <rect width="${Math.min(1, Math.max(0, share)) * 100}%" height="100%" rx="2"></rect>
  </svg>`;
}
