/** The page's keys on other layouts than the one that they are written for. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bindShortcuts } from '../../../client/app/shortcuts.js';

interface Press extends KeyboardEventInit {
  altGraph?: boolean;
}

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

/** The shortcuts that are asked for by these presses, one after another. */
function asked(...presses: Press[]): string[] {
  const heard: string[] = [];
  const ids = ['palette', 'help', 'filter', 'theme', 'heatmap', 'next-run', 'log'];
  const actions = Object.fromEntries(ids.map((id) => [id, () => heard.push(id)]));
  stops.push(bindShortcuts(window, actions, { value: true }));
  for (const { altGraph = false, ...init } of presses) {
    const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
    const states: Record<string, boolean | undefined> = { AltGraph: altGraph, Control: init.ctrlKey, Alt: init.altKey };
    vi.spyOn(event, 'getModifierState').mockImplementation((name) => states[name] ?? false);
    document.body.dispatchEvent(event);
  }
  return heard;
}

describe('the keys of the page', () => {
  it.each([
    ['Cyrillic', 'л', 'в', 'п', 'ь'],
    ['Greek', 'κ', 'δ', 'γ', 'μ'],
    ['Hebrew', 'ל', 'ג', 'ע', 'צ'],
    ['Arabic', 'ن', 'ي', 'ل', 'ة'],
  ])('are those in the places of the Latin letters on a keyboard without them (%s)', (_, k, d, g, m) => {
    expect(asked({ key: k, code: 'KeyK', ctrlKey: true })).toEqual(['palette']);
    expect(asked({ key: d, code: 'KeyD' })).toContain('theme');
    expect(asked({ key: g, code: 'KeyG' }, { key: m, code: 'KeyM' })).toContain('heatmap');
  });

  it('are the letters themselves on every Latin keyboard, wherever they stand', () => {
    // Dvorak prints d where a QWERTY keyboard has h, and h where it has j.
    expect(asked({ key: 'd', code: 'KeyH' })).toEqual(['theme']);
    expect(asked({ key: 'h', code: 'KeyJ' })).toEqual([]);
    // A Latin letter with a mark is no other letter's place.
    expect(asked({ key: 'ł', code: 'KeyL' })).toEqual([]);
  });

  it.each([
    ['QWERTZ', { key: '/', code: 'Digit7', shiftKey: true }, { key: '?', code: 'Minus', shiftKey: true }],
    ['AZERTY', { key: '/', code: 'Period', shiftKey: true }, { key: '?', code: 'KeyM', shiftKey: true }],
    ['Russian', { key: '/', code: 'Backslash', shiftKey: true }, { key: '?', code: 'Digit7', shiftKey: true }],
    ['with AltGr', { key: '/', code: 'KeyQ', altGraph: true }, { key: '?', code: 'KeyW', altGraph: true }],
  ])('are the signs that are printed, wherever they stand (%s)', (_, slash, question) => {
    expect(asked(slash)).toEqual(['filter']);
    expect(asked(question)).toContain('help');
  });

  it('are not what AltGr makes of letters, nor is AltGr a Ctrl', () => {
    expect(asked({ key: 'k', code: 'KeyK', ctrlKey: true, altKey: true, altGraph: true })).toEqual([]);
    expect(asked({ key: 'd', code: 'KeyD', altGraph: true })).toEqual([]);
    expect(asked({ key: 'k', code: 'KeyK', ctrlKey: true, altKey: true })).toEqual([]);
  });

  it('are none while a character is composed, by an input method or a dead key', () => {
    expect(asked({ key: 'd', code: 'KeyD', isComposing: true })).toEqual([]);
    expect(asked({ key: 'Process', code: 'KeyD' })).toEqual([]);
    expect(asked({ key: 'Dead', code: 'KeyD' })).toEqual([]);
    expect(asked({ key: 'Dead', code: 'BracketLeft' }, { key: 'l', code: 'KeyL' })).toEqual([]);
    const after = [
      { key: 'Dead', code: 'BracketLeft' },
      { key: 'e', code: 'KeyE' },
      { key: 'l', code: 'KeyL' },
    ];
    expect(asked(...after)).toContain('log');
  });
});
