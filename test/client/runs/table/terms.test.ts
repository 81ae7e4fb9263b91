/** One thing has one name, wherever the page writes it; fields of the API keep theirs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Names that are not used, and what is. Numerics and the filter, which understands both, are no text of the page. */
const OTHERS: readonly { pattern: RegExp; used: string }[] = [
  { pattern: /head[ -]dims?\b/i, used: 'head size' },
  { pattern: /\btrain (\S+ )?on( …|<)/i, used: 'extend' },
];

function texts(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return texts(path);
    return /\.(ts|css|html)$/.test(entry.name) ? [path] : [];
  });
}

describe('the words of page, README and API', () => {
  const files = [...texts('client'), 'README.md', 'CHANGELOG.md', ...texts('server/api/http')];

  it.each(OTHERS)('say “$used” and nothing else for it', ({ pattern }) => {
    const found = files.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => pattern.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });

  it('explain “hd” wherever it heads a column', () => {
    const heads = files.filter((file) => /label: 'hd'|>hd<\/abbr>|<dt>hd/.test(readFileSync(file, 'utf8')));
    expect(heads.length).toBeGreaterThan(0);
    for (const file of heads) expect(readFileSync(file, 'utf8'), file).toContain('head size = dim / heads');
  });
});
