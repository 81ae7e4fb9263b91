/** Takes a table along as it is seen: copied as Markdown or CSV, or as a file. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { commonStyles } from './common-styles.js';
import { copyText, saveCsv } from './save-file.js';

/** How long a button says what it did. */
const SAID_MS = 2000;

type Format = 'Markdown' | 'CSV';

@customElement('table-files')
export class TableFiles extends LitElement {
  /** Writes the table as it is at that moment. */
  @property({ attribute: false }) write!: (format: Format) => string;
  /** The file's name, without its ending. */
  @property() file = '';
  @property({ type: Boolean }) disabled = false;
  @state() private said: { what: Format; well: boolean } | undefined;

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
      <span class="visually-hidden" role="status">${this.said === undefined ? '' : this.#answer(this.said)}</span>`;
  }

  #copyButton(what: Format): TemplateResult {
    const said = this.said?.what === what ? this.said : undefined;
    return html`<button
      class="plain"
      title="copy the table as ${what}"
      ?disabled=${this.disabled}
      @click=${() => void this.#copy(what)}
    >
      ${said === undefined ? `copy ${what}` : said.well ? 'copied' : 'not allowed'}
    </button>`;
  }

  async #copy(what: Format): Promise<void> {
    const said = { what, well: await copyText(this.write(what)) };
    this.said = said;
    setTimeout(() => {
      if (this.said === said) this.said = undefined;
    }, SAID_MS);
  }

  #answer({ what, well }: { what: Format; well: boolean }): string {
    return well ? `copied as ${what}` : 'the browser does not allow to copy';
  }

  #save(): void {
    saveCsv(`${this.file}.csv`, this.write('CSV'));
  }
}
