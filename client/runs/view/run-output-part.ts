/** What the run's program printed: it follows the end while the run goes on, unless somebody has scrolled up. */
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import type { OutputLine } from '../../../shared/output.js';
import { plainText } from '../../../shared/plain-text.js';
import { MOST_LINES } from '../../data/run-output.js';
import { commonStyles } from '../../ui/common-styles.js';
import { SignalElement } from '../../ui/signal-element.js';
import { repeat } from '../../ui/tidy-repeat.js';
import { epochViewStyles } from '../../ui/view-styles.js';
import type { Observatory } from '../observatory.js';
import { runViewChoice } from './run-view-choice.js';

/** Whoever is this near to the end wants to stay there. */
const AT_END_PX = 24;

@customElement('run-output-part')
export class RunOutputPart extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @property() runId = '';
  @query('.lines') private readonly box!: HTMLElement | null;
  @state() private stays = true;
  #inView = false;
  #observer: IntersectionObserver | undefined;
  readonly #look = (): void => this.#watch();

  static override readonly styles = [
    commonStyles,
    epochViewStyles,
    css`
      .lines {
        height: clamp(220px, 52vh, 560px);
        padding: 4px 0 8px;
        overflow: auto;
        font:
          12px/1.5 ui-monospace,
          'SFMono-Regular',
          Menlo,
          Consolas,
          monospace;
        background: var(--sunken);
        border-top: 1px solid var(--hairline);
        border-radius: 0 0 var(--radius) var(--radius);
      }
      .line {
        min-height: 1.5em;
        padding: 0 12px 0 10px;
        white-space: pre-wrap;
        border-left: 3px solid transparent;
        overflow-wrap: anywhere;
        tab-size: 4;
      }
      .stderr {
        border-left-color: var(--bar-warn);
      }
      .key::before {
        display: inline-block;
        width: 3px;
        height: 11px;
        margin-right: 6px;
        vertical-align: -1px;
        content: '';
        background: var(--bar-warn);
      }
      .quiet {
        margin: 0;
        padding: 8px 13px;
        color: var(--muted);
        font-family: var(--font, inherit);
      }
      header .end {
        min-height: max(24px, var(--target) - 4px);
        padding: 0 8px;
        font-size: 12px;
      }
      a {
        color: var(--accent);
        font-size: 12px;
        text-underline-offset: 2px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#look);
    this.#observer = new IntersectionObserver((entries) => {
      this.#inView = entries.at(-1)!.isIntersecting;
      this.#watch();
    });
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#look);
    this.#observer?.disconnect();
    this.#inView = false;
    this.#watch();
  }

  /** Reads on while it is in view, in a window that is, too. */
  #watch(): void {
    const { output } = runViewChoice(this.observatory);
    if (this.#inView && document.visibilityState === 'visible' && this.runId !== '') output.show(this.runId);
    else output.hide();
  }

  override render(): unknown {
    const { output } = runViewChoice(this.observatory);
    const { chunks, loaded, trouble, runId } = output.state.value;
    const own = runId === this.runId ? chunks : [];
    const first = own[0]?.[0]?.n ?? 0;
    // What is before them may still be on its way, unless as many as are held are there.
    const isCut = first > 0 && own.reduce((sum, { length }) => sum + length, 0) >= MOST_LINES;
    const call = `./api/runs/${encodeURIComponent(this.runId)}/output`;
    const words = own.length > 0 ? '' : loaded ? 'it has printed nothing yet' : 'reading …';
    return html`<section class="card" aria-labelledby="output">
      <header>
        <h2 id="output">Output</h2>
        <span class="note">what the program printed; <span class="key">stderr</span></span>
        <div class="tools">
          ${this.stays || own.length === 0 ? nothing : html`<button class="plain end" @click=${this.#toEnd}>to the end</button>`}
          <a href=${call} target="_blank" rel="noopener">raw JSON</a>
        </div>
      </header>
      ${trouble === '' ? nothing : html`<p class="quiet" role="alert">${trouble}</p>`}
      <div class="lines" tabindex="0" role="region" aria-label="printed lines" @scroll=${this.#scrolled}>
        ${!isCut ? nothing : html`<p class="quiet">the last ${MOST_LINES.toLocaleString('en')} lines; those before line ${first + 1} are in the raw JSON</p>`}
        ${trouble !== '' || words === '' ? nothing : html`<p class="quiet">${words}</p>`}
        ${repeat(
          own,
          (chunk) => chunk[0]!.n,
          (chunk) => guard([chunk], () => html`<div>${chunk.map(outputLine)}</div>`),
        )}
      </div>
    </section>`;
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('runId')) {
      this.stays = true;
      this.#watch();
    }
    if (this.stays && this.box !== null) this.box.scrollTop = this.box.scrollHeight;
  }

  readonly #toEnd = (): void => {
    this.stays = true;
    this.box?.focus();
  };

  readonly #scrolled = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = this.box!;
    this.stays = scrollHeight - clientHeight - scrollTop < AT_END_PX;
  };
}

function outputLine({ text, stream, at }: OutputLine): unknown {
  return html`<div class="line ${stream}" title=${at ?? nothing}>${shownText(text)}</div>`;
}

const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** As a terminal shows it in the end: without colours, and of what a progress bar overwrote the last alone. */
export function shownText(text: string): string {
  const overwritten = text.replace(ESCAPES, '').split('\r');
  return plainText(overwritten.findLast((part) => part !== '') ?? '', true);
}
