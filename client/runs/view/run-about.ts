/** A run's name, tags and notes, and the form that changes them; nothing is shown as changed before the server says so. */
import { SignalElement } from '../../ui/signal-element.js';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { ApiError } from '../../../shared/errors.js';
import type { Run } from '../../../shared/run.js';
import type { RunPatch } from '../../data/commands.js';
import type { Observatory } from '../observatory.js';
import { commonStyles } from '../../ui/common-styles.js';
import { runAboutStyles } from './run-about-styles.js';

const EDITED = ['name', 'tags', 'notes'] as const;
type EditedField = (typeof EDITED)[number];

type RunText = Record<EditedField, string>;

type Refusals = ReturnType<typeof refusalsOf>;

const NONE: Refusals = { fields: {}, general: '' };
const LABELS: Record<EditedField, { label: string; note: string }> = {
  name: { label: 'name', note: '' },
  tags: { label: 'tags', note: 'separated by commas' },
  notes: { label: 'notes', note: '' },
};

@customElement('run-about')
export class RunAbout extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @property({ attribute: false }) run!: Run;
  /** Whether this viewer may change anything at all. */
  @property({ type: Boolean }) controls = false;
  /** And now: what is sent while offline would be lost. */
  @property({ type: Boolean }) enabled = false;
  @state() private editing = false;
  @state() private refusals = NONE;
  /** What the run was when a change of it was sent; until another one arrives the change is under way. */
  @state() private sent: string | undefined;
  @query('form') private readonly form!: HTMLFormElement | null;
  @query('.edit') private readonly editButton!: HTMLButtonElement | null;

  static override readonly styles = [commonStyles, runAboutStyles];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.controls) this.#end();
    const before = changed.get('run');
    if (before === undefined) return;
    if (before.id !== this.run.id) this.#end();
    else if (this.sent !== undefined && editKey(this.run) !== this.sent) this.#end();
  }

  override render(): unknown {
    return html`<section class="card" aria-labelledby="about">
      <header>
        <h2 id="about">Notes</h2>
        ${
          this.editing || !this.controls
            ? nothing
            : html`<button class="plain edit" ?disabled=${!this.enabled} @click=${() => void this.#edit()}>
                edit name, tags, notes
              </button>`
        }
      </header>
      ${this.editing ? this.#fields() : this.#text()}
    </section>`;
  }

  #text(): TemplateResult {
    const { tags, notes } = this.run;
    return html`<div class="text">
      ${
        tags.length === 0
          ? nothing
          : html`<ul class="tags" aria-label="tags">
              ${tags.map((tag) => html`<li>${tag}</li>`)}
            </ul>`
      }
      ${notes === '' ? html`<p class="none">${tags.length === 0 ? 'no tags, no notes' : 'no notes'}</p>` : html`<p class="notes">${notes}</p>`}
    </div>`;
  }

  #fields(): TemplateResult {
    const text = textOf(this.run);
    const waiting = this.sent !== undefined;
    const { general } = this.refusals;
    return html`<form
      novalidate
      @submit=${(event: SubmitEvent) => void this.#submit(event)}
      @keydown=${(event: KeyboardEvent) => this.#pressed(event)}
    >
      ${this.#field('name', (id) => html`<input id=${id} name="name" .defaultValue=${text.name} autocomplete="off" aria-invalid=${this.#invalid('name')} aria-describedby="${id}-note" />`)}
      ${this.#field('tags', (id) => html`<input id=${id} name="tags" .defaultValue=${text.tags} autocomplete="off" aria-invalid=${this.#invalid('tags')} aria-describedby="${id}-note" />`)}
      ${this.#field('notes', (id) => html`<textarea id=${id} name="notes" rows="5" .defaultValue=${text.notes} aria-invalid=${this.#invalid('notes')} aria-describedby="${id}-note"></textarea>`)}
      <p class="problem" role="alert" ?hidden=${general === ''}>${general}</p>
      <footer>
        <button type="button" @click=${() => this.#end()}>Cancel</button>
        <button class="primary" aria-disabled=${waiting ? 'true' : nothing}>${waiting ? 'Saving …' : 'Save'}</button>
      </footer>
    </form>`;
  }

  #field(field: EditedField, input: (id: string) => TemplateResult): TemplateResult {
    const { label, note } = LABELS[field];
    const problem = this.refusals.fields[field];
    return html`<div class="field">
      <label for=${field}>${label}</label>
      ${input(field)}
      <small id="${field}-note" class=${problem === undefined ? '' : 'problem'} aria-live="polite"
        >${problem ?? note}</small
      >
    </div>`;
  }

  #invalid(field: EditedField): 'true' | 'false' {
    return this.refusals.fields[field] === undefined ? 'false' : 'true';
  }

  async #edit(): Promise<void> {
    this.editing = true;
    await this.updateComplete;
    // Selects the name, too: what is typed takes its place.
    this.form?.querySelector('input')?.select();
  }

  #pressed(event: KeyboardEvent): void {
    // Escape takes back what an input method composes, not the form.
    if (event.isComposing) return;
    if (event.key === 'Escape') this.#end();
    // Enter alone begins a line of the notes.
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.form?.requestSubmit();
  }

  /** The keyboard goes back to where it came from. */
  #end(): void {
    if (this.form?.matches(':focus-within')) void this.updateComplete.then(() => this.editButton?.focus());
    this.editing = false;
    this.sent = undefined;
    this.refusals = NONE;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.sent !== undefined || this.form === null) return;
    const { run } = this;
    const changes = changesOf(run, Object.fromEntries(new FormData(this.form)) as RunText);
    if (Object.keys(changes).length === 0) {
      this.#end();
      return;
    }
    const sent = editKey(run);
    this.sent = sent;
    this.refusals = NONE;
    const answer = await this.observatory.commands.patchRun(run.id, changes);
    // The change may have arrived before its answer, or the view may show another run by now.
    if (this.sent !== sent || this.run.id !== run.id) return;
    if (answer.ok) {
      // What comes out as it was, as a tag that is there already, has no event to wait for.
      if (editKey(answer.data) === sent) this.#end();
      return;
    }
    this.sent = undefined;
    this.refusals = refusalsOf(answer.error);
    await this.updateComplete;
    this.form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }
}

export function textOf({ name, tags, notes }: Pick<Run, EditedField>): RunText {
  return { name, tags: tags.join(', '), notes };
}

/** `a, b,,a` → [a, b]. */
export function parseTags(text: string): string[] {
  const tags = text.split(',').map((tag) => tag.trim());
  return [...new Set(tags.filter((tag) => tag !== ''))];
}

/** What differs from the run; empty if nothing does. */
export function changesOf(run: Pick<Run, EditedField>, typed: RunText): RunPatch {
  const name = typed.name.trim();
  const tags = parseTags(typed.tags);
  const notes = typed.notes.trimEnd();
  return {
    ...(name !== run.name && { name }),
    ...(tags.join() !== run.tags.join() && { tags }),
    ...(notes !== run.notes && { notes }),
  };
}

/** What other viewers may have changed meanwhile, for comparison. */
function editKey(run: Pick<Run, EditedField>): string {
  return JSON.stringify(EDITED.map((field) => run[field]));
}

/** By field, and what belongs to none: details of a refusal are `{issues: [{path, message}]}`. */
export function refusalsOf({ message, details }: ApiError): { fields: Partial<RunText>; general: string } {
  const issues = (details as { issues?: { path: string; message: string }[] } | undefined)?.issues ?? [];
  const fields: Partial<RunText> = {};
  for (const issue of issues.toReversed()) {
    const field = EDITED.find((each) => issue.path === each || issue.path.startsWith(`${each}.`));
    if (field !== undefined) fields[field] = issue.message;
  }
  return { fields, general: Object.keys(fields).length === 0 ? message : '' };
}
