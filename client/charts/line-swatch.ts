/** A short piece of a run's line: the key to the charts, in table and tooltip alike. */
import { html, type TemplateResult } from 'lit';
import type { LineStyle } from './line-style.js';

const WIDTH = 18;

export function lineSwatch(style: LineStyle): TemplateResult {
  return html`<svg class="swatch" width=${WIDTH} height="10" viewBox="0 0 ${WIDTH} 10" aria-hidden="true">
    <line
      x1="0"
      y1="5"
      x2=${WIDTH}
      y2="5"
      stroke=${style.color}
      stroke-opacity=${style.opacity}
      stroke-width=${style.widthPx + 0.3}
      stroke-dasharray=${style.dash.join(' ') || 'none'}
    ></line>
  </svg>`;
}
