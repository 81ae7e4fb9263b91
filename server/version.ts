/** The package's own version, read from its package.json, so that it stands in one place. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Works from the sources, from `dist` and from an installed package: package.json is the next one upward. */
export function packageVersion(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
        string,
        string
      >;
      if (name === 'pentachoron' && version !== undefined) return version;
    } catch {
      // None here, or not one to read: look further up.
    }
    if (dirname(folder) === folder) return 'unknown';
  }
}
