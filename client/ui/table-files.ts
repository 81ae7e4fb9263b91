/** Takes a table along as it is seen: copied as Markdown or CSV, or as a file. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { commonStyles } from './common-styles.js';
import { copyText, saveCsv } from './save-file.js';

/** How long a button says what it did. */
const ANSWER_MS = 2000;

type Format = 'Markdown' | 'CSV';

@customElement('table-files')
export class TableFiles extends LitElement {
  /** Writes the table as it is at that moment. */
  @property({ attribute: false }) write!: (format: Format) => string;
  /** The file's name, without its ending. */
  @property() file = '';
  @property({ type: Boolean }) disabled = false;
  @state() private copied: { what: Format; well: boolean } | undefined;

  static override readonly styles = [
    commonStyles,
    css`
      :host {
        display: inline-flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      button {
        padding: 0 8px;
        color: var(--muted);
        font-size: 12px;
      }
    `,
  ];

  override render(): unknown {
    return html`${this.#copyButton('Markdown')}${this.#copyButton('CSV')}
      <button class="plain" title="download the table as CSV" ?disabled=${this.disabled} @click=${() => this.#save()}>
        download
      </button>
      <span class="visually-hidden" role="status">${this.copied === undefined ? '' : this.#answer(this.copied)}</span>`;
  }

  #copyButton(what: Format): TemplateResult {
    const copied = this.copied?.what === what ? this.copied : undefined;
    return html`<button
      class="plain"
      title="copy the table as ${what}"
      ?disabled=${this.disabled}
      @click=${() => void this.#copy(what)}
    >
      ${copied === undefined ? `copy ${what}` : copied.well ? 'copied' : 'not allowed'}
    </button>`;
  }

  async #copy(what: Format): Promise<void> {
    const copied = { what, well: await copyText(this.write(what)) };
    this.copied = copied;
    setTimeout(() => {
      if (this.copied === copied) this.copied = undefined;
    }, ANSWER_MS);
  }

  #answer({ what, well }: { what: Format; well: boolean }): string {
    return well ? `copied as ${what}` : 'the browser does not allow to copy';
  }

  #save(): void {
    saveCsv(`${this.file}.csv`, this.write('CSV'));
  }
}
