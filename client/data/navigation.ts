/** Which view is shown, and of which run where it is about one. Each change is a step of the Back button. */
import { type AddressField, oneOf, type PageAddress, text } from './page-address.js';
import type { Readable } from './signals.js';

/** `trajectories`, `compare`, `run`, or one that an experiment adds. */
export type ViewName = string;

export class Navigation {
  readonly #address: PageAddress;
  readonly #view: AddressField<ViewName>;
  readonly #runId: AddressField<string>;

  /** @param added the views that experiments add */
  constructor(address: PageAddress, added: readonly ViewName[]) {
    this.#address = address;
    this.#view = address.field('view', oneOf(['trajectories', ...added, 'compare', 'run'], 'trajectories'), {
      push: true,
    });
    this.#runId = address.field('run', text(), { push: true });
  }

  get view(): Readable<ViewName> {
    return this.#view;
  }

  /** The run that the view `run` is about; '' elsewhere. */
  get runId(): Readable<string> {
    return this.#runId;
  }

  /** @param view any but that of one run */
  show(view: ViewName): void {
    this.#runId.set('');
    this.#view.set(view);
  }

  showRun(id: string): void {
    this.#runId.set(id);
    this.#view.set('run');
  }

  /** Where a view is, for a link that can be opened in another tab. */
  linkTo(view: ViewName): string {
    return this.#address.link({ view: view === 'trajectories' ? null : view, run: null });
  }

  linkToRun(id: string): string {
    return this.#address.link({ view: 'run', run: id });
  }
}
