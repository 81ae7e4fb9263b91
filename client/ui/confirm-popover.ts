/** Asks before what cannot be taken back, beside the button that was pressed: Enter does it, Escape does not. Tells `closed`. */
import { css, html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { commonStyles } from './common-styles.js';
import { openBeside } from './popover.js';

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
  /** Undefined while nothing is asked. */
  @property({ attribute: false }) question: Question | undefined;
  /** Beside what it is asked; it waits for that. */
  @property({ attribute: false }) anchor: HTMLElement | undefined;
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

  protected override updated(): void {
    const { question, anchor, box } = this;
    const closed = (): void => void this.dispatchEvent(new Event('closed'));
    openBeside(box, question === undefined ? undefined : anchor, closed, '.primary');
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
    const { question } = this;
    this.box.hidePopover();
    question?.act();
  }
}
