/** Elements that are drawn again for the signals they read, and those that are put away with their view and come back. */
import { signal } from '@preact/signals-core';
import { html, LitElement } from 'lit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pointing } from '../../../client/charts/pointing.js';
import { VisibleChunks } from '../../../client/runs/table/visible-chunks.js';
import { RunColumns } from '../../../client/data/run-columns.js';
import { SignalElement } from '../../../client/ui/signal-element.js';
import { appendRows } from '../../support/frame-rows.js';

const epoch = signal(0);

const named = signal(false);
const name = signal('a');

class Watching extends SignalElement {
  draws = 0;

  /** Not in a microtask, where nobody could catch what it throws. */
  drawNow(): void {
    this.requestUpdate();
    this.performUpdate();
  }

  override render(): unknown {
    this.draws++;
    if (epoch.value < 0) throw new Error('no such epoch');
    return html`epoch ${epoch.value}${named.value ? ` of ${name.value}` : ''}`;
  }
}
customElements.define('watching-element', Watching);

class Chunked extends LitElement {
  constructor() {
    super();
    new VisibleChunks(this);
  }

  override render(): unknown {
    return html`<p data-chunk="a"></p>`;
  }
}
customElements.define('chunked-element', Chunked);

let frame: () => void;
let observed: Element[] = [];

beforeEach(() => {
  const due: (() => void)[] = [];
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => due.push(callback));
  frame = () => due.splice(0).forEach((callback) => callback());
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe = (element: Element) => observed.push(element);
      disconnect = () => (observed = []);
    },
  );
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

async function shown<T extends LitElement>(element: T): Promise<T> {
  document.body.append(element);
  await element.updateComplete;
  return element;
}

describe('an element that reads signals', () => {
  beforeEach(() => {
    epoch.value = 0;
    named.value = false;
  });

  it('is drawn once a frame, for what it has read the last time and for nothing else', async () => {
    const element = await shown(new Watching());
    name.value = 'b';
    frame();
    await element.updateComplete;
    expect(element.draws).toBe(1);
    named.value = true;
    epoch.value = 1;
    epoch.value = 2;
    await element.updateComplete;
    expect(element.draws).toBe(1);
    frame();
    await element.updateComplete;
    expect([element.draws, element.renderRoot.textContent]).toEqual([2, 'epoch 2 of b']);
    name.value = 'c';
    frame();
    await element.updateComplete;
    expect([element.draws, element.renderRoot.textContent]).toEqual([3, 'epoch 2 of c']);
  });

  it('is drawn again after a drawing that failed', async () => {
    const element = await shown(new Watching());
    epoch.value = -1;
    expect(() => element.drawNow()).toThrow('no such epoch');
    epoch.value = 3;
    frame();
    await element.updateComplete;
    expect(element.renderRoot.textContent).toBe('epoch 3');
  });
});

describe('an element that was put away', () => {
  it('shows what changed meanwhile when it is back, and what changes then', async () => {
    epoch.value = 0;
    const element = await shown(new Watching());
    element.remove();
    epoch.value = 7;
    frame();
    expect(element.renderRoot.textContent).toBe('epoch 0');
    await shown(element);
    expect(element.renderRoot.textContent).toBe('epoch 7');
    epoch.value = 8;
    frame();
    await element.updateComplete;
    expect(element.renderRoot.textContent).toBe('epoch 8');
  });

  it('has the parts of a long table watched again', async () => {
    const element = await shown(new Chunked());
    expect(observed).toHaveLength(1);
    element.remove();
    expect(observed).toHaveLength(0);
    await shown(element);
    expect(observed).toHaveLength(1);
  });

  it('has the numbers of frames that came meanwhile', async () => {
    const { ChartNumbersTable } = await import('../../../client/charts/chart-numbers-table.js');
    const columns = new RunColumns(['seconds', 'loss', 'accuracy', 'emb']);
    const arrive = (): void => appendRows(columns, [0, NaN, 0.1, 0.2]);
    arrive();
    const style = { color: 'red', dash: [], widthPx: 1.5, opacity: 1 };
    const { STANDARD_SETTINGS } = await import('../../../client/charts/chart-settings.js');
    const table: LitElement = Object.assign(new ChartNumbersTable(), {
      metric: { name: 'emb', note: '', axis: 'linear', banded: true },
      lines: [{ id: 'a', label: 'a', style, config: { epochs: 50, every: 1 } }],
      settings: STANDARD_SETTINGS,
      trajectories: { columns: () => columns, onFrames: () => () => undefined },
      pointing: new Pointing(),
    });
    const rows = (): number => table.renderRoot.querySelectorAll('tbody tr').length;
    await shown(table);
    expect(rows()).toBe(1);
    table.remove();
    arrive();
    await shown(table);
    expect(rows()).toBe(2);
  });
});
