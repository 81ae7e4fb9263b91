/** Which view is shown, and of which run where it is about one. Each change is a step of the Back button. */
import { type AddressField, oneOf, type PageAddress, text } from './page-address.js';
import type { Readable } from './value.js';

export const VIEW_NAMES = ['trajectories', 'summary', 'head-size', 'heatmap', 'compare', 'run'] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

export class Navigation {
  readonly #address: PageAddress;
  readonly #view: AddressField<ViewName>;
  readonly #runId: AddressField<string>;

  constructor(address: PageAddress) {
    this.#address = address;
    this.#view = address.field('view', oneOf(VIEW_NAMES, 'trajectories'), { push: true });
    this.#runId = address.field('run', text(), { push: true });
  }

  get view(): Readable<ViewName> {
    return this.#view;
  }

  /** The run that the view `run` is about; '' elsewhere. */
  get runId(): Readable<string> {
    return this.#runId;
  }

  show(view: Exclude<ViewName, 'run'>): void {
    this.#runId.set('');
    this.#view.set(view);
  }

  showRun(id: string): void {
    this.#runId.set(id);
    this.#view.set('run');
  }

  /** Where a view is, for a link that can be opened in another tab. */
  linkTo(view: Exclude<ViewName, 'run'>): string {
    return this.#address.link({ view: view === 'trajectories' ? null : view, run: null });
  }

  linkToRun(id: string): string {
    return this.#address.link({ view: 'run', run: id });
  }
}
