/** A keyed list whose items come and go for days: what is left in the document after each. */
import { html, render } from 'lit';
import { describe, expect, it } from 'vitest';
import { repeat } from '../../../client/ui/tidy-repeat.js';

function list(): { show: (ids: readonly string[]) => void; root: HTMLElement } {
  const root = document.createElement('div');
  const show = (ids: readonly string[]): void => {
    const items = repeat(
      ids,
      (id) => id,
      (id) => html`<li id=${id}>${id}</li>`,
    );
    render(
      html`<ol>
        ${items}
      </ol>`,
      root,
    );
  };
  return { show, root };
}

describe('a keyed list', () => {
  it('keeps no node of the items that are gone, however many there were', () => {
    const { show, root } = list();
    const nodes = (): number => root.querySelector('ol')!.childNodes.length;
    show(['a 0', 'b 0']);
    const before = nodes();
    for (let round = 1; round <= 50; round++) show([`a ${round}`, `b ${round}`]);
    expect([nodes(), root.textContent.replace(/\s+/g, ' ')]).toEqual([before, ' a 50b 50 ']);
    show([]);
    show(['a', 'b']);
    expect(nodes()).toBe(before);
  });

  it('moves the elements of the items that stay', () => {
    const { show, root } = list();
    show(['a', 'b', 'c', 'd']);
    const [a, , , d] = root.querySelectorAll('li');
    show(['d', 'x', 'a']);
    const shown = [...root.querySelectorAll('li')];
    expect(shown.map(({ id }) => id)).toEqual(['d', 'x', 'a']);
    expect([shown[0] === d, shown[2] === a]).toEqual([true, true]);
  });
});
