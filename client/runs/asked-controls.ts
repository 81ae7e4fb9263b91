/** What this page has asked programs to set and they have not confirmed: shown beside what stands until then. */
import { signal } from '@preact/signals-core';
import { type ControlValue, hasEnded, type Run } from '../../shared/run.js';
import type { RunList } from '../data/run-list.js';
import { whenChanged } from '../data/signals.js';
import { featureState } from './observatory.js';

interface Asked {
  value: ControlValue;
  /** As it stood when it was asked; another value is the program's answer, whichever it is. */
  before: ControlValue | undefined;
}

export class AskedControls {
  readonly #runList: RunList;
  readonly #asked = signal<ReadonlyMap<string, Asked>>(new Map());

  constructor(runList: RunList) {
    this.#runList = runList;
    whenChanged(
      () => runList.state.value,
      () => this.#settle(),
    );
  }

  /** Undefined where nothing is waited for. */
  of(runId: string, name: string): ControlValue | undefined {
    return this.#asked.value.get(key(runId, name))?.value;
  }

  add({ id, controls = {} }: Pick<Run, 'id' | 'controls'>, name: string, value: ControlValue): void {
    this.#asked.value = new Map(this.#asked.value).set(key(id, name), { value, before: controls[name] });
    this.#settle();
  }

  drop(runId: string, name: string): void {
    const rest = new Map(this.#asked.value);
    if (rest.delete(key(runId, name))) this.#asked.value = rest;
  }

  #settle(): void {
    const { runs } = this.#runList.state.value;
    const rest = [...this.#asked.value].filter(([each, { value, before }]) => {
      const [runId, name] = JSON.parse(each) as [string, string];
      const run = runs.get(runId);
      const now = run?.controls?.[name];
      return run !== undefined && !hasEnded(run) && now !== value && now === before;
    });
    if (rest.length < this.#asked.value.size) this.#asked.value = new Map(rest);
  }
}

function key(runId: string, name: string): string {
  return JSON.stringify([runId, name]);
}

export const askedControls = featureState(({ runList }) => new AskedControls(runList));
