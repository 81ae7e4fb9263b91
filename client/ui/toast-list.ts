/** Messages about what failed, at the lower edge; each says what was tried and why it did not happen. */
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from './tidy-repeat.js';
import { WatchController } from './watch-controller.js';
import { commonStyles } from './common-styles.js';
import { icon } from './icon.js';
import { type Readable, Value } from '../data/value.js';

@customElement('toast-list')
export class ToastList extends LitElement {
  @property({ attribute: false }) notices!: Toasts;

  static override readonly styles = [
    commonStyles,
    css`
      :host {
        position: fixed;
        right: 16px;
        bottom: 16px;
        z-index: 6;
        display: grid;
        gap: 8px;
        width: min(380px, calc(100vw - 32px));
      }
      .notice {
        display: flex;
        gap: 10px;
        align-items: start;
        padding: 10px 8px 11px 13px;
        background: var(--raised);
        border: 1px solid var(--border);
        border-left: 3px solid var(--bad);
        border-radius: var(--radius);
        box-shadow: var(--shadow-float);
      }
      .notice div {
        flex: 1;
      }
      p {
        margin: 2px 0 0;
        color: var(--muted);
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super();
    new WatchController(this, () => [this.notices.list]);
  }

  override render(): unknown {
    return html`<div role="alert" class="visually-hidden">
        ${this.notices.list.value.map(({ title, reason }) => html`${title} failed: ${reason}. `)}
      </div>
      ${repeat(
        this.notices.list.value,
        ({ id }) => id,
        ({ id, title, reason }) =>
          html`<div
            class="notice"
            @pointerenter=${() => this.notices.hold(id)}
            @pointerleave=${() => this.notices.release(id)}
            @focusin=${() => this.notices.hold(id)}
            @focusout=${() => this.notices.release(id)}
          >
            <div>
              <b>${title} failed</b>
              <p>${reason}</p>
            </div>
            <button class="plain square" aria-label="dismiss" @click=${() => this.notices.dismiss(id)}>
              ${icon('close')}
            </button>
          </div>`,
      )}`;
  }
}

/** Short messages about what failed, shown for a while. */
export interface Notice {
  id: number;
  /** What was tried, in a few words. */
  title: string;
  reason: string;
}

const SHOWN_MS = 9000;
/** Long reasons take longer to read. */
const MS_PER_LETTER = 50;
const MOST = 4;

export class Toasts {
  readonly #list = new Value<readonly Notice[]>([]);
  #nextId = 0;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  get list(): Readable<readonly Notice[]> {
    return this.#list;
  }

  add(title: string, reason: string): void {
    const notice = { id: this.#nextId++, title, reason };
    this.#list.set([...this.#list.value, notice].slice(-MOST));
    this.#schedule(notice);
  }

  /** While somebody reads it, it stays. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
  }

  release(id: number): void {
    const notice = this.#list.value.find((each) => each.id === id);
    if (notice !== undefined) this.#schedule(notice);
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#list.set(this.#list.value.filter((notice) => notice.id !== id));
  }

  #schedule({ id, reason }: Notice): void {
    clearTimeout(this.#timers.get(id));
    const shownMs = SHOWN_MS + MS_PER_LETTER * reason.length;
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), shownMs),
    );
  }
}
