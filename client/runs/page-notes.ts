/** Lines above the sweep: that one which was asked for is gone, that a new one has begun, what no link may say. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Observatory } from './observatory.js';
import type { GoneSweep } from './sweep-news.js';
import { SignalElement } from '../ui/signal-element.js';
import { commonStyles } from '../ui/common-styles.js';
import { icon } from '../ui/icon.js';

@customElement('page-notes')
export class PageNotes extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;

  static override readonly styles = [
    commonStyles,
    css`
      :host {
        display: block;
      }
      .note {
        display: flex;
        gap: 8px;
        align-items: center;
        padding: 6px 6px 6px 16px;
        background: var(--sunken);
        border-bottom: 1px solid var(--border);
      }
      p {
        flex: 1;
        min-width: 0;
        margin: 0;
        overflow-wrap: anywhere;
      }
      .note button {
        flex: none;
      }
      @media (max-width: 760px) {
        .note {
          padding-left: 12px;
        }
      }
    `,
  ];

  override render(): unknown {
    const { gone, fresh } = this.observatory.sweepWatch.news.value;
    return html`<div role="status">${this.#unknown()} ${this.#gone(gone)} ${this.#fresh(fresh)}</div>`;
  }

  #unknown(): TemplateResult | typeof nothing {
    const { address } = this.observatory;
    const unknown = address.unknown.value;
    if (unknown.length === 0) return nothing;
    const words = html`This page does not know what the link means by <b>${unknown.join(', ')}</b>: it shows the usual
      instead.`;
    return note(words, nothing, () => address.letGoUnknown(), 'unknown');
  }

  #gone(gone: readonly GoneSweep[]): TemplateResult | typeof nothing {
    const { sweepWatch, selection, runList } = this.observatory;
    if (gone.length === 0) return nothing;
    const shown = selection.sweepIds.value.flatMap((id) => runList.state.value.sweeps.get(id)?.name ?? []);
    const instead = shown.length === 0 ? '' : ` Shown instead: ${shown.join(' · ')}.`;
    return note(html`${gone.map(goneWords).join(' ')}${instead}`, nothing, () => sweepWatch.dismissGone(), 'gone');
  }

  #fresh(fresh: readonly string[]): TemplateResult | typeof nothing {
    const { sweepWatch, selection, runList } = this.observatory;
    const newest = runList.state.value.sweeps.get(fresh.at(-1) ?? '');
    if (newest === undefined) return nothing;
    const words = fresh.length === 1 ? 'A new sweep: ' : `${fresh.length} new sweeps, the newest: `;
    const show = html`<button @click=${() => selection.chooseSweep(newest.id)}>Show it</button>`;
    return note(html`${words}<b>${newest.name}</b>`, show, () => sweepWatch.dismissFresh(), 'fresh');
  }
}

function goneWords({ id, name }: GoneSweep): string {
  if (name !== undefined) return `The sweep “${name}” was deleted.`;
  return `There is no sweep ${id}: it was deleted, or the link belongs to another data folder.`;
}

function note(words: TemplateResult, action: unknown, dismiss: () => void, kind: string): TemplateResult {
  return html`<div class="note ${kind}">
    <p>${words}</p>
    ${action}
    <button class="plain square" aria-label="dismiss" @click=${dismiss}>${icon('close')}</button>
  </div>`;
}
