/** Asks before what cannot be taken back, beside the button that was pressed: Enter does it, Escape does not. */
import { css, html, LitElement } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { commonStyles } from './common-styles.js';
import { placeBeside, returnFocus } from './popover.js';

export interface Question {
  title: string;
  /** What will happen. */
  text: string;
  /** On the button that does it. */
  yes: string;
  act: () => void;
}

@customElement('confirm-popover')
export class ConfirmPopover extends LitElement {
  @state() private question: Question | undefined;
  @query('[popover]') private readonly box!: HTMLElement;

  static override readonly styles = [
    commonStyles,
    css`
      [popover] {
        position: fixed;
        inset: auto;
        width: min(300px, calc(100vw - 16px));
        margin: 0;
        padding: 12px 14px;
        color: var(--text);
        background: var(--raised);
        border: 1px solid var(--border);
        border-radius: var(--radius);
        box-shadow: var(--shadow-float);
      }
      h2 {
        margin: 0;
        font-size: 13px;
      }
      p {
        margin: 4px 0 10px;
        color: var(--muted);
      }
      footer {
        display: flex;
        gap: 6px;
        justify-content: end;
      }
    `,
  ];

  async ask(anchor: HTMLElement, question: Question): Promise<void> {
    this.question = question;
    await this.updateComplete;
    this.box.showPopover();
    placeBeside(this.box, anchor);
    returnFocus(this.box, anchor);
    this.box.querySelector<HTMLElement>('.primary')?.focus();
  }

  override render(): unknown {
    const { title = '', text = '', yes = '' } = this.question ?? {};
    return html`<div popover role="alertdialog" aria-labelledby="title" aria-describedby="text">
      <h2 id="title">${title}</h2>
      <p id="text">${text}</p>
      <footer>
        <button @click=${() => this.box.hidePopover()}>Cancel</button>
        <button class="primary" @click=${() => this.#yes()}>${yes}</button>
      </footer>
    </div>`;
  }

  #yes(): void {
    this.box.hidePopover();
    this.question?.act();
  }
}
