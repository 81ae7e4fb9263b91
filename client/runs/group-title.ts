/** What a group of charts is called, and by which it is folded. */
import { css, html, type TemplateResult } from 'lit';
import type { MetricGroup } from '../charts/metric.js';
import { icon } from '../ui/icon.js';

export const groupTitleStyles = css`
  .fold {
    gap: 6px;
    max-width: 100%;
    min-height: max(24px, var(--target) - 4px);
    padding: 0 6px 0 0;
    color: var(--muted);
    font-weight: 650;
  }
  .fold.plain:hover {
    color: var(--text);
    background: none;
  }
  .fold .icon {
    transition: rotate 0.12s;
  }
  .fold[aria-expanded='false'] .icon {
    rotate: -90deg;
  }
  @media (prefers-reduced-motion: reduce) {
    .fold .icon {
      transition: none;
    }
  }
  .fold .note {
    overflow: hidden;
    text-overflow: ellipsis;
    margin-left: 4px;
    color: var(--faint);
    font-size: 12px;
    font-weight: 400;
  }
`;

/** Folded it tells how many charts there are. */
export function groupTitle({ title, note, metrics }: MetricGroup, open: boolean, fold: () => void): TemplateResult {
  const words = open ? note : [`${metrics.length} charts`, note].filter((part) => part !== '').join(' · ');
  return html`<button class="plain fold" aria-expanded=${open ? 'true' : 'false'} @click=${fold}>
    ${icon('unfold')}${title} <span class="note">${words}</span>
  </button>`;
}
