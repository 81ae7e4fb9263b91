/** What the page saves as a file. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { copyText, saveCsv } from '../../../client/ui/save-file.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** What `save` saves, and the longest text that was made into a part of it. */
async function saved(save: () => void): Promise<{ text: string; type: string; longest: number }> {
  let longest = 0;
  vi.stubGlobal(
    'Blob',
    class extends Blob {
      constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
        super(parts, options);
        for (const part of parts) if (typeof part === 'string') longest = Math.max(longest, part.length);
      }
    },
  );
  const made = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:saved');
  save();
  const blob = made.mock.calls[0]![0] as Blob;
  return { text: await blob.text(), type: blob.type, longest };
}

it('writes a table line by line, and never makes one string of all of it', async () => {
  const line = `${'1'.repeat(1023)}\n`;
  function* lines(): Generator<string> {
    for (let count = 0; count < 3000; count += 1) yield line;
  }
  const { text, type, longest } = await saved(() => saveCsv('long.csv', lines()));
  expect(longest).toBeLessThanOrEqual(2 ** 20);
  expect(text === line.repeat(3000)).toBe(true);
  expect(type).toBe('text/csv');
});

describe('copying', () => {
  const withClipboard = (clipboard: object | undefined) => vi.stubGlobal('navigator', { clipboard });
  const withCommand = (command: () => boolean) => Object.assign(document, { execCommand: command });

  it('asks the clipboard, where there is one', async () => {
    const writeText = vi.fn(() => Promise.resolve());
    withClipboard({ writeText });
    expect(await copyText('a,b')).toBe(true);
    expect(writeText.mock.calls).toEqual([['a,b']]);
  });

  it('selects it beside what was pressed where there is none, and leaves nothing behind', async () => {
    withClipboard(undefined);
    const dialog = document.body.appendChild(document.createElement('dialog'));
    const host = dialog.appendChild(document.createElement('div'));
    const button = host.attachShadow({ mode: 'open' }).appendChild(document.createElement('button'));
    button.focus();
    const copied = vi.fn(() => {
      const field = dialog.querySelector('textarea')!;
      expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe('a,b');
      return true;
    });
    withCommand(copied);
    expect(await copyText('a,b')).toBe(true);
    expect(copied).toHaveBeenCalledTimes(1);
    expect(document.querySelector('textarea')).toBeNull();
    expect(host.shadowRoot!.activeElement).toBe(button);
    dialog.remove();
  });

  it('says that it could not, where a browser allows neither', async () => {
    withClipboard({ writeText: () => Promise.reject(new Error('denied')) });
    withCommand(() => false);
    expect(await copyText('a,b')).toBe(false);
  });
});

it('writes what is short as it is', async () => {
  expect(await saved(() => saveCsv('short.csv', 'a,b\n'))).toMatchObject({ text: 'a,b\n', type: 'text/csv' });
});
